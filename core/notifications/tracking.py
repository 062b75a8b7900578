"""How a provider's report finds its mail: by facts of ours that travel with it, signed, and by nothing else in the report."""

import re
from base64 import b32decode, b32encode
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

from core.kernel.models import OutboxMessage
from tenants import context

_RETURN = re.compile(r"r(?P<ids>[a-z2-7]{52})(?P<signature>[0-9a-f]{10})")


def facts_for(message: OutboxMessage) -> dict[str, str]:
    """What travels with the mail: organization, promise, and our signature under both (Postmark takes 80 characters a value)."""
    organization, promise = context.current_organization().pk.hex, message.pk.hex
    return {"organization": organization, "promise": promise, "signature": _signature(organization, promise)}


def read(facts: object) -> tuple[UUID, UUID] | None:
    """Ids of organization and promise, if we signed them; None for anything else."""
    if not isinstance(facts, dict):
        return None
    organization, promise, signature = (str(facts.get(name, "")) for name in ("organization", "promise", "signature"))
    if not constant_time_compare(signature, _signature(organization, promise)):
        return None
    return UUID(organization), UUID(promise)


def return_address(message: OutboxMessage, host: str) -> str:
    """Where what cannot be delivered returns to: it names organization and promise, signed, in the 64 characters that are allowed before the @."""
    ids = context.current_organization().pk.bytes + message.pk.bytes
    return f"r{b32encode(ids).decode().rstrip('=').lower()}{_short_signature(ids)}@{host}"


def read_return_address(address: str) -> tuple[UUID, UUID] | None:
    """Ids of organization and promise, if we made the address; None for any other."""
    found = _RETURN.fullmatch(address.strip().strip("<>").partition("@")[0].lower())
    if found is None:
        return None
    ids = b32decode(found["ids"].upper() + "====")
    if not constant_time_compare(found["signature"], _short_signature(ids)):
        return None
    return UUID(bytes=ids[:16]), UUID(bytes=ids[16:])


def _short_signature(ids: bytes) -> str:
    return salted_hmac("core.notifications.tracking.return", ids, algorithm="sha256").hexdigest()[:10]


def _signature(organization: str, promise: str) -> str:
    return salted_hmac("core.notifications.tracking", f"{organization}:{promise}", algorithm="sha256").hexdigest()
