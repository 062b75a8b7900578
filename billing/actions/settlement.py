"""What a payment's progress does to the books: only forward, each once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from billing import notifications, outbox_names
from billing.actions import ledger
from billing.actions.cards import save_card
from billing.audit_codes import BillingAudit
from billing.gateways.base import PaymentAttempt
from billing.models import Customer, Invoice, Payment
from billing.models.failures import FAILURE_FIELDS
from billing.queries.invoices import standing_of
from billing.rules.balances import InvoiceState, Kind
from billing.rules.payment_progress import LIVE, PaymentState, moves_on
from billing.signals import payment_moved, payment_settled
from core.kernel import audit, outbox


@transaction.atomic
def apply_attempt(*, payment: Payment, attempt: PaymentAttempt, now: datetime) -> Payment:
    """Take over how the processor sees a payment; what would move it back, or is of another amount, changes nothing."""
    locked = Payment.objects.select_for_update().get(pk=payment.pk)
    if attempt.amount != locked.money:
        audit.record(BillingAudit.PAYMENT_AMOUNT_DIFFERS, by=audit.SYSTEM, subject=locked, reason=str(attempt.amount))
        if attempt.state == PaymentState.SUCCEEDED:
            notifications.payment_of_another_amount(locked, attempt.amount)
        return locked
    if attempt.card is not None:
        locked.card_brand, locked.card_last4 = attempt.card.brand, attempt.card.last4
        locked.save(update_fields=["card_brand", "card_last4"])
    if not moves_on(locked.progress, attempt.state):
        return locked
    before, locked.state = locked.state, attempt.state
    locked.note_failure(attempt.failure)
    if attempt.state == PaymentState.SUCCEEDED:
        locked.succeeded_at = now
    locked.save(update_fields=["state", "succeeded_at", *FAILURE_FIELDS])
    audit.record(
        BillingAudit(f"payment.{attempt.state}"),
        by=audit.SYSTEM,
        subject=locked,
        changes={"state": [before, locked.state]},
    )
    payment_moved.send(sender=Payment, payment=locked, by=audit.SYSTEM, now=now)
    if attempt.state == PaymentState.SUCCEEDED:
        settle(locked, by=audit.SYSTEM, now=now)
        _save_card_of(attempt, now)
        payment_settled.send(sender=Payment, payment=locked, by=audit.SYSTEM, now=now)
    return locked


@transaction.atomic
def close_payment(*, payment: Payment, now: datetime) -> Payment:
    """Close a payment that never reached the processor: nobody can finish it."""
    Payment.objects.filter(pk=payment.pk, external_id=None, state=PaymentState.STARTED).update(
        state=PaymentState.CANCELLED
    )
    payment.refresh_from_db()
    return payment


@transaction.atomic
def abandon_payment(*, payment: Payment, now: datetime) -> Payment:
    """Close a payment that the processor does not know, or of an account that it does not let us ask about any more."""
    Payment.objects.filter(pk=payment.pk, state__in=LIVE).update(state=PaymentState.CANCELLED)
    payment.refresh_from_db()
    return payment


def settle(payment: Payment, *, by: Any, now: datetime) -> None:
    """Enter a payment that succeeded: ledger, invoices, receipt, and a notice to whoever issued them."""
    for share in payment.shares.order_by("invoice_id"):
        invoice = Invoice.objects.select_for_update().get(pk=share.invoice_id)
        before = InvoiceState(invoice.state)
        ledger.post(Kind.PAID, share.money, invoice=invoice, payment=payment, by=by, now=now)
        update_state(invoice, now)
        notifications.invoice_paid(invoice, share=share, before=before)
    notifications.payment_received(payment)


def update_state(invoice: Invoice, now: datetime) -> None:
    """Save the invoice as its rows in the ledger say, after each new one, under its lock."""
    standing = standing_of(invoice)
    invoice.paid_amount, invoice.refunded_amount = standing.paid.amount, standing.refunded.amount
    invoice.credited_amount, invoice.disputed_amount = standing.credited.amount, standing.disputed.amount
    invoice.state = standing.state
    if invoice.state == InvoiceState.OPEN:
        invoice.paid_at = None
    elif invoice.paid_at is None and invoice.state == InvoiceState.PAID:
        invoice.paid_at = now
    sums = ("paid_amount", "refunded_amount", "credited_amount", "disputed_amount")
    invoice.save(update_fields=[*sums, "state", "paid_at"])
    _end_outdated(invoice)


def _end_outdated(invoice: Invoice) -> None:
    """Promise to end unfinished payments of another amount than what is due now.

    Whoever reduces a claim ends them before; this is for what reduces it from outside: money that came, a refund made elsewhere.
    """
    shares = invoice.shares.filter(payment__state__in=LIVE).exclude(amount=invoice.due.amount)
    for payment in Payment.objects.filter(shares__in=shares):
        outbox.enqueue(outbox_names.CANCEL_PAYMENT, key=f"give-up:{payment.pk}", about=payment, payment=str(payment.pk))


def _save_card_of(attempt: PaymentAttempt, now: datetime) -> None:
    if not (attempt.saves_card and attempt.card):
        return
    customer = Customer.objects.filter(external_id=attempt.customer).first()
    if customer is not None:
        save_card(customer=customer, card=attempt.card, now=now)
