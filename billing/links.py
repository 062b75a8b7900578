"""Signed addresses of pages without sign-in: good in this organization alone, for one purpose, the same at every attempt to mail them."""

from enum import StrEnum

from django.core import signing

from core.kernel.errors import NotFound
from tenants import context


class Purpose(StrEnum):
    """What a signed address is for. One for another purpose opens nothing."""

    CARD = "card"
    PAY = "pay"
    PREPAY = "prepay"


def token_for(purpose: Purpose, *about: str) -> str:
    return _signer(purpose).sign_object(list(about))


def open_token(purpose: Purpose, token: str) -> list[str]:
    """What the token was made of. NotFound for a forged one, and for another organization's."""
    try:
        return [str(part) for part in _signer(purpose).unsign_object(token)]
    except (signing.BadSignature, ValueError) as error:
        raise NotFound("no such link") from error


def _signer(purpose: Purpose) -> signing.Signer:
    return signing.Signer(salt=f"billing.{purpose}:{context.current().schema}")
