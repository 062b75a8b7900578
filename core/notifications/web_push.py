"""One message to one device by the push service that its browser named (RFC 8030): encrypted for the device alone (RFC 8291), signed (RFC 8292).

A push service is somebody else's server whose address a browser has sent us: only those that are known are spoken to (`PUSH_SERVICES`), by https,
at an address of the internet, and without following where they lead (`core.kernel.outside`).
"""

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from py_vapid import Vapid02

from branding.queries import current_brand
from core.kernel import outside
from core.kernel.encryption import InvalidToken
from core.kernel.errors import DomainError, GatewayError
from core.kernel.mail_addresses import mailto
from core.kernel.translation import translate
from core.notifications import push_keys
from core.notifications.models import PushSubscription
from tenants.absolute_urls import primary_host

MOST_BYTES = 3000  # of the text; services take 4096 with everything around it


class Answer(StrEnum):
    """What became of it."""

    TAKEN = "taken"
    GONE = "gone"  # the subscription has ended (RFC 8030, 7.3)
    REFUSED = "refused"  # whatever else is wrong may be ours, so that the device is kept


@dataclass(frozen=True, slots=True)
class Caught:
    """A message that did not leave: what the device would have read, and the contact that the push service would have."""

    text: bytes
    contact: str


_caught: ContextVar[list[Caught] | None] = ContextVar("push messages that are caught, not sent", default=None)


@contextmanager
def caught() -> Iterator[list[Caught]]:
    """No push message leaves from here meanwhile; what would have left is in the list."""
    pushes: list[Caught] = []
    token = _caught.set(pushes)
    try:
        yield pushes
    finally:
        _caught.reset(token)


class PushTrouble(GatewayError):
    """The push service could not be reached, or asks for patience."""

    def __init__(self, what: str) -> None:
        super().__init__(what, permanent=False, code="push.service_away")


def check_subscription(endpoint: str, *, p256dh: str, auth: str) -> None:
    """DomainError for an address that no known push service has, and for keys that are none."""
    if not is_known_service(endpoint):
        raise DomainError(
            "unknown_push_service",
            translate("This browser takes notices from an address that is not known here. Another browser may work."),
        )
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh))
        fits = len(_bytes(auth)) == 16
    except (ValueError, Base64Error):
        fits = False
    if not fits:
        raise DomainError("push_keys", translate("The browser sent keys that cannot be used. Switch it on again."))


def is_known_service(endpoint: str) -> bool:
    """Whether it is an address of one of `PUSH_SERVICES`: a host, everything below a host (`.example.com`), or a whole origin for trials."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username or parts.password or len(endpoint) > 1000:
        return False
    return _is_for_trials(endpoint) or (
        parts.scheme == "https"
        and port in (None, 443)
        and any(_covers(known, host) for known in settings.PUSH_SERVICES)
    )


def _is_for_trials(endpoint: str) -> bool:
    """Whether its whole origin is named, which may then be on this machine."""
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}" in settings.PUSH_SERVICES


def _covers(known: str, host: str) -> bool:
    return host.endswith(known) if known.startswith(".") else host == known


def send(subscription: PushSubscription, text: bytes, *, is_urgent: bool, seconds: int) -> Answer:
    """Hand it over. The service waits so many `seconds` for a device that is off. PushTrouble when it cannot be reached or says “not now”."""
    contact = mailto(current_brand().reply_to) or f"https://{primary_host()}"
    if (pushes := _caught.get()) is not None:
        pushes.append(Caught(text, contact))
        return Answer.TAKEN
    if not is_known_service(subscription.endpoint):
        return Answer.REFUSED
    body = http_ece.encrypt(
        text[:MOST_BYTES],
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_bytes(subscription.p256dh),
        auth_secret=_bytes(subscription.auth),
        version="aes128gcm",
    )
    headers = {
        **_signed(subscription.endpoint, contact),
        "TTL": str(seconds),
        "Urgency": "high" if is_urgent else "normal",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
    }
    request = outside.Request(
        subscription.endpoint,
        method="POST",
        body=body,
        headers=headers,
        allows_private=_is_for_trials(subscription.endpoint),
        follows=False,
    )
    try:
        return _meaning(outside.fetch(request).status)
    except outside.Unreachable as error:
        raise PushTrouble(error.trouble.value) from error


def _meaning(status: int) -> Answer:
    if 200 <= status < 300:
        return Answer.TAKEN
    if status in (404, 410):
        return Answer.GONE
    if status == 429 or status >= 500:
        raise PushTrouble(str(status))
    return Answer.REFUSED


def _signed(endpoint: str, contact: str) -> dict[str, str]:
    """Whoever runs the push service reads in it how to reach the organization, and nobody else."""
    try:
        vapid = Vapid02(
            push_keys.private_key(), conf={"no-strict": True}
        )  # because strictly, no contact may have a port
    except InvalidToken as error:
        raise PushTrouble("the key is lost") from error
    parts = urlsplit(endpoint)
    signed: dict[str, str] = vapid.sign({"sub": contact, "aud": f"{parts.scheme}://{parts.netloc}"})
    return signed


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
