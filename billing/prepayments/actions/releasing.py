"""A place whose prepayment did not come in time is let go, with a word to both."""

from datetime import datetime, timedelta

from django.db import transaction

from billing.actions import payments
from billing.models import Payment
from billing.prepayments import notifications
from billing.prepayments.actions.asking import close, promise_release
from billing.prepayments.audit_codes import PrepaymentsAudit
from billing.prepayments.models import Prepayment
from billing.prepayments.queries import live_payments
from billing.rules.payment_progress import PaymentState
from branding.queries import current_brand
from core.kernel import audit
from core.kernel.translation import translate
from core.notifications.languages import in_language
from core.scheduling.actions import calendar_locks
from core.scheduling.actions.cancellation import cancel_appointment
from core.scheduling.models import Appointment

LOOK_AGAIN = timedelta(hours=1)  # while a bank has the money on its way


def release_unpaid(*, prepayment: Prepayment, now: datetime) -> bool:
    """Let the place go if the time is up and nothing came; whether it was. What its payer has begun ends first, at the processor.

    While a bank is at work it waits. Error: GatewayError when the processor cannot be asked.
    """
    prepayment.refresh_from_db()
    if prepayment.state != Prepayment.State.ASKED or now < prepayment.due_at:
        return False
    for payment in live_payments(prepayment):
        if _ended(payment, now).is_live:
            promise_release(prepayment, now + LOOK_AGAIN)
            return False
    return _let_go(prepayment, now)


def _ended(payment: Payment, now: datetime) -> Payment:
    payment = payments.refresh_payment(payment=payment, now=now)
    if payment.is_live and payment.state != PaymentState.PROCESSING:
        payment = payments.cancel_payment(payment=payment, now=now)
    return payment


def _let_go(prepayment: Prepayment, now: datetime) -> bool:
    with calendar_locks.calendar_transaction():
        # The appointment first, as whoever completes or cancels it does.
        appointment = calendar_locks.lock_appointment(prepayment.appointment_id)
        locked = (
            Prepayment.objects.select_for_update(of=("self",)).select_related("client", "payer").get(pk=prepayment.pk)
        )
        if locked.state != Prepayment.State.ASKED or now < locked.due_at or live_payments(locked).exists():
            return False
        close(locked, Prepayment.State.RELEASED, now=now)
        audit.record(PrepaymentsAudit.PREPAYMENT_RELEASED, by=audit.SYSTEM, subject=locked)
        if appointment.is_booked and appointment.starts_at > now:
            _cancel(appointment, locked, now)
        notifications.prepayment_released(locked)
    return True


@transaction.atomic
def _cancel(appointment: Appointment, locked: Prepayment, now: datetime) -> None:
    place = next((each for each in appointment.attending if each.client_id == locked.client_id), None)
    if place is None:
        return
    with in_language(current_brand().language):
        why = translate("It was not paid in advance in time.")
    cancel_appointment(appointment, participant=place, reason=why, waiver_reason=why, by=audit.SYSTEM, now=now)
