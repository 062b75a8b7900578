"""Reading notices and the delivery log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.notifications.models import Delivery, Notice

MOST_MAILS = 20


def unread_count_of(user_id: Any) -> int:
    """How many notices the person has not read."""
    return Notice.objects.filter(user_id=user_id, read_at=None).count()


def notices_of(user_id: Any) -> QuerySet[Notice]:
    """The person's notices, newest first."""
    return Notice.objects.filter(user_id=user_id)


@dataclass(frozen=True, slots=True)
class Queue:
    """Mails that are due and have not been tried yet."""

    count: int
    oldest_at: datetime | None


def waiting_mails() -> Queue:
    """What stands in the queue now; later reminders do not."""
    names = [name for name in outbox.handler_names() if outbox.kind_of(name).is_mail]
    due = OutboxMessage.objects.filter(
        state=OutboxMessage.State.WAITING, name__in=names, attempts=0, due_at__lte=clock.now()
    )
    return Queue(**due.aggregate(count=Count("pk"), oldest_at=Min("due_at")))


def mails_to(address: str) -> list[Delivery]:
    """The latest mails to one address, whatever its capitals."""
    return list(Delivery.objects.filter(address__iexact=address)[:MOST_MAILS])
