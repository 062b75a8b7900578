"""Credit notes: an issued invoice is corrected by a document of its own; nothing of the invoice changes but what is claimed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from billing import notifications, permissions
from billing.actions import ledger, numbers, payments, refunds, settlement
from billing.audit_codes import BillingAudit
from billing.models import Charge, CreditNote, CreditNoteLine, Invoice, InvoiceLine, Payment
from billing.queries import organization
from billing.queries.credit_notes import left_of
from billing.queries.recipients import recipient_of
from billing.rules import credit_notes as rules
from billing.rules.balances import Kind
from billing.rules.numbering import Counted
from billing.rules.tax import RateTotal
from branding.speaking import speaking
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.money import Money
from core.kernel.translation import translate
from core.notifications.languages import in_language

Settlement = CreditNote.Settlement


@dataclass(frozen=True)
class Credit:
    """What is credited: an amount with its tax, whole lines, or without either everything that is left. `bills_again`: what those lines were
    for awaits an invoice again."""

    amount: Money | None = None
    lines: Collection[UUID] | None = None
    bills_again: bool = False


def credit_invoice(
    *,
    invoice: Invoice,
    credit: Credit,
    reason: str,
    memo: str,
    refunds_paid: bool = False,
    by: Any,
    now: datetime,
) -> CreditNote:
    """Write a credit note. What was paid of it already stays as credit on account, or with `refunds_paid` goes back the way it came.
    What a payer has open for the old amount ends before.

    Errors: `reason_missing`, `not_creditable`, `amount_invalid`, `amount_too_high`, `lines_missing`, `lines_too_high`, `not_refundable`,
    `due_changed`, `payment_under_way`, `prefix_same`, those of a refund, and GatewayError.
    """
    permissions.check_manages(by)
    if reason not in CreditNote.Reason.values:
        raise DomainError("reason_missing", translate("Choose a reason."), field="reason")
    if not memo.strip():
        raise DomainError("reason_missing", translate("Say why less is owed."), field="memo")
    found = Invoice.objects.get(pk=invoice.pk)
    _check_creditable(found)
    _planned(found, credit)
    payments.end_live_payments(invoice=invoice, by=by, now=now)
    return _credit(found, credit, reason, memo.strip()[:200], refunds_paid=refunds_paid, by=by, now=now)


def _check_creditable(invoice: Invoice) -> None:
    if invoice.state == Invoice.State.DRAFT:
        raise ConflictError("not_creditable", translate("A draft is changed or discarded, not credited."))
    if not invoice.claim:
        raise ConflictError(
            "not_creditable", translate("Nothing is claimed of this %(invoice)s any more, so nothing can be credited.")
        )


@dataclass(frozen=True)
class _Plan:
    """What a credit comes to: net and tax by rate, and the lines of the invoice if it is those."""

    parts: list[RateTotal]
    lines: list[InvoiceLine]
    total: Money


def _planned(invoice: Invoice, credit: Credit) -> _Plan:
    left = left_of(invoice)
    lines = [line for line in left.lines if credit.lines is None or line.pk in credit.lines]
    is_whole = credit.amount is None and credit.lines is None
    if credit.lines is not None:
        if not lines or len(lines) != len(set(credit.lines)):
            raise ConflictError(
                "lines_missing",
                translate("One of the lines was credited already. Look at what is left."),
                field="lines",
            )
        parts = rules.by_lines([line.as_taxed for line in lines], left.by_rate, included=invoice.prices_include_tax)
        total = rules.gross_of(parts, invoice.currency)
        rules.check_amount(total, left.claim)
        return _Plan(parts, lines, total)
    total = left.claim if credit.amount is None else credit.amount
    rules.check_amount(total, left.claim)
    parts = rules.by_amount(total, left.by_rate)
    return _Plan(parts, lines if is_whole and left.is_whole else [], total)


@transaction.atomic
def _credit(
    invoice: Invoice, credit: Credit, reason: str, memo: str, *, refunds_paid: bool, by: Any, now: datetime
) -> CreditNote:
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    _check_creditable(locked)
    payments.check_none_under_way(locked)
    if locked.due != invoice.due:  # because whoever credits has said what becomes of the money that they saw
        raise ConflictError("due_changed", translate("A payment came in meanwhile. Look at the %(invoice)s again."))
    plan, before = _planned(locked, credit), locked.claim
    paid, today = rules.paid_part(plan.total, locked.due), organization.today(now)
    with speaking(locked):
        issuer = organization.issuer()
    note = CreditNote.objects.create(
        number=numbers.take_number(Counted.CREDIT_NOTE, today.year),
        invoice=locked,
        reason=reason,
        memo=memo,
        currency=locked.currency,
        total_amount=plan.total.amount,
        by_rate=[[str(part.rate), part.net.amount, part.tax.amount] for part in plan.parts],
        settlement=_settlement(paid, refunds_paid=refunds_paid),
        paid_amount=paid.amount,
        issuer=issuer,
        issued_on=today,
        issued_at=now,
        issued_by=by if not isinstance(by, audit.System) else None,
    )
    _put_lines(note, plan)
    ledger.post(
        Kind.CREDITED, plan.total, invoice=locked, credit_note=note, reason=f"{note.number}: {memo}", by=by, now=now
    )
    settlement.update_state(locked, now)
    if credit.bills_again:
        _bill_again(locked, plan)
    changes = {"claim": [str(before), str(locked.claim)], "credit note": [None, note.number]}
    audit.record(BillingAudit.INVOICE_CREDITED, by=by, subject=locked, changes=changes, reason=memo)
    if note.settlement == Settlement.REFUND:
        _give_back(note, locked, by=by, now=now)
    notifications.invoice_credited(note, by=by)
    return note


def _settlement(paid: Money, *, refunds_paid: bool) -> str:
    if not paid:
        return Settlement.NOTHING_PAID
    return Settlement.REFUND if refunds_paid else Settlement.BALANCE


def _put_lines(note: CreditNote, plan: _Plan) -> None:
    """Lines of the invoice as they stand there; else one for each tax rate, in the language of whoever reads it."""
    if plan.lines:
        lines = [
            CreditNoteLine(
                invoice_line=line,
                description=line.description,
                detail=line.detail,
                amount=line.amount,
                tax_rate=line.tax_rate,
            )
            for line in plan.lines
        ]
    else:
        with in_language(recipient_of(note.invoice).language):
            text = translate("Part of %(number)s, with tax", number=note.invoice.number)[:200]
        lines = [
            CreditNoteLine(description=text, amount=(part.net + part.tax).amount, tax_rate=part.rate)
            for part in plan.parts
        ]
    for position, line in enumerate(lines, start=1):
        line.credit_note, line.position, line.currency = note, position, note.currency
    CreditNoteLine.objects.bulk_create(lines)


def _bill_again(invoice: Invoice, plan: _Plan) -> None:
    """What the credited lines were for awaits an invoice again: of lines, theirs; of an invoice of which nothing is left, all."""
    lines = plan.lines or ([] if invoice.claim else list(invoice.lines.all()))
    charges = [line.charge_id for line in lines if line.charge_id]
    Charge.objects.filter(pk__in=charges, state=Charge.State.INVOICED).update(state=Charge.State.OPEN)


def _give_back(note: CreditNote, invoice: Invoice, *, by: Any, now: datetime) -> None:
    """Refund what was paid of it, by as many payments as it takes, the latest first."""
    left = note.paid_part
    paid = invoice.shares.filter(payment__state=Payment.State.SUCCEEDED).select_related("payment")
    for share in paid.order_by("-payment__succeeded_at", "-pk"):
        part = min(left, share.refundable)
        if not part:
            continue
        refunds.refund_invoice(
            invoice=invoice, payment=share.payment, amount=part, reason=note.memo, credit_note=note, by=by, now=now
        )
        left -= part
    if left:
        raise ConflictError(
            "not_refundable",
            translate(
                "Only %(part)s of what was paid can still be refunded. Leave it as credit on account instead.",
                part=note.paid_part - left,
            ),
            field="settlement",
        )
