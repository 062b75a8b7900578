"""Celery's work for leak reports."""

from uuid import UUID

from celery import shared_task

from core.kernel import clock
from core.leak_walk import actions
from core.leak_walk.models import LeakReport
from tenants.tasks import OrganizationTask


@shared_task(base=OrganizationTask)
def make_leak_report(report_id: str) -> str:
    """Walk. May run twice: the second one finds nothing to do."""
    report = LeakReport.objects.filter(pk=UUID(report_id), state=LeakReport.State.ASKED).first()
    return actions.make_report(report, now=clock.now()).state if report else ""
