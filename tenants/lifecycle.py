"""The life of an organization after its birth: active -> suspended -> active, and active or suspended -> closing -> closed.

Whoever is not active answers with a neutral page, its sockets close within seconds, and its jobs and promises wait. Nothing is deleted here:
a closed organization keeps its schema until its retention has run out.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.kernel.errors import ConflictError, DomainError, NotFound
from tenants import context, due_work, events
from tenants.audit_codes import PlatformAudit
from tenants.models import Organization

State = Organization.State


@dataclass(frozen=True)
class _Step:
    """One permitted move: from which states, to which, what the history calls it, and what a refused person reads."""

    origins: frozenset[str]
    target: str
    code: PlatformAudit
    verb: str


_SUSPEND = _Step(frozenset({State.ACTIVE}), State.SUSPENDED, PlatformAudit.ORGANIZATION_SUSPENDED, "suspended")
_RESUME = _Step(
    frozenset({State.SUSPENDED, State.CLOSING}), State.ACTIVE, PlatformAudit.ORGANIZATION_RESUMED, "resumed"
)
_BEGIN_CLOSING = _Step(
    frozenset({State.ACTIVE, State.SUSPENDED}),
    State.CLOSING,
    PlatformAudit.ORGANIZATION_CLOSING,
    "prepared for closing",
)
_CLOSE = _Step(frozenset({State.CLOSING}), State.CLOSED, PlatformAudit.ORGANIZATION_CLOSED, "closed")


def suspend_organization(organization_id: UUID, *, reason: str, by: str, now: datetime) -> Organization:
    """Take an active organization off the air. Errors: `reason_missing`, `state_wrong`."""
    return _move(organization_id, _SUSPEND, reason=_given(reason), by=by, now=now)


def resume_organization(organization_id: UUID, *, by: str, now: datetime, reason: str = "") -> Organization:
    """Put a suspended or closing organization back on the air; what was promised meanwhile is delivered now. Error: `state_wrong`."""
    organization = _move(organization_id, _RESUME, reason=reason.strip(), by=by, now=now)
    transaction.on_commit(lambda: due_work.repair(organization))
    return organization


def begin_closing(organization_id: UUID, *, reason: str, by: str, now: datetime) -> Organization:
    """Take the organization off the air for good, with the way back still open. Errors: `reason_missing`, `state_wrong`."""
    return _move(organization_id, _BEGIN_CLOSING, reason=_given(reason), by=by, now=now)


def close_organization(organization_id: UUID, *, reason: str, by: str, now: datetime) -> Organization:
    """End a closing organization: its hosts are unknown from now on. Errors: `reason_missing`, `state_wrong`."""
    return _move(organization_id, _CLOSE, reason=_given(reason), by=by, now=now)


def locked(organization_id: UUID) -> Organization:
    """Fetch the organization for change, inside the caller's transaction; NotFound when there is none."""
    organization = Organization.objects.select_for_update().filter(pk=organization_id).first()
    if organization is None:
        raise NotFound
    return organization


def _move(organization_id: UUID, step: _Step, *, reason: str, by: str, now: datetime) -> Organization:
    with context.public_context(), transaction.atomic():
        organization = locked(organization_id)
        if organization.state not in step.origins:
            present = organization.get_state_display()
            raise ConflictError("state_wrong", f"{organization.name} is {present}; it cannot be {step.verb}.")
        changes = {"state": [organization.state, step.target]}
        organization.state = step.target
        organization.save(update_fields=["state"])
        events.record(step.code, organization=organization, by=by, now=now, note=reason, changes=changes)
    return organization


def _given(reason: str) -> str:
    if not reason.strip():
        raise DomainError("reason_missing", "Say why; the reason is kept in the history.", field="reason")
    return reason.strip()
