"""Promises of the present organization that failed and are not made good: counted, found on their object, tried again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from core.kernel import outbox
from core.kernel.models import OutboxMessage

_FAILING = Q(state__in=[OutboxMessage.State.WAITING, OutboxMessage.State.DEAD]) & ~Q(error="")


@dataclass(frozen=True, slots=True)
class Summary:
    """How many are tried again by themselves, how many were given up, and of the last one: when, which promise, what kind of error."""

    retried: int = 0
    given_up: int = 0
    last_at: datetime | None = None
    name: str = ""
    error: str = ""


def failing() -> QuerySet[OutboxMessage]:
    """Every promise that failed the last time, and is neither kept nor dropped; the last to fail first."""
    return OutboxMessage.objects.filter(_FAILING).order_by("-failed_at")


def failing_about(subject: Any) -> QuerySet[OutboxMessage]:
    """Those about one object."""
    return failing().filter(about_kind=subject._meta.label_lower, about_id=str(subject.pk))


def summary() -> Summary:
    """The failing promises in numbers, without content."""
    dead = Q(state=OutboxMessage.State.DEAD)
    counted = failing().order_by().aggregate(all=Count("pk"), dead=Count("pk", filter=dead), at=Max("failed_at"))
    last = failing().only("name", "error").first()
    if last is None:
        return Summary()
    return Summary(counted["all"] - counted["dead"], counted["dead"], counted["at"], last.name, last.error)


def try_all_again() -> int:
    """Let every failing promise be due now; returns how many."""
    found = list(failing())
    for message in found:
        outbox.try_again(message)
    return len(found)
