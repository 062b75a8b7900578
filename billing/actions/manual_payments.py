"""Money that came by other ways than card: noted by staff, and reversed when it was a mistake; never removed."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from billing import notifications, permissions
from billing.actions import ledger, payments, settlement
from billing.audit_codes import BillingAudit
from billing.models import Invoice, Payment, PaymentShare, Refund
from billing.queries import organization
from billing.rules.balances import Kind
from billing.rules.payment_progress import PaymentState
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.money import Money
from core.kernel.translation import translate


def record_payment(
    *, invoice: Invoice, amount: Money, means: str, received_on: date, reference: str = "", by: Any, now: datetime
) -> Payment:
    """Note money received, the whole or a part of what is due. What a payer has open for the old amount ends before.

    Errors: `not_open`, `payment_under_way`, `amount_*`, `date_*`, and GatewayError.
    """
    permissions.check_takes(by, invoice.client)
    _check(Invoice.objects.get(pk=invoice.pk), amount, means, received_on, now)
    payments.end_live_payments(invoice=invoice, by=by, now=now)
    return _record(
        invoice, amount=amount, means=means, received_on=received_on, reference=reference, by=by, now=now
    )  # fmt: skip


@transaction.atomic
def _record(
    invoice: Invoice, *, amount: Money, means: str, received_on: date, reference: str, by: Any, now: datetime
) -> Payment:
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    _check(locked, amount, means, received_on, now)
    payments.check_none_under_way(locked)
    payment = Payment.objects.create(
        means=means,
        state=PaymentState.SUCCEEDED,
        payer=locked.payer_user,
        payer_name=locked.payer_name,
        amount=amount.amount,
        currency=amount.currency,
        reference=reference.strip()[:120],
        started_at=now,
        received_on=received_on,
        succeeded_at=now,
        recorded_by=str(by)[:200],
    )
    PaymentShare.objects.create(payment=payment, invoice=locked, amount=amount.amount, currency=amount.currency)
    audit.record(BillingAudit.PAYMENT_RECORDED, by=by, subject=payment, changes={"amount": [None, str(amount)]})
    settlement.settle(payment, by=by, now=now)
    return payment


def _check(invoice: Invoice, amount: Money, means: str, received_on: date, now: datetime) -> None:
    if not invoice.due:
        raise ConflictError("not_open", translate("Nothing is due of this %(invoice)s any more."))
    if means == Payment.Means.CARD:
        raise DomainError("means_card", translate("Card payments come in by themselves."), field="means")
    if amount.currency != invoice.currency or amount.amount <= 0:
        raise DomainError(
            "amount_invalid",
            translate("Enter an amount in %(currency)s above zero.", currency=invoice.currency),
            field="amount",
        )
    if amount > invoice.due:
        raise DomainError("amount_too_high", translate("Only %(due)s is due.", due=invoice.due), field="amount")
    if received_on > organization.today(now):
        raise DomainError("date_in_future", translate("The money cannot have come in the future."), field="received_on")


@transaction.atomic
def reverse_payment(*, payment: Payment, reason: str, by: Any, now: datetime) -> Payment:
    """Undo a noted payment by reversing rows: the invoice is open again. Errors: `reason_missing`, `not_reversible`."""
    permissions.check_manages(by)
    if not reason.strip():
        raise DomainError("reason_missing", translate("Say why the payment is reversed."), field="reason")
    locked = Payment.objects.select_for_update().get(pk=payment.pk)
    if locked.means == Payment.Means.CARD or locked.state != PaymentState.SUCCEEDED or _is_refunded(locked):
        raise ConflictError(
            "not_reversible", translate("Only a payment that was noted by hand and not refunded can be reversed.")
        )
    locked.state, locked.reversed_at, locked.reverse_reason = PaymentState.REVERSED, now, reason.strip()[:200]
    locked.save(update_fields=["state", "reversed_at", "reverse_reason"])
    for entry in locked.ledger_entries.filter(kind=Kind.PAID.value).order_by("invoice_id"):
        invoice = Invoice.objects.select_for_update().get(pk=entry.invoice_id)
        reversing = ledger.post(
            Kind.PAYMENT_REVERSED,
            -entry.money,
            invoice=invoice,
            payment=locked,
            reverses=entry,
            reason=reason,
            by=by,
            now=now,
        )
        settlement.update_state(invoice, now)
        notifications.claim_changed(reversing, by=by)
    audit.record(BillingAudit.PAYMENT_REVERSED, by=by, subject=locked, reason=reason)
    return locked


def _is_refunded(payment: Payment) -> bool:
    return payment.refunds.exclude(state=Refund.State.FAILED).exists()
