"""Reading notices, the delivery log, and the organization's words for messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from branding.models import Branch
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.notifications.messages import Channel, Message
from core.notifications.models import BranchMessageVersion, Delivery, MessageVersion, Notice, OwnWords

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
    return list(Delivery.objects.filter(channel=Channel.EMAIL, address__iexact=address)[:MOST_MAILS])


def versions_of(message: Message, language: str, branch: Branch | None = None) -> QuerySet[Any]:
    """Every version of one message in one language, the newest first: the organization's, or a branch's own."""
    return _versions(branch).filter(channel=message.channel, code=message.code, language=language)


def version_in_force(message: Message, language: str, branch: Branch | None = None) -> OwnWords | None:
    """The newest version; None where nobody has ever written one."""
    return versions_of(message, language, branch).first()


def versions_in_force(branch: Branch | None = None) -> dict[tuple[str, str, str], OwnWords]:
    """The newest version of every message and language that has one, by channel, code and language."""
    newest = _versions(branch).distinct("channel", "code", "language")
    return {(each.channel, each.code, each.language): each for each in newest}


def _versions(branch: Branch | None) -> QuerySet[Any]:
    if branch is None:
        return MessageVersion.objects.all()
    return BranchMessageVersion.objects.filter(branch=branch)
