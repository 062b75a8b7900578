"""What a payment's news does to the books: only forward, each once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from billing import permissions, signals
from billing.actions import ledger
from billing.actions.cards import keep_card
from billing.addresses import invoice_page
from billing.audit_codes import BillingAudit
from billing.gateways.base import Attempt
from billing.models import CardHolder, Invoice, Payment, PaymentShare
from billing.rules.balances import InvoiceState, Kind, state_of
from billing.rules.progress import LIVE, PaymentState, moves_on
from core.kernel import audit, outbox
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of


@transaction.atomic
def take_attempt(*, payment: Payment, attempt: Attempt, now: datetime) -> Payment:
    """Take the processor's news of a payment; news that would move it back, or of another amount, changes nothing."""
    locked = Payment.objects.select_for_update().get(pk=payment.pk)
    if attempt.amount != locked.money:
        audit.record(BillingAudit.PAYMENT_AMOUNT_DIFFERS, by=audit.SYSTEM, subject=locked, reason=str(attempt.amount))
        return locked
    if attempt.card is not None:
        locked.card_brand, locked.card_last4 = attempt.card.brand, attempt.card.last4
        locked.save(update_fields=["card_brand", "card_last4"])
    if not moves_on(locked.progress, attempt.state):
        return locked
    before, locked.state, locked.failure = locked.state, attempt.state, attempt.failure
    if attempt.state == PaymentState.SUCCEEDED:
        locked.succeeded_at = now
    locked.save(update_fields=["state", "failure", "succeeded_at"])
    audit.record(
        BillingAudit(f"payment.{attempt.state}"),
        by=audit.SYSTEM,
        subject=locked,
        changes={"state": [before, locked.state]},
    )
    if attempt.state == PaymentState.SUCCEEDED:
        settle(locked, by=audit.SYSTEM, now=now)
        _keep_card_of(attempt, now)
    return locked


@transaction.atomic
def drop_payment(*, payment: Payment, now: datetime) -> Payment:
    """Close a payment that never reached the processor: nobody can finish it."""
    Payment.objects.filter(pk=payment.pk, external_id=None, state=PaymentState.STARTED).update(
        state=PaymentState.CANCELLED
    )
    payment.refresh_from_db()
    return payment


def settle(payment: Payment, *, by: Any, now: datetime) -> None:
    """Enter a payment that succeeded: ledger, invoices, receipt, and news to whoever issued them."""
    for share in payment.shares.order_by("invoice_id"):
        invoice = Invoice.objects.select_for_update().get(pk=share.invoice_id)
        was = invoice.state
        ledger.post(Kind.PAID, share.money, invoice=invoice, payment=payment, by=by, now=now)
        invoice.paid_amount += share.amount
        restate(invoice, now)
        _tell_issuer(invoice, payment, share, was)
        if was == InvoiceState.OPEN and invoice.state == InvoiceState.PAID:
            signals.invoice_paid.send(Invoice, invoice=invoice, payment=payment, now=now)
    _end_others(payment)
    outbox.enqueue("billing.mail_receipt", key=f"receipt:{payment.pk}", payment=str(payment.pk))


def _end_others(payment: Payment) -> None:
    """Promise to end unfinished payments of invoices that are settled now, so that nobody pays them twice."""
    settled = payment.invoices.exclude(state=InvoiceState.OPEN).values("pk")
    others = Payment.objects.filter(shares__invoice__in=settled, state__in=LIVE).exclude(pk=payment.pk).distinct()
    for other in others:
        outbox.enqueue("billing.give_up_payment", key=f"give-up:{other.pk}", payment=str(other.pk))


def restate(invoice: Invoice, now: datetime) -> None:
    """Save the invoice in the state that follows from its amounts. A void one stays void."""
    if invoice.state != InvoiceState.VOID:
        invoice.state = state_of(total=invoice.total, paid=invoice.paid, refunded=invoice.refunded)
    if invoice.state == InvoiceState.OPEN:
        invoice.paid_at = None
    elif invoice.paid_at is None and invoice.state == InvoiceState.PAID:
        invoice.paid_at = now
    invoice.save(update_fields=["paid_amount", "refunded_amount", "state", "paid_at"])


def _tell_issuer(invoice: Invoice, payment: Payment, share: PaymentShare, was: str) -> None:
    """Whoever issued it, if they still bill; else everybody who does. Amounts are for them to see."""
    staff = permissions.billing_staff()
    people = [user for user in staff if user.pk == invoice.issued_by_id] or staff
    for user in people:
        with in_language_of(user) as language:
            title, body = _news(invoice, was, share.money.format(language), payment.payer_name)
        notices.post(user_id=user.pk, kind="invoice_paid", title=title, body=body, path=invoice_page(invoice.pk))


def _news(invoice: Invoice, was: str, amount: str, payer: str) -> tuple[str, str]:
    """Title and text of the notice, in the language in force."""
    number, body = invoice.number, translate("%(amount)s from %(payer)s", amount=amount, payer=payer)
    if was != InvoiceState.OPEN:
        title = translate(
            "%(number)s was paid, though its state was: %(state)s", number=number, state=Invoice.State(was).label
        )
        return title, f"{body}. {translate('Refund what is not owed.')}"
    if invoice.state == InvoiceState.PAID:
        return translate("%(number)s was paid", number=number), body
    return translate("%(number)s: part payment", number=number), body


def _keep_card_of(attempt: Attempt, now: datetime) -> None:
    if not (attempt.keeps_card and attempt.card):
        return
    holder = CardHolder.objects.filter(external_id=attempt.holder).first()
    if holder is not None:
        keep_card(holder=holder, card=attempt.card, now=now)
