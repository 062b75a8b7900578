"""Refunds: promised at once, carried out through the outbox, entered when the processor has accepted them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from billing import notifications, outbox_names, permissions
from billing.actions import ledger, settlement
from billing.audit_codes import BillingAudit
from billing.gateways import gateway
from billing.gateways.base import RefundResult
from billing.models import CreditNote, Invoice, LedgerEntry, Payment, PaymentShare, Refund
from billing.models.failures import FAILURE_FIELDS
from billing.queries.invoices import standing_of
from billing.reasons import BillingReason
from billing.rules.balances import Kind, credit_of_refund
from billing.rules.payment_progress import PaymentState
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import reason_fields
from core.kernel.money import Money
from core.kernel.reasons import Reason, stored_reason
from core.kernel.translation import translate


@transaction.atomic
def refund_invoice(
    *,
    invoice: Invoice,
    payment: Payment,
    amount: Money,
    reason: str,
    keeps_claim: bool = False,
    credit_note: CreditNote | None = None,
    by: Any,
    now: datetime,
) -> Refund:
    """Give back the whole or a part of what a payment brought for an invoice. Money noted by hand is given back by hand.

    What was paid beyond the claim goes back first. The rest is not owed any more, or with `keeps_claim` is still due;
    with a `credit_note` that has taken the claim, no more of it goes.
    Errors: `reason_missing`, `not_paid`, `amount_invalid`, `amount_too_high`, `not_by_card`.
    """
    permissions.check_manages(by)
    if not reason.strip():
        raise DomainError("reason_missing", translate("Say why the money is given back."), field="reason")
    Invoice.objects.select_for_update().get(pk=invoice.pk)  # first, as whoever credits it does
    share = _share(invoice, payment, amount)
    refund = Refund.objects.create(
        payment=payment,
        invoice=invoice,
        amount=amount.amount,
        currency=amount.currency,
        keeps_claim=keeps_claim or credit_note is not None,
        credit_note=credit_note,
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
        raise ConflictError("not_paid", translate("This %(invoice)s was not paid by that payment."))
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
    why = gateway().step_refusal_of(amount) if payment.means == Payment.Means.CARD else None
    if why is not None:
        raise DomainError("not_by_card", why.sentence(), field="amount")
    return share


def _reserve(share: PaymentShare, amount: Money) -> None:
    """Set the amount aside at once, so that a second refund in the meantime cannot give it back again."""
    share.refunded_amount += amount.amount
    share.save(update_fields=["refunded_amount"])


@transaction.atomic
def settle_refund(*, refund: Refund, external_id: str | None, by: Any, now: datetime) -> Refund:
    """Enter a refund that was carried out: the money went back, and with it the claim that is not owed any more.

    Doing it twice changes nothing, and neither does news of a success that comes after the bank sent the money back.
    """
    locked = Refund.objects.select_for_update().get(pk=refund.pk)
    if locked.ledger_entries.exists():
        return locked
    if locked.state == Refund.State.FAILED:
        _reserve(
            PaymentShare.objects.select_for_update().get(payment=locked.payment_id, invoice=locked.invoice_id),
            locked.money,
        )
    invoice = Invoice.objects.select_for_update().get(pk=locked.invoice_id)
    credited = credit_of_refund(locked.money, standing_of(invoice))
    locked.state, locked.external_id = Refund.State.SUCCEEDED, external_id
    locked.credited_amount = 0 if locked.keeps_claim else credited.amount
    locked.note_failure(None)
    locked.save(update_fields=["state", "external_id", "credited_amount", *FAILURE_FIELDS])
    for kind, amount in ((Kind.REFUNDED, locked.money), (Kind.CREDITED, locked.credited)):
        if amount:
            _post(kind, amount, locked, invoice, by=by, now=now)
    settlement.update_state(invoice, now)
    audit.record(BillingAudit.REFUND_SUCCEEDED, by=by, subject=locked)
    notifications.refund_made(locked)
    return locked


def _post(
    kind: Kind,
    amount: Money,
    refund: Refund,
    invoice: Invoice,
    *,
    by: Any,
    now: datetime,
    reverses: LedgerEntry | None = None,
) -> None:
    ledger.post(
        kind, amount, invoice=invoice, payment=refund.payment, refund=refund, reason=_reason_of(refund),
        reverses=reverses, by=by, now=now,
    )  # fmt: skip


def _reason_of(refund: Refund) -> str | Reason:
    return stored_reason(refund.reason_code, refund.reason_values) or refund.reason


@transaction.atomic
def fail_refund(*, refund: Refund, failure: Reason, now: datetime) -> Refund:
    """Note that the money did not go back: what was set aside is free again, and billing staff are told.

    A bank may also return money that was sent already: then rows of the ledger reverse those of the refund, and what it credited is claimed
    again.
    """
    locked = Refund.objects.select_for_update().get(pk=refund.pk)
    if locked.state == Refund.State.FAILED:
        return locked
    if locked.state == Refund.State.SUCCEEDED:
        _reverse(locked, now)
    locked.state, locked.credited_amount = Refund.State.FAILED, 0
    locked.note_failure(failure)
    locked.save(update_fields=["state", "credited_amount", *FAILURE_FIELDS])
    share = PaymentShare.objects.select_for_update().get(payment=locked.payment_id, invoice=locked.invoice_id)
    share.refunded_amount -= locked.amount
    share.save(update_fields=["refunded_amount"])
    audit.record(BillingAudit.REFUND_FAILED, by=audit.SYSTEM, subject=locked, reason=failure)
    notifications.refund_failed(locked)
    return locked


_REVERSED_BY = {Kind.REFUNDED: Kind.REFUND_REVERSED, Kind.CREDITED: Kind.CREDIT_REVERSED}


def _reverse(refund: Refund, now: datetime) -> None:
    invoice = Invoice.objects.select_for_update().get(pk=refund.invoice_id)
    for entry in refund.ledger_entries.filter(kind__in=[kind.value for kind in _REVERSED_BY]).order_by("id"):
        amount = Money(abs(entry.amount), entry.currency)
        _post(
            _REVERSED_BY[Kind(entry.kind)], amount, refund, invoice, by=audit.SYSTEM, now=now, reverses=entry
        )  # fmt: skip
    settlement.update_state(invoice, now)


@transaction.atomic
def apply_refund(*, payment: Payment, result: RefundResult, now: datetime) -> str:
    """Enter what the processor says of a refund: one of ours, or one made in the processor's own dashboard. Returns what was done."""
    known = _known(payment, result)
    if result.state == "failed":
        for refund in known:
            fail_refund(refund=refund, failure=result.failure or Reason(BillingReason.REFUND_REFUSED), now=now)
        return "refund failed" if known else "ignored: a refund that never was"
    if result.state != "succeeded":
        return "ignored: not finished"
    for refund in known:
        settle_refund(refund=refund, external_id=refund.external_id or result.external_id, by=audit.SYSTEM, now=now)
    return "refund entered" if known else _enter_foreign(payment, result, now)


def _known(payment: Payment, result: RefundResult) -> list[Refund]:
    """The rows of this refund: ours, by its number or the key that it carries; one made elsewhere may have a row for each invoice."""
    numbered = Q(external_id=result.external_id) | Q(external_id__startswith=f"{result.external_id}:")
    found = list(Refund.objects.filter(numbered, payment=payment))
    if found or not result.key:
        return found
    try:
        return list(Refund.objects.filter(payment=payment, pk=UUID(result.key.removeprefix("refund:"))))
    except ValueError:  # because whoever uses the processor's own pages may write what they like there
        return []


def _enter_foreign(payment: Payment, result: RefundResult, now: datetime) -> str:
    """A refund that was not made here goes to the invoices of its payment as far as each allows: first to what was paid beyond a claim.

    Nobody was asked what it means: the rest is taken as not owed any more, and whoever bills is told.
    """
    shares = list(payment.shares.select_for_update().select_related("invoice").order_by("id"))
    if result.amount > Money.total((share.refundable for share in shares), result.amount.currency):
        _give_way(payment, now)
        shares = list(payment.shares.select_for_update().select_related("invoice").order_by("id"))
    parts = _spread(result.amount, shares)
    for number, (share, part) in enumerate(parts):
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
        notifications.refund_found(settle_refund(refund=refund, external_id=external_id, by=audit.SYSTEM, now=now))
    left = result.amount - Money.total((part for _, part in parts), result.amount.currency)
    return f"foreign refund entered, except for {left}" if left else "foreign refund entered"


def _spread(amount: Money, shares: list[PaymentShare]) -> list[tuple[PaymentShare, Money]]:
    """The parts of an amount by share: what was overpaid first, then in order."""
    parts = {share.pk: Money.zero(amount.currency) for share in shares}
    for limit in (lambda share: min(share.refundable, share.invoice.overpaid), lambda share: share.refundable):
        for share in shares:
            part = min(amount, limit(share) - parts[share.pk])
            if part.amount > 0:
                parts[share.pk] += part
                amount -= part
    return [(share, parts[share.pk]) for share in shares if parts[share.pk]]


def _give_way(payment: Payment, now: datetime) -> None:
    """Let refunds of ours that never reached the processor go: it has given the money back already."""
    waiting = Refund.objects.filter(payment=payment, state=Refund.State.PENDING, external_id=None)
    for refund in waiting:
        fail_refund(refund=refund, failure=Reason(BillingReason.REFUND_OVERTAKEN), now=now)
