"""What a provider of text messages reports, noted in the log: at once, or as soon as the message is in it."""

from uuid import UUID

from django.db import transaction

from core.kernel import audit, clock
from core.kernel.models import OutboxMessage
from core.kernel.reasons import Reason
from core.notifications import text_gateway
from core.notifications.actions import stop_number
from core.notifications.messages import Channel
from core.notifications.models import Delivery
from core.notifications.reasons import DeliveryReason
from core.notifications.reports import note

STATES = {
    "delivered": Delivery.State.DELIVERED,
    "undelivered": Delivery.State.BOUNCED,
    "failed": Delivery.State.BOUNCED,
}


class StillSendingError(Exception):
    """Whoever hands the message over holds its promise until the log is written."""


@transaction.atomic
def note_report(promise: UUID, status: str, code: str) -> None:
    """Note what became of the message that kept this promise. StillSendingError while it is being handed over: nobody waits for that."""
    known = OutboxMessage.objects.filter(pk=promise)
    if known.exists() and not known.select_for_update(skip_locked=True):
        raise StillSendingError(promise)
    delivery = Delivery.objects.select_for_update().filter(promise_id=promise, channel=Channel.SMS).first()
    if delivery is None:
        return
    now, state, reason = clock.now(), STATES[status], text_gateway.reason_of(code)
    is_lost = state == Delivery.State.BOUNCED
    is_news = note(delivery, state, at=now, reason=Reason(reason) if is_lost else None, detail=code)
    if is_news and is_lost and reason == DeliveryReason.TEXT_STOPPED:  # an old report does not undo a START since
        stop_number(delivery.address, by=audit.SYSTEM, now=now)
