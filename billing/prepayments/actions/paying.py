"""The payer pays a prepayment by card. As with invoices, the processor is asked between transactions, never inside one."""

from datetime import datetime

from django.db import transaction

from billing.actions import payments, settlement
from billing.actions.payments import UNCONFIRMED, StartedPayment
from billing.gateways import gateway
from billing.models import Payment, PaymentAccount
from billing.prepayments.models import Prepayment, PrepaymentAttempt
from billing.prepayments.queries import live_payments
from billing.queries.processor import account_in_use
from billing.rules.payment_progress import PaymentState
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.translation import translate
from core.people.rules.client_status import is_paid_for, payment_refusal


def start(*, prepayment: Prepayment, now: datetime) -> StartedPayment:
    """Begin to pay, or go on with what was begun. Errors: `not_asked`, `client_inactive`, `payments_off`, `payment_under_way`, GatewayError."""
    check_payable(prepayment, now)
    account = account_in_use()
    if account is None or not account.is_ready:
        raise DomainError("payments_off", translate("Card payments are not set up yet."))
    earlier = _resume(prepayment, account, now)
    if earlier is not None:
        return earlier
    payment = _create(prepayment, account, now)
    return payments.start_at_processor(payment, account, purpose=prepayment.what, by=prepayment.payer, now=now)


def check_payable(prepayment: Prepayment, now: datetime) -> None:
    """Errors: `not_asked`, `client_inactive`."""
    if not prepayment.is_payable(now):
        raise ConflictError("not_asked", translate("This cannot be paid any more. Nothing was charged."))
    if not is_paid_for(prepayment.client.status):
        raise DomainError("client_inactive", payment_refusal(prepayment.client.name))


def _resume(prepayment: Prepayment, account: PaymentAccount, now: datetime) -> StartedPayment | None:
    for payment in live_payments(prepayment):
        if not payment.external_id:
            continue
        attempt = gateway().retrieve_payment(payment.account_id, payment.external_id)
        payment = settlement.apply_attempt(payment=payment, attempt=attempt, now=now)
        if payment.is_live and payment.account_id == account.external_id and payment.state != PaymentState.PROCESSING:
            return StartedPayment(payment, attempt.secret)
        if payment.state in UNCONFIRMED:
            payments.cancel_payment(payment=payment, now=now)
    return None


@transaction.atomic
def _create(prepayment: Prepayment, account: PaymentAccount, now: datetime) -> Payment:
    """The payment under the prepayment's lock: of two tabs, one begins it."""
    locked = Prepayment.objects.select_for_update(of=("self",)).select_related("client", "payer").get(pk=prepayment.pk)
    check_payable(locked, now)
    payments.check_by_card(locked.total)
    if live_payments(locked).exists():
        raise ConflictError(
            "payment_under_way", translate("This is being paid at this moment. Look again in a minute, or ask us.")
        )
    payment = payments.note_started(locked.total, account, by=locked.payer, now=now)
    PrepaymentAttempt.objects.create(prepayment=locked, payment=payment)
    return payment


def secret_of(*, prepayment: Prepayment, payment: Payment, now: datetime) -> str:
    """With what the payer's browser finishes it; empty when it is finished. Errors: of `check_payable`, GatewayError."""
    payment = _of(prepayment, payment)
    if not payment.is_live or not payment.external_id:
        return ""
    _end_unless_payable(prepayment, payment, now)
    attempt = gateway().retrieve_payment(payment.account_id, payment.external_id)
    return attempt.secret if settlement.apply_attempt(payment=payment, attempt=attempt, now=now).is_live else ""


def prepare(*, prepayment: Prepayment, payment: Payment, save_card: bool, now: datetime) -> Payment:
    """The payer is about to give the card: look once more whether it is asked for. Errors: of `check_payable`, GatewayError."""
    payment = _of(prepayment, payment)
    if not payment.is_live or not payment.external_id:
        raise ConflictError("not_asked", translate("This cannot be paid any more. Nothing was charged."))
    _end_unless_payable(prepayment, payment, now)
    if payment.saves_card != save_card:
        gateway().set_card_saving(payment.account_id, payment.external_id, save=save_card)
        Payment.objects.filter(pk=payment.pk).update(saves_card=save_card)
    return payment


def _of(prepayment: Prepayment, payment: Payment) -> Payment:
    if not PrepaymentAttempt.objects.filter(prepayment=prepayment, payment=payment).exists():
        raise NotFound("payment")
    return payment


def _end_unless_payable(prepayment: Prepayment, payment: Payment, now: datetime) -> None:
    prepayment.refresh_from_db()
    try:
        check_payable(prepayment, now)
    except DomainError:
        payments.cancel_payment(payment=payment, now=now)
        raise
