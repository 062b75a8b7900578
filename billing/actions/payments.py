"""Paying invoices by card: started here, finished in the payer's browser, settled by events of the processor.

Calls to the processor stand between transactions, never inside one, because a row lock must not wait for a network. Whatever is interrupted
is found again by the promise to ask the processor, made in the same transaction as the payment itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from billing import outbox_names, permissions
from billing.actions import settlement
from billing.actions.cards import get_or_create_customer
from billing.audit_codes import BillingAudit
from billing.gateways import gateway
from billing.models import Invoice, Payment, PaymentAccount, PaymentShare
from billing.permissions import PAY
from billing.queries.invoices import same_currency
from billing.queries.processor import account_in_use
from billing.rules.payment_progress import LIVE, PaymentState
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError, GatewayError
from core.kernel.money import Money
from core.kernel.translation import translate
from core.people.models import User

FIRST_LOOK = timedelta(minutes=2)


@dataclass(frozen=True)
class StartedPayment:
    """A payment and the secret with which the payer's browser finishes it."""

    payment: Payment
    secret: str


def start_payment(*, invoices: Sequence[UUID], by: User, now: datetime) -> StartedPayment:
    """Start paying these invoices together; the same person coming back to the same invoices continues the same payment.

    Errors: NotFound and PermissionDenied at the door, `invoices_missing`, `not_open`, `currencies_differ`, `payment_under_way`,
    `payments_off`, and GatewayError.
    """
    account = account_in_use()
    if account is None or not account.is_ready:
        raise DomainError(
            "payments_off", translate("Card payments are not set up yet. Pay as the invoice says, or ask us.")
        )
    chosen = [permissions.get_invoice(by, pk, to=PAY) for pk in dict.fromkeys(invoices)]
    earlier = _resume_or_cancel(chosen, by=by, now=now)
    if earlier is not None:
        return earlier
    payment = _create_payment(chosen, account, by=by, now=now)
    customer = get_or_create_customer(account=account, user=by, now=now)
    attempt = gateway().create_payment(
        account.external_id,
        payment.money,
        customer=customer.external_id,
        purpose=", ".join(str(invoice.number) for invoice in chosen)[:500],
        reference=str(payment.pk),
        key=f"payment:{payment.pk}",
    )
    Payment.objects.filter(pk=payment.pk).update(external_id=attempt.external_id)
    payment.external_id = attempt.external_id
    return StartedPayment(payment, attempt.secret)


def _resume_or_cancel(chosen: list[Invoice], *, by: User, now: datetime) -> StartedPayment | None:
    """The payer's own unfinished payment of exactly these invoices; others that nobody has confirmed are given up."""
    wanted = {invoice.pk for invoice in chosen}
    for payment in _live_payments(wanted).prefetch_related("shares"):
        if not payment.external_id:
            continue
        attempt = gateway().retrieve_payment(payment.account_id, payment.external_id)
        payment = settlement.apply_attempt(payment=payment, attempt=attempt, now=now)
        same = {share.invoice_id for share in payment.shares.all()} == wanted and payment.payer_id == by.pk
        if same and payment.is_live:
            return StartedPayment(payment, attempt.secret)
        if payment.state in (PaymentState.STARTED, PaymentState.REFUSED):
            cancel_payment(payment=payment, now=now)
    return None


def _live_payments(invoices: set[UUID]) -> "QuerySet[Payment]":
    return Payment.objects.filter(shares__invoice__in=invoices, state__in=LIVE).distinct()


def cancel_payment(*, payment: Payment, now: datetime) -> Payment:
    """Cancel an unfinished payment at the processor. One that has succeeded meanwhile is settled instead."""
    try:
        attempt = gateway().cancel_payment(payment.account_id, payment.external_id or "")
    except GatewayError as error:
        if not error.permanent:
            raise
        attempt = gateway().retrieve_payment(payment.account_id, payment.external_id or "")
    return settlement.apply_attempt(payment=payment, attempt=attempt, now=now)


@transaction.atomic
def _create_payment(chosen: list[Invoice], account: PaymentAccount, *, by: User, now: datetime) -> Payment:
    """The payment and its shares, under the invoices' locks, with the promise to ask the processor what became of it."""
    ids = {invoice.pk for invoice in chosen}
    locked = list(Invoice.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    _check_payable(locked)
    if _live_payments(ids).exists():
        raise ConflictError(
            "payment_under_way", translate("A payment of this invoice is under way. Wait a minute, then look again.")
        )
    currency = locked[0].currency
    payment = Payment.objects.create(
        means=Payment.Means.CARD,
        state=PaymentState.STARTED,
        payer=by,
        payer_name=by.name,
        amount=Money.total((invoice.due for invoice in locked), currency).amount,
        currency=currency,
        account_id=account.external_id,
        started_at=now,
    )
    PaymentShare.objects.bulk_create(
        PaymentShare(payment=payment, invoice=invoice, amount=invoice.due.amount, currency=currency)
        for invoice in locked
    )
    audit.record(BillingAudit.PAYMENT_STARTED, by=by, subject=payment, changes={"amount": [None, str(payment.money)]})
    outbox.enqueue(
        outbox_names.RECONCILE_PAYMENT, due_at=now + FIRST_LOOK, about=payment, payment=str(payment.pk), look=1
    )
    return payment


def _check_payable(invoices: list[Invoice]) -> None:
    if not invoices:
        raise DomainError("invoices_missing", translate("Choose at least one invoice to pay."))
    if any(invoice.state != Invoice.State.OPEN or not invoice.due for invoice in invoices):
        raise ConflictError(
            "not_open", translate("One of these invoices is not open any more. Look at the list again.")
        )
    if same_currency(invoices) is None:
        raise DomainError(
            "currencies_differ", translate("These invoices are in different currencies. Pay them one after the other.")
        )


def set_card_saving(*, payment: Payment, save: bool, by: User, now: datetime) -> Payment:
    """Say whether the card that pays is saved for the next time. NotFound and PermissionDenied at the door; `not_open`; GatewayError."""
    payment = permissions.get_payment(by, payment.pk, to=PAY)
    if not payment.is_live or not payment.external_id:
        raise ConflictError("not_open", translate("This payment is finished. Look at the invoice again."))
    gateway().set_card_saving(payment.account_id, payment.external_id, save=save)
    Payment.objects.filter(pk=payment.pk).update(saves_card=save)
    return payment


def secret_of(*, payment: Payment, by: User, now: datetime) -> str:
    """The secret with which the payer's browser finishes the payment; empty when it is finished. GatewayError."""
    payment = permissions.get_payment(by, payment.pk, to=PAY)
    if not payment.is_live or not payment.external_id:
        return ""
    attempt = gateway().retrieve_payment(payment.account_id, payment.external_id)
    return attempt.secret if settlement.apply_attempt(payment=payment, attempt=attempt, now=now).is_live else ""


def refresh_payment(*, payment: Payment, now: datetime) -> Payment:
    """Ask the processor what became of the payment: the payer came back, or the event never arrived."""
    if payment.means != Payment.Means.CARD or not payment.is_live:
        return payment
    if not payment.external_id:
        return settlement.close_payment(payment=payment, now=now)
    attempt = gateway().retrieve_payment(payment.account_id, payment.external_id)
    return settlement.apply_attempt(payment=payment, attempt=attempt, now=now)
