"""Work outside requests: the index of due work, the loop that delivers outboxes, and Celery tasks that carry their organization."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from core.kernel import clock, outbox
from tenants import context
from tenants.models import DueWork, Organization

CHANNEL = "due_work"


def note_due_work(*, due_at: datetime, **_: Any) -> None:
    """Write into the public index that the organization in force has work at `due_at`, in the same transaction; wake the workers."""
    schema = context.current().schema
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO public.tenants_duework (schema_name, due_at) VALUES (%s, %s)
            ON CONFLICT (schema_name) DO UPDATE SET due_at = least(tenants_duework.due_at, excluded.due_at)
            """,
            [schema, due_at],
        )
        if due_at <= clock.now():
            cursor.execute(f"NOTIFY {CHANNEL}")


def organizations_with_due_work() -> list[Organization]:
    """Return the active organizations whose outbox has something due, the longest waiting first."""
    with context.public_context():
        due = DueWork.objects.filter(due_at__lte=clock.now()).order_by("due_at").values_list("schema_name", flat=True)
        schemas = list(due[:200])
        found = Organization.objects.filter(schema_name__in=schemas, state=Organization.State.ACTIVE).in_bulk(
            field_name="schema_name"
        )
    return [found[schema] for schema in schemas if schema in found]


def deliver_for(organization: Organization) -> int:
    """Deliver what is due for one organization and put its next due time into the index; returns how many were tried."""
    with context.organization_context(organization):
        tried = outbox.deliver_due()
        _renew_index(organization.schema_name)
    return tried


def deliver_all() -> int:
    """One round over every organization with due work; returns how many promises were tried."""
    return sum(deliver_for(organization) for organization in organizations_with_due_work())


def _renew_index(schema: str) -> None:
    """Set the index to the outbox's next due time; locked first, so that a promise made meanwhile is not overwritten."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM public.tenants_duework WHERE schema_name = %s FOR UPDATE", [schema])
        next_due_at = outbox.next_due_at()
        if next_due_at is None:
            cursor.execute("DELETE FROM public.tenants_duework WHERE schema_name = %s", [schema])
        else:
            cursor.execute(
                "UPDATE public.tenants_duework SET due_at = %s WHERE schema_name = %s", [next_due_at, schema]
            )
