"""How a provider's report finds its mail: by facts of ours that travel with it, signed, and by nothing else in the report."""

from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

from core.kernel.models import OutboxMessage
from tenants import context


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


def _signature(organization: str, promise: str) -> str:
    return salted_hmac("core.notifications.tracking", f"{organization}:{promise}", algorithm="sha256").hexdigest()
