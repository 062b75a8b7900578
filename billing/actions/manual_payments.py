"""Money that came by other ways than card: noted by staff, and reversed when it was a mistake; never removed."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from billing import permissions
from billing.actions import ledger, settlement
from billing.audit_codes import BillingAudit
from billing.models import Invoice, Payment, PaymentShare
from billing.queries import organization
from billing.rules.balances import Kind
from billing.rules.payment_progress import LIVE, PaymentState
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.money import Money
from core.kernel.translation import translate


@transaction.atomic
def record_payment(
    *, invoice: Invoice, amount: Money, means: str, received_on: date, reference: str = "", by: Any, now: datetime
) -> Payment:
    """Note money received, the whole or a part of what is due. Errors: `not_open`, `payment_under_way`, `amount_*`, `date_*`."""
    permissions.check_manages(by)
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    _check(locked, amount, means, received_on, now)
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
    if invoice.state != Invoice.State.OPEN:
        raise ConflictError("not_open", translate("This invoice is not open any more."))
    if means == Payment.Means.CARD:
        raise DomainError("means_card", translate("Card payments come in by themselves."), field="means")
    if Payment.objects.filter(
        shares__invoice=invoice, state__in=LIVE - {PaymentState.STARTED, PaymentState.REFUSED}
    ).exists():
        raise ConflictError(
            "payment_under_way", translate("A card payment of this invoice is under way. Wait for its outcome.")
        )
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
    if locked.means == Payment.Means.CARD or locked.state != PaymentState.SUCCEEDED or locked.refunds.exists():
        raise ConflictError(
            "not_reversible", translate("Only a payment that was noted by hand and not refunded can be reversed.")
        )
    locked.state, locked.reversed_at, locked.reverse_reason = PaymentState.REVERSED, now, reason.strip()[:200]
    locked.save(update_fields=["state", "reversed_at", "reverse_reason"])
    for entry in locked.ledger_entries.filter(kind=Kind.PAID.value).order_by("invoice_id"):
        invoice = Invoice.objects.select_for_update().get(pk=entry.invoice_id)
        ledger.post(
            Kind.PAYMENT_REVERSED,
            -entry.money,
            invoice=invoice,
            payment=locked,
            reverses=entry,
            reason=reason,
            by=by,
            now=now,
        )
        invoice.paid_amount -= -entry.amount
        settlement.update_state(invoice, now)
    audit.record(BillingAudit.PAYMENT_REVERSED, by=by, subject=locked, reason=reason)
    return locked
