"""The index of due work in the public schema: which organizations have a promise to keep, and when.

A writer inserts one row per promise in the transaction of the promise, and touches no other row, so that writers of one organization never
wait for each other. A worker reads the due rows of an organization first, then keeps what its outbox has due, then removes exactly the rows it
had read. A row and its promise become visible together; hence a promise made meanwhile has a row that is still there, and no wake-up is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min, Q

from core.kernel import clock
from core.kernel.models import OutboxMessage
from tenants import context
from tenants.models import DueWork, Organization

CHANNEL = "due_work"
MOST_ORGANIZATIONS = 200
IN_HAND = timedelta(seconds=2)  # until somebody looks again at what another worker is just keeping


@dataclass(frozen=True)
class Due:
    """One organization with due work, and the index rows that said so."""

    organization: Organization
    rows: Sequence[int]


def note(*, due_at: datetime, more: Sequence[datetime] = (), **_: Any) -> None:
    """Write into the index that the organization in force has work at `due_at`, and `more` later; wake the workers at commit if that is now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.tenants_duework (schema_name, due_at) SELECT %s, unnest(%s::timestamptz[])",
            [context.current().schema, [due_at, *more]],
        )
        if due_at <= clock.now():
            cursor.execute(f"NOTIFY {CHANNEL}")


def due_now() -> list[Due]:
    """Return the active organizations with something due, the longest waiting first."""
    with context.public_context(), connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT schema_name, array_agg(d.id) FROM tenants_duework d JOIN tenants_organization o USING (schema_name)
            WHERE d.due_at <= %s AND o.state = 'active' GROUP BY schema_name ORDER BY min(d.due_at) LIMIT %s
            """,
            [clock.now(), MOST_ORGANIZATIONS],
        )
        rows = dict(cursor.fetchall())
        found = Organization.objects.select_related("plan").in_bulk(list(rows), field_name="schema_name")
    return [Due(found[schema], rows[schema]) for schema in rows if schema in found]


def settle(due: Due, *, idle: bool = False) -> None:
    """Remove the rows that were read, after delivering, and see to it that a row stands for what is left.

    Because a worker may die with a lease in its hand, the row of a leased promise falls due when the lease has run out. `idle` says that
    nothing could be taken: what is due is in another worker's hand, and is looked at again in a moment rather than at once.
    """
    with context.public_context(), transaction.atomic():
        DueWork.objects.filter(pk__in=list(due.rows)).delete()
        repair(due.organization, not_before=clock.now() + IN_HAND if idle else None)


def repair(organization: Organization, *, not_before: datetime | None = None) -> None:
    """Give the organization a row for its next promise if no row says so: after a turn, a restored copy, a long suspension."""
    with context.organization_context(organization):
        next_at = _next_at()
        if next_at is None:
            return
        next_at = max(next_at, not_before or next_at)
        with context.public_context():
            noted = DueWork.objects.filter(schema_name=organization.schema_name, due_at__lte=next_at).exists()
        if not noted:
            note(due_at=next_at)


def sweep() -> int:
    """Repair the index of every active organization and forget schemas that are gone; returns how many were looked at."""
    with context.public_context():
        organizations = list(Organization.objects.filter(state=Organization.State.ACTIVE))
        DueWork.objects.exclude(schema_name__in=Organization.objects.values("schema_name")).delete()
    for organization in organizations:
        repair(organization)
    return len(organizations)


def _next_at() -> datetime | None:
    """When somebody should look at the outbox in force again: now, when the earliest lease ends, or when the next promise falls due."""
    now = clock.now()
    waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING)
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    moments = [
        waiting.filter(free).aggregate(at=Min("due_at"))["at"],
        waiting.exclude(free).aggregate(at=Min("leased_until"))["at"],
    ]
    known = [at for at in moments if at is not None]
    return max(min(known), now) if known else None
