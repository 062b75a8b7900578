"""Reasons that the product once wrote as sentences are codes since."""

from importlib import import_module

from django.db import connection

from core.kernel import clock
from core.kernel.models import AuditEvent
from tenants.context import as_database_owner


def test_older_assignments_say_why_in_every_language(cast):
    migration = import_module("core.people.migrations.0005_reason_of_first_assignments")
    rows = [
        AuditEvent(at=clock.now(), action=action, actor_kind="user", actor_label="Tess", reason=reason)
        for action, reason in [("client.assigned", "first appointment"), ("client.changed", "first appointment")]
    ]
    AuditEvent.objects.bulk_create(rows)

    with as_database_owner(), connection.cursor() as cursor:
        cursor.execute(migration.CODES)

    old, other = (AuditEvent.objects.get(pk=row.pk) for row in rows)
    assert (old.reason, old.reason_code) == ("", "assignment.first_appointment")
    assert old.reason_sentence == "By the first booking"
    assert (other.reason, other.reason_code) == ("first appointment", "")
