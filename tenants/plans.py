"""What an organization has bought, and what an operator decides beside it. Nothing is deleted when something is taken away.

A host and a sender of the organization's own go on for `OVERLAP`. Then its own hosts lead to the one that the platform has given it, and mail
leaves neutrally; both stay as they were set up, and are used again when they are allowed again.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from tenants import context, domains, entitlements, events
from tenants.audit_codes import PlanAudit, PlatformAudit
from tenants.domain_events import SUPPORT
from tenants.entitlements import LIMITS, OVERRIDABLE, OWN_HOST, WHITE_LABEL_ITEMS
from tenants.lifecycle import locked
from tenants.models import EntitlementOverride, Organization, Plan

OVERLAP = timedelta(days=30)
_LEAVING = (Organization.State.CLOSING, Organization.State.CLOSED)


def change_plan(organization_id: UUID, *, plan: str, by: str, now: datetime) -> Organization:
    """Give the organization another plan; its entitlements follow at once, its own host and sender after `OVERLAP`.

    Errors: `plan_unknown`, `plan_same`, `state_wrong`.
    """
    with context.public_context(), transaction.atomic():
        organization = _open(organization_id)
        found = Plan.objects.filter(code=plan).first()
        if found is None:
            raise DomainError("plan_unknown", f"There is no plan “{plan}”.", field="plan")
        before, had = organization.plan_id, entitlements.allowances(organization)
        if before == found.code:
            raise DomainError("plan_same", f"{organization.name} has the plan {found.name} already.", field="plan")
        organization.plan = found
        _forget(organization)
        organization.save(update_fields=["plan"])
        included = entitlements.effective(dict(found.entitlements.values_list("code", "limit")), [], now=now)
        organization.entitlement_overrides.filter(is_on=False, until=F("kept_until"), code__in=included).delete()
        lost = had.keys() - entitlements.allowances(organization).keys()
        for code in lost.intersection(WHITE_LABEL_ITEMS):
            values = {"is_on": False, "kept_until": now + OVERLAP, "until": now + OVERLAP, "set_by": by, "set_at": now}
            organization.entitlement_overrides.update_or_create(
                code=code, defaults={**values, "limit": None, "reason": "Part of the plan before."}
            )
        _forget(organization)
        changes = {"plan": [before, found.code]}
        events.record(PlatformAudit.PLAN_CHANGED, organization=organization, by=by, now=now, changes=changes)
        _tell(organization, PlanAudit.PLAN_CHANGED, changes)
    return organization


def set_entitlement(
    organization_id: UUID, *, code: str, is_on: bool, reason: str, by: str, now: datetime,
    limit: int | None = None, until: datetime | None = None, at_once: bool = False,
) -> EntitlementOverride:  # fmt: skip
    """Decide one entitlement beside the plan. Switched off, what is there goes on for `OVERLAP`, unless `at_once`.

    Errors: `reason_missing`, `entitlement_unknown`, `until_past`, `state_wrong`.
    """
    if code not in OVERRIDABLE:
        raise DomainError("entitlement_unknown", f"There is no entitlement “{code}”.", field="code")
    if not reason.strip():
        raise DomainError("reason_missing", "Say why; the reason is kept in the history.", field="reason")
    if until is not None and until <= now:
        raise DomainError("until_past", "This day is over. Choose a later one, or none.", field="until")
    with context.public_context(), transaction.atomic():
        organization = _open(organization_id)
        keeps = not is_on and not at_once and code in WHITE_LABEL_ITEMS
        values: dict[str, Any] = {
            "is_on": is_on, "limit": limit if is_on and code in LIMITS else None, "until": until,
            "kept_until": now + OVERLAP if keeps else None, "reason": reason.strip(), "set_by": by, "set_at": now,
        }  # fmt: skip
        override, _ = organization.entitlement_overrides.update_or_create(code=code, defaults=values)
        _note(organization, {code: [None, _told(override)]}, by=by, now=now, why=reason.strip())
    settle(organization, now=now)
    return override


def drop_entitlement(organization_id: UUID, *, code: str, by: str, now: datetime) -> None:
    """Let the plan alone decide again. Nothing happens where nobody has decided anything."""
    with context.public_context(), transaction.atomic():
        organization = _open(organization_id)
        override = organization.entitlement_overrides.filter(code=code).first()
        if override is None:
            return
        before = _told(override)
        override.delete()
        _note(organization, {code: [before, "as in the plan"]}, by=by, now=now)
    settle(organization, now=now)


def settle(organization: Organization, *, now: datetime) -> None:
    """Once hosts of its own are allowed no longer, let them lead to the one that the platform has given. Again changes nothing."""
    _forget(organization)
    if OWN_HOST in entitlements.allowances(organization, in_use=True):
        return
    known = domains.hosts_of(organization.pk)
    given = next((host for host in known if host.is_the_platforms and host.is_served and host.branch_id is None), None)
    if given is None:
        return
    author = audit.SYSTEM
    domains.make_primary(organization.pk, given.pk, by=author, now=now, overlap=timedelta())
    for host in known:
        leads = host.redirects_at is not None and host.redirects_at <= now
        if not host.is_the_platforms and host.is_served and not host.is_primary and not leads:
            domains.give_to_branch(organization.pk, host.pk, branch=None, by=author, now=now)
            domains.redirect_domain(organization.pk, host.pk, redirects=True, by=author, now=now)


def _open(organization_id: UUID) -> Organization:
    organization = locked(organization_id)
    if organization.state in _LEAVING:
        raise ConflictError("state_wrong", f"{organization.name} is {organization.get_state_display()}.")
    return organization


def _forget(organization: Organization) -> None:
    organization.known_allowances = organization.known_overrides = None


def _note(organization: Organization, changes: dict[str, Any], *, by: str, now: datetime, why: str = "") -> None:
    _forget(organization)
    code = PlatformAudit.ENTITLEMENT_CHANGED
    events.record(code, organization=organization, by=by, now=now, note=why, changes=changes)
    _tell(organization, PlanAudit.ENTITLEMENT_CHANGED, changes)


def _tell(organization: Organization, code: PlanAudit, changes: dict[str, Any]) -> None:
    """In the organization's own audit, where nobody reads which operator it was."""
    with context.organization_context(organization):
        audit.record(code, by=SUPPORT, changes=changes)


def _told(override: EntitlementOverride) -> str:
    how = ("on" if override.limit is None else f"up to {override.limit}") if override.is_on else "off"
    return f"{how} until {override.until:%Y-%m-%d}" if override.until else how
