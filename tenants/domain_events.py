"""What happened to a host, noted twice in one transaction: in the platform's history, and in the organization's own audit.

Neither learns the other's people: operators read *administrator* for a person of the organization, and its administrators read *Support*.
"""

from datetime import datetime
from typing import Any

from core.kernel import audit
from tenants import context, events
from tenants.audit_codes import DomainAudit, PlatformAudit
from tenants.models import Domain

Author = str | audit.Actor
SUPPORT = audit.System("Support")


def note(
    domain: Domain,
    code: PlatformAudit,
    own_code: DomainAudit,
    *,
    by: Author,
    now: datetime,
    changes: dict[str, Any],
    why: str = "",
) -> None:
    """Append one event to each. `why` is an operator's, and stays with operators."""
    events.record(
        code,
        organization=domain.tenant,
        by=_for_operators(by),
        now=now,
        note=why,
        changes={"host": [None, domain.domain]} | changes,
    )
    with context.organization_context(domain.tenant):
        audit.record(own_code, by=SUPPORT if isinstance(by, str) else by, subject=domain, changes=changes)


def _for_operators(by: Author) -> str:
    if isinstance(by, str):
        return by
    return str(by) if by.pk is None else "administrator"
