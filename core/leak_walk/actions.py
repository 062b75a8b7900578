"""Ask for a walk, and make one."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit, clock, outbox
from core.kernel.errors import ConflictError
from core.kernel.translation import translate
from core.leak_walk import queries, walks
from core.leak_walk.audit_codes import LeakWalkAudit
from core.leak_walk.models import LeakReport
from core.leak_walk.outbox_names import WALK


@transaction.atomic
def ask_for_walk(*, by: Any, now: datetime) -> LeakReport:
    """A walk begins soon, on a worker. ConflictError while one is under way."""
    if queries.is_under_way():
        raise ConflictError("walk_under_way", translate("A leak report is being made already."))
    report = LeakReport.objects.create(asked_at=now, asked_by=str(by))
    audit.record(LeakWalkAudit.LEAK_WALK_ASKED, by=by, subject=report)
    outbox.enqueue(WALK, by=by, about=report, report=str(report.pk))
    return report


def walk_now(*, now: datetime) -> LeakReport:
    """Walk at once, and keep the report: for the night, and for the command."""
    return make_report(LeakReport.objects.create(asked_at=now), now=now)


def make_report(report: LeakReport, *, now: datetime) -> LeakReport:
    """Walk for this report, which says so when the walk itself breaks down; the oldest reports go."""
    try:
        walked = walks.walk(now=now)
    except Exception:  # because whatever broke the walk, its report has to say so; it is raised again
        LeakReport.objects.filter(pk=report.pk).update(state=LeakReport.State.FAILED, finished_at=clock.now())
        raise
    report.state, report.finished_at = LeakReport.State.DONE, clock.now()
    report.host, report.languages, report.looked_at = walked.host, walked.languages, walked.looked_at
    report.rows = walks.as_rows(walked.rows)
    report.save()
    kept = queries.reports().values_list("pk", flat=True)[: queries.KEPT]
    LeakReport.objects.exclude(pk__in=list(kept)).delete()
    return report
