"""Reports that there are."""

from django.db.models import QuerySet

from core.leak_walk.models import LeakReport

KEPT = 30  # reports of an organization


def reports() -> QuerySet[LeakReport]:
    """The newest first."""
    return LeakReport.objects.all()


def latest_report() -> LeakReport | None:
    """The newest that has ended."""
    return LeakReport.objects.exclude(state=LeakReport.State.ASKED).first()


def is_under_way() -> bool:
    """Whether one was asked for and has not ended."""
    return LeakReport.objects.filter(state=LeakReport.State.ASKED).exists()
