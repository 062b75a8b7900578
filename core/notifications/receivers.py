"""What follows when the promise of a mail fails or is dropped: the delivery log has the reason. Who is told is for the app of people to say."""

from typing import Any

from django.dispatch import receiver

from branding.senders.actions import note_server_failure
from core.kernel import audit, clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.reasons import Reason
from core.kernel.signals import promise_failed, promise_void
from core.notifications import deliveries
from core.notifications.actions import stop_number
from core.notifications.deliveries import Letter, attempt_of
from core.notifications.failures import MailError, reason_of
from core.notifications.models import Delivery
from core.notifications.reasons import DeliveryReason
from core.notifications.signals import failure_noted


@receiver(promise_failed, dispatch_uid="log_failed_promise")
def log_failed_promise(message: OutboxMessage, error: Exception, is_final: bool, **_: Any) -> None:
    """Note the failure of a mail with its reason, then say so. Promises that are no mail have no row here."""
    if isinstance(error, MailError) and error.reason.code == DeliveryReason.SERVER_AWAY and error.__cause__ is not None:
        note_server_failure(error.__cause__, now=clock.now())
    delivery = _log(message, error, is_final=is_final)
    if delivery is not None and delivery.reason_code == DeliveryReason.TEXT_STOPPED:
        stop_number(delivery.address, by=audit.SYSTEM, now=clock.now())
    failure_noted.send(OutboxMessage, message=message, error=error, is_final=is_final, delivery=delivery)


@receiver(promise_void, dispatch_uid="log_void_promise")
def log_void_promise(message: OutboxMessage, **_: Any) -> None:
    """A mail that had failed and is not wanted any more is no failure; one that somebody asked for again says why it did not leave."""
    reason = Reason(DeliveryReason.OBSOLETE)
    deliveries.withdraw(message, reason)
    first = Delivery.objects.filter(promise_id=message.payload.get("repeats")).first()
    if first is not None and not Delivery.objects.filter(promise_id=message.pk).exists():
        deliveries.log(
            message,
            deliveries.letter_of(first),
            message_id=deliveries.message_id_of(message),
            subject=first.subject,
            state=Delivery.State.VOID,
            reason=reason,
        )


def _log(message: OutboxMessage, error: Exception, *, is_final: bool) -> Delivery | None:
    attempt = attempt_of(message)
    known = Delivery.objects.filter(promise_id=message.pk).first()
    if attempt is not None:
        letter, message_id, subject = attempt.letter, attempt.message_id, attempt.subject
    elif known is not None:
        letter, message_id, subject = deliveries.letter_of(known), known.message_id, known.subject
    elif outbox.kind_of(message.name).is_mail:
        letter = Letter(message.name, "", "", message.about_kind, message.about_id)
        message_id, subject = deliveries.message_id_of(message), ""
    else:
        return None
    return deliveries.log(
        message,
        letter,
        message_id=message_id,
        subject=subject,
        state=Delivery.State.FAILED if is_final else Delivery.State.TRYING,
        reason=reason_of(error),
        detail=error.detail if isinstance(error, MailError) else "",
    )
