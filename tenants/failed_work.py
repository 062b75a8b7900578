"""Failing promises, for operators: numbers in the public schema, counted by the workers, and the way to have all tried again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Sum

from core.kernel import failures
from core.kernel.errors import NotFound
from tenants import context, events
from tenants.audit_codes import PlatformAudit
from tenants.models import DueWork, FailedWork, Organization

LATE_SECONDS = 60.0  # from then on a promise that is due and not taken is no momentary queue


def measure(organization: Organization) -> FailedWork | None:
    """Count what fails in the organization and note it in the public schema; None where nothing does."""
    with context.organization_context(organization):
        found = failures.summary()
    row = FailedWork(organization.schema_name, found.retried, found.given_up, found.last_at, found.name, found.error)
    with context.public_context():
        known = FailedWork.objects.filter(schema_name=organization.schema_name).first()
        if not row.count:
            if known is not None:
                known.delete()
            return None
        if known is None or (known.last_at, known.retried, known.given_up) != (row.last_at, row.retried, row.given_up):
            FailedWork.objects.bulk_create(
                [row],
                update_conflicts=True,
                unique_fields=["schema_name"],
                update_fields=["retried", "given_up", "last_at", "promise", "error"],
            )
    return row


def sweep() -> None:
    """Count anew in every active organization, and forget schemas that are gone: after a migration, a restored copy."""
    with context.public_context():
        organizations = list(Organization.objects.filter(state=Organization.State.ACTIVE))
        FailedWork.objects.exclude(schema_name__in=Organization.objects.values("schema_name")).delete()
    for organization in organizations:
        measure(organization)


def try_again(organization_id: UUID, *, by: str, now: datetime) -> int:
    """Let every failing promise of the organization be due now; returns how many. Each looks again at whether it is still wanted."""
    with context.public_context():
        organization = Organization.objects.select_related("plan").filter(pk=organization_id).first()
    if organization is None:
        raise NotFound
    with context.organization_context(organization), transaction.atomic():
        tried = failures.try_all_again()
    changes = {"promises": [None, tried]}
    with context.public_context():
        events.record(PlatformAudit.PROMISES_TRIED_AGAIN, organization=organization, by=by, now=now, changes=changes)
    return tried


def of(organization: Organization) -> FailedWork | None:
    """What was counted last."""
    with context.public_context():
        return FailedWork.objects.filter(schema_name=organization.schema_name).first()


def by_organization() -> list[tuple[Organization, FailedWork]]:
    """Every organization in which something fails, the last failure first."""
    with context.public_context():
        rows = {row.schema_name: row for row in FailedWork.objects.order_by("-last_at")}
        found = Organization.objects.in_bulk(list(rows), field_name="schema_name")
    return [(found[schema], row) for schema, row in rows.items() if schema in found]


def health(*, now: datetime, alive: int) -> tuple[str, str]:
    """Tone and sentence: whether what was promised is kept. `alive`: how many workers have been heard of in the last minute."""
    with context.public_context():
        open_for_work = Organization.objects.filter(state=Organization.State.ACTIVE).values("schema_name")
        oldest = DueWork.objects.filter(schema_name__in=open_for_work).aggregate(at=Min("due_at"))["at"]
        counted = FailedWork.objects.aggregate(retried=Sum("retried"), given_up=Sum("given_up"))
        organizations = FailedWork.objects.count()
    retried, given_up = counted["retried"] or 0, counted["given_up"] or 0
    late = (now - oldest).total_seconds() if oldest else 0.0
    if not alive:
        return "danger", "No worker is at work: nothing is delivered."
    if late > LATE_SECONDS:
        return "danger", f"Workers are at work, but the oldest promise has waited for {late / 60:.0f} minutes."
    if given_up or retried:
        where = "one organization" if organizations == 1 else f"{organizations} organizations"
        return (
            "danger" if given_up else "warning",
            f"Workers are at work, but not every promise is kept: in {where}, {retried} failed and will be tried again, {given_up} were given up.",
        )
    return "success", "Everything that is due is delivered, and nothing has failed."
