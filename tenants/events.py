"""The history of an organization as operators and the platform see it: one append-only row per act."""

from datetime import datetime
from typing import Any

from tenants import context
from tenants.models import Organization, OrganizationEvent


def record(
    action: str,
    *,
    organization: Organization | None,
    by: str,
    now: datetime,
    note: str = "",
    changes: dict[str, Any] | None = None,
) -> OrganizationEvent:
    """Append one event. `action` is `<noun>.<past participle>`; `by` names the operator or program; no personal data of tenants' people."""
    with context.public_context():
        return OrganizationEvent.objects.create(
            organization=organization, at=now, action=action, actor=by, note=note, changes=changes or {}
        )
