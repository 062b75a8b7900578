"""The signed address by which one login takes an offered time, or lets it go, without signing in. It does so once: the offer has one answer."""

from django.core import signing

from core.kernel.errors import NotFound
from core.people.models import User
from core.waiting_list.models import WaitingOffer
from core.waiting_list.permissions import can_answer, offers_with_all
from tenants import context


def token_for(offer: WaitingOffer, user: User) -> str:
    """Good in this organization alone. The same at every attempt, because a text message is known again by its words."""
    return signing.Signer(salt=_salt()).sign_object([str(offer.pk), str(user.pk)])


def open_offer(token: str) -> tuple[WaitingOffer, User]:
    """What it opens, and for whom. NotFound for a forged one, and for whoever does not act for the client any more."""
    try:
        offer_id, user_id = _opened(token)
    except (signing.BadSignature, ValueError) as error:
        raise NotFound("no such link") from error
    offer, user = offers_with_all().filter(pk=offer_id).first(), User.objects.filter(pk=user_id).first()
    if offer is None or user is None or not can_answer(user, offer):
        raise NotFound("it is no longer their business")
    return offer, user


def _opened(token: str) -> list[str]:
    try:
        return list(signing.Signer(salt=_salt()).unsign_object(token))
    except (signing.BadSignature, ValueError):  # a token with a time has a good signature, too, and no object before it
        return list(signing.loads(token, salt=_salt()))  # in mails that left before


def _salt() -> str:
    return f"core.waiting_list.offer:{context.current().schema}"
