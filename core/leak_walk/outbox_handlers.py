"""What the outbox does for leak reports: has one made, and looks again whether it was."""

from datetime import timedelta

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.leak_walk.models import LeakReport
from core.leak_walk.outbox_names import WALK
from core.leak_walk.tasks import make_leak_report

MADE_WITHIN = timedelta(minutes=20)
PAGE = "/settings/leaks/"


def _page(message: OutboxMessage) -> str:
    return PAGE


@outbox.handler(WALK, label=gettext_noop("Leak report"), page=_page)
def walk(message: OutboxMessage) -> None:
    """Start it; a worker that was lost is noticed after a while, and another one starts anew."""
    report = LeakReport.objects.filter(pk=message.payload["report"], state=LeakReport.State.ASKED).first()
    if report is None:
        raise outbox.Obsolete("the report is there")
    if clock.now() - report.asked_at > 3 * MADE_WITHIN:
        LeakReport.objects.filter(pk=report.pk).update(state=LeakReport.State.FAILED, finished_at=clock.now())
        return
    outbox.enqueue(WALK, due_at=clock.now() + MADE_WITHIN, about=report, report=str(report.pk))
    make_leak_report.delay(str(report.pk))
