"""The history of an organization as operators and the platform see it: one append-only row per act."""

from datetime import datetime
from typing import Any

from tenants import context
from tenants.audit_codes import PlatformAudit
from tenants.models import Organization, OrganizationEvent


def record(
    code: PlatformAudit,
    *,
    organization: Organization | None,
    by: str,
    now: datetime,
    note: str = "",
    changes: dict[str, Any] | None = None,
) -> OrganizationEvent:
    """Append one event. `by` names the operator or program; no personal data of tenants' people."""
    with context.public_context():
        return OrganizationEvent.objects.create(
            organization=organization, at=now, action=code.value, actor=by, note=note, changes=changes or {}
        )
