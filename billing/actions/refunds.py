"""Refunds: promised at once, carried out through the outbox, entered when the processor has accepted them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from billing import notifications, outbox_names, permissions
from billing.actions import ledger, settlement
from billing.audit_codes import BillingAudit
from billing.gateways.base import RefundResult
from billing.models import Invoice, Payment, PaymentShare, Refund
from billing.models.failures import FAILURE_FIELDS
from billing.reasons import BillingReason
from billing.rules.balances import Kind
from billing.rules.payment_progress import PaymentState
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import reason_fields
from core.kernel.money import Money
from core.kernel.reasons import Reason, stored_reason
from core.kernel.translation import translate


@transaction.atomic
def refund_invoice(*, invoice: Invoice, payment: Payment, amount: Money, reason: str, by: Any, now: datetime) -> Refund:
    """Give back the whole or a part of what a payment brought for an invoice. Money noted by hand is given back by hand.

    Errors: `reason_missing`, `not_paid`, `amount_invalid`, `amount_too_high`.
    """
    permissions.check_manages(by)
    if not reason.strip():
        raise DomainError("reason_missing", translate("Say why the money is given back."), field="reason")
    share = _share(invoice, payment, amount)
    refund = Refund.objects.create(
        payment=payment,
        invoice=invoice,
        amount=amount.amount,
        currency=amount.currency,
        reason=reason.strip()[:200],
        made_at=now,
        made_by=str(by)[:200],
    )
    _reserve(share, amount)
    audit.record(
        BillingAudit.REFUND_PROMISED, by=by, subject=refund, changes={"amount": [None, str(amount)]}, reason=reason
    )
    if payment.means == Payment.Means.CARD:
        outbox.enqueue(
            outbox_names.CREATE_REFUND, key=f"refund:{refund.pk}", by=by, about=invoice, refund=str(refund.pk)
        )
        return refund
    return settle_refund(refund=refund, external_id=None, by=by, now=now)


def _share(invoice: Invoice, payment: Payment, amount: Money) -> PaymentShare:
    """The share under lock, if it has this much left to give back."""
    share = PaymentShare.objects.select_for_update().filter(payment=payment, invoice=invoice).first()
    if share is None or Payment.objects.get(pk=payment.pk).state != PaymentState.SUCCEEDED:
        raise ConflictError("not_paid", translate("This invoice was not paid by that payment."))
    if amount.currency != share.currency or amount.amount <= 0:
        raise DomainError(
            "amount_invalid",
            translate("Enter an amount in %(currency)s above zero.", currency=share.currency),
            field="amount",
        )
    if amount > share.refundable:
        raise DomainError(
            "amount_too_high",
            translate("At most %(refundable)s can be given back.", refundable=share.refundable),
            field="amount",
        )
    return share


def _reserve(share: PaymentShare, amount: Money) -> None:
    """Set the amount aside at once, so that a second refund in the meantime cannot give it back again."""
    share.refunded_amount += amount.amount
    share.save(update_fields=["refunded_amount"])


@transaction.atomic
def settle_refund(*, refund: Refund, external_id: str | None, by: Any, now: datetime) -> Refund:
    """Enter a refund that was carried out: the money went back, and the claim for it with it. Doing it twice changes nothing."""
    locked = Refund.objects.select_for_update().get(pk=refund.pk)
    if locked.state == Refund.State.SUCCEEDED:
        return locked
    if locked.state == Refund.State.FAILED:
        _reserve(
            PaymentShare.objects.select_for_update().get(payment=locked.payment_id, invoice=locked.invoice_id),
            locked.money,
        )
    locked.state, locked.external_id = Refund.State.SUCCEEDED, external_id
    locked.note_failure("")
    locked.save(update_fields=["state", "external_id", *FAILURE_FIELDS])
    invoice = Invoice.objects.select_for_update().get(pk=locked.invoice_id)
    for kind in (Kind.REFUNDED, Kind.CREDITED):
        ledger.post(
            kind,
            locked.money,
            invoice=invoice,
            payment=locked.payment,
            refund=locked,
            reason=_reason_of(locked),
            by=by,
            now=now,
        )
    invoice.refunded_amount += locked.amount
    settlement.update_state(invoice, now)
    audit.record(BillingAudit.REFUND_SUCCEEDED, by=by, subject=locked)
    notifications.refund_made(locked)
    return locked


def _reason_of(refund: Refund) -> str | Reason:
    return stored_reason(refund.reason_code, refund.reason_values) or refund.reason


@transaction.atomic
def fail_refund(*, refund: Refund, failure: str | Reason, now: datetime) -> Refund:
    """Note that the processor refused: what was set aside is free again, and billing staff are told."""
    locked = Refund.objects.select_for_update().get(pk=refund.pk)
    if locked.state != Refund.State.PENDING:
        return locked
    locked.state = Refund.State.FAILED
    locked.note_failure(failure)
    locked.save(update_fields=["state", *FAILURE_FIELDS])
    share = PaymentShare.objects.select_for_update().get(payment=locked.payment_id, invoice=locked.invoice_id)
    share.refunded_amount -= locked.amount
    share.save(update_fields=["refunded_amount"])
    audit.record(BillingAudit.REFUND_FAILED, by=audit.SYSTEM, subject=locked, reason=failure)
    notifications.refund_failed(locked)
    return locked


@transaction.atomic
def apply_refund(*, payment: Payment, result: RefundResult, now: datetime) -> str:
    """Enter what the processor says of a refund: one of ours, or one made in the processor's own dashboard. Returns what was done."""
    known = Refund.objects.filter(payment=payment, external_id=result.external_id).first()
    if known is None and result.key:
        known = Refund.objects.filter(payment=payment, pk=result.key.removeprefix("refund:")).first()
    if result.state == "failed":
        if known is None:
            return "ignored: a refund that never was"
        fail_refund(refund=known, failure=result.failure or Reason(BillingReason.REFUND_REFUSED), now=now)
        return "refund failed"
    if result.state != "succeeded":
        return "ignored: not finished"
    if known is not None:
        settle_refund(refund=known, external_id=result.external_id, by=audit.SYSTEM, now=now)
        return "refund entered"
    return _enter_foreign(payment, result, now)


def _enter_foreign(payment: Payment, result: RefundResult, now: datetime) -> str:
    """A refund that was not made here goes to the invoices of its payment in order, as far as each allows."""
    left = result.amount
    for number, share in enumerate(payment.shares.select_for_update().order_by("id")):
        part = min(left, share.refundable)
        if not part:
            continue
        refund = Refund.objects.create(
            payment=payment,
            invoice_id=share.invoice_id,
            amount=part.amount,
            currency=part.currency,
            made_at=now,
            made_by=str(audit.SYSTEM),
            **reason_fields(Reason(BillingReason.REFUND_MADE_ELSEWHERE)),
        )
        _reserve(share, part)
        external_id = result.external_id if number == 0 else f"{result.external_id}:{number}"
        settle_refund(refund=refund, external_id=external_id, by=audit.SYSTEM, now=now)
        left -= part
    return "foreign refund entered"
