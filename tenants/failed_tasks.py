"""Failing background work, for operators: which task or nightly job of which organization fails, how often in a row, and how to run it again.

Noted in the public schema where a worker sees a task fail, and forgotten when the same work succeeds. Names, numbers and the kind of the
error only: what the work was about is the organization's own.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F

from core.kernel import clock
from core.kernel.errors import NotFound
from tenants import context, events, outages
from tenants.audit_codes import PlatformAudit
from tenants.models import FailedTask, Organization

logger = logging.getLogger(__name__)
HEADER = "organization"


def note(task: str, error: BaseException, *, schema: str = "", job: str = "", arguments: Sequence[Any] = ()) -> None:
    """Count one failure. `job`: which part of the task, where it has several. An outage of the database can only be logged."""
    try:
        with context.public_context(), transaction.atomic():
            FailedTask.objects.get_or_create(
                schema_name=schema, task=task, job=job, arguments=list(arguments), defaults={"last_at": clock.now()}
            )
            FailedTask.objects.filter(schema_name=schema, task=task, job=job, arguments=list(arguments)).update(
                count=F("count") + 1, last_at=clock.now(), error=type(error).__name__[:80]
            )
    except outages.DATABASE_ERRORS:
        logger.exception("the failure of %s %s could not be noted", task, job)


def forget(task: str, *, schema: str = "", job: str = "", arguments: Sequence[Any] = ()) -> None:
    """The same work has succeeded."""
    with context.public_context():
        FailedTask.objects.filter(schema_name=schema, task=task, job=job, arguments=list(arguments)).delete()


def all_failing() -> list[tuple[FailedTask, Organization | None]]:
    """Everything that fails, the last failure first; of the platform itself without an organization. Of schemas that are gone, nothing."""
    with context.public_context():
        rows = list(FailedTask.objects.order_by("-last_at", "pk"))
        found = Organization.objects.in_bulk({row.schema_name for row in rows} - {""}, field_name="schema_name")
    return [(row, found.get(row.schema_name)) for row in rows if not row.schema_name or row.schema_name in found]


def get(pk: int) -> FailedTask:
    """One of them. NotFound when it has succeeded meanwhile, or never was."""
    with context.public_context():
        row = FailedTask.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def run_again(pk: int, *, by: str, now: datetime) -> None:
    """Publish the task once more, for the same organization; the row stays until it has succeeded. NotFound as `get`."""
    row = get(pk)
    headers = {HEADER: row.schema_name} if row.schema_name else {}
    with context.public_context():
        organization = Organization.objects.filter(schema_name=row.schema_name).first()
        changes = {"task": [None, row.name]}
        events.record(PlatformAudit.TASK_RUN_AGAIN, organization=organization, by=by, now=now, changes=changes)
    current_app.tasks[row.task].apply_async(args=row.arguments, headers=headers)


def health() -> tuple[str, str] | None:
    """Tone and sentence when something fails; None when nothing does."""
    failing = len(all_failing())
    if not failing:
        return None
    if failing == 1:
        return "danger", "One task or nightly job fails: what it does is not done until it is run again with success."
    return (
        "danger",
        f"{failing} tasks or nightly jobs fail: what they do is not done until they are run again with success.",
    )
