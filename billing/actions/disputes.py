"""Disputes as the processor tells of them: noted, booked, told. The books follow what is withdrawn now, in whatever order the news come."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from billing import dispute_notifications as notifications
from billing.actions import ledger, refunds, settlement
from billing.audit_codes import BillingAudit
from billing.gateways.disputes import DisputeFacts
from billing.models import Dispute, Invoice, LedgerEntry, Payment, PaymentShare, Refund
from billing.queries.disputes import disputes_to_answer, running_disputes
from billing.reasons import BillingReason
from billing.rules.balances import Kind
from billing.rules.disputes import DisputeState, News, is_news, is_reminded, spread, withdrawn
from core.kernel import audit
from core.kernel.money import Money
from core.kernel.reasons import Reason

_CODES = {
    DisputeState.WON: BillingAudit.DISPUTE_WON,
    DisputeState.LOST: BillingAudit.DISPUTE_LOST,
}


@transaction.atomic
def apply_dispute(*, payment: Payment, facts: DisputeFacts, now: datetime) -> Dispute:
    """Take over how the processor sees a dispute of this payment. What is older than what is known changes nothing; doing it twice neither."""
    # One after the other, also the first time; without its key, because refunds and rows of the ledger point to it meanwhile.
    Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    dispute = Dispute.objects.filter(external_id=facts.external_id).first()
    heard = News(facts.state, len(facts.movements))
    if dispute is None:
        dispute = _first_heard(payment, facts, now)
    elif not is_news(News(dispute.stage, dispute.movements), heard):
        return dispute
    else:
        _note(dispute, facts, now)
    _book(dispute, withdrawn(facts.movements, dispute.money), now)
    _mark(dispute)
    return dispute


def _first_heard(payment: Payment, facts: DisputeFacts, now: datetime) -> Dispute:
    dispute = Dispute(
        external_id=facts.external_id, payment=payment, opened_at=facts.opened_at, state=facts.state,
        amount=facts.amount.amount, currency=facts.amount.currency,
    )  # fmt: skip
    _take_over(dispute, facts, now)
    dispute.save()
    audit.record(BillingAudit.DISPUTE_OPENED, by=audit.SYSTEM, subject=dispute, changes={"state": [None, facts.state]})
    if dispute.is_running:
        notifications.dispute_opened(dispute)
    else:
        _tell_outcome(dispute)
    return dispute


def _note(dispute: Dispute, facts: DisputeFacts, now: datetime) -> None:
    before, was_running = dispute.state, dispute.is_running
    was_inquiry = dispute.is_inquiry
    _take_over(dispute, facts, now)
    dispute.save()
    if before == dispute.state:
        return
    code = _CODES.get(dispute.stage, BillingAudit.DISPUTE_CHANGED)
    audit.record(code, by=audit.SYSTEM, subject=dispute, changes={"state": [before, dispute.state]})
    if was_inquiry and dispute.is_running and not dispute.is_inquiry:
        notifications.dispute_opened(dispute)
    elif not dispute.is_running and (was_running or dispute.stage in _CODES):
        _tell_outcome(dispute)


def _take_over(dispute: Dispute, facts: DisputeFacts, now: datetime) -> None:
    """Write what is known on the row, without saving. A last day that has moved is told of anew."""
    if facts.due_at != dispute.due_at:
        dispute.told = 0
    dispute.state, dispute.reason, dispute.due_at = facts.state, facts.reason, facts.due_at
    dispute.movements, dispute.heard_at = len(facts.movements), now
    if facts.fee is not None:
        dispute.fee_amount, dispute.fee_currency = facts.fee.amount, facts.fee.currency
    if not dispute.is_running and dispute.closed_at is None:
        dispute.closed_at = now
    elif dispute.is_running:
        dispute.closed_at = None


def _tell_outcome(dispute: Dispute) -> None:
    if dispute.stage != DisputeState.PREVENTED:
        notifications.dispute_closed(dispute)


def _book(dispute: Dispute, target: Money, now: datetime) -> None:
    """Let the ledger say that this much is withdrawn: rows for the difference to what it says now, and never for more than is left."""
    booked = dispute.booked + dispute.unbooked
    if target == booked:
        return
    before = dispute.unbooked_amount
    if target > booked:
        taken = _withdraw(dispute, target - booked, now)
        dispute.booked_amount += taken.amount
        dispute.unbooked_amount = (target - dispute.booked).amount
    else:
        _bring_back(dispute, min(dispute.booked, booked - target), now)
        dispute.booked_amount -= min(dispute.booked_amount, (booked - target).amount)
        dispute.unbooked_amount = (target - dispute.booked).amount
    dispute.save(update_fields=["booked_amount", "unbooked_amount"])
    if dispute.unbooked_amount > before:
        notifications.dispute_beyond_books(dispute)


def _withdraw(dispute: Dispute, amount: Money, now: datetime) -> Money:
    """Rows for money that the bank has taken, as far as the payment has any; returns how much that is."""
    shares = _locked_shares(dispute.payment_id)
    if amount > Money.total((share.refundable for share in shares), amount.currency):
        _end_refunds(dispute, now)
        shares = _locked_shares(dispute.payment_id)
    parts = _parts(amount, shares)
    for share, part in zip(shares, parts, strict=True):
        if part:
            _post(Kind.DISPUTED, part, dispute, share, now)
    return Money.total(parts, amount.currency)


def _locked_shares(payment: object) -> list[PaymentShare]:
    """The shares of the payment in the order of its invoices, those and their invoices held, invoices first as whoever refunds does."""
    ids = PaymentShare.objects.filter(payment_id=payment).values("invoice_id")
    list(Invoice.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    shares = PaymentShare.objects.select_for_update(of=("self",)).filter(payment_id=payment)
    return list(shares.select_related("invoice").order_by("id"))


def _parts(amount: Money, shares: Sequence[PaymentShare]) -> list[Money]:
    """By share: first what was paid beyond a claim, then in order."""
    first = spread(amount, [min(share.refundable, share.invoice.overpaid) for share in shares])
    left = amount - Money.total(first, amount.currency)
    rest = spread(left, [share.refundable - part for share, part in zip(shares, first, strict=True)])
    return [a + b for a, b in zip(first, rest, strict=True)]


def _end_refunds(dispute: Dispute, now: datetime) -> None:
    """Refunds that never reached the processor do not come any more: the bank has the money.

    One that somebody holds at this moment is left alone, because they wait for the invoices that are held here.
    """
    waiting = Refund.objects.filter(payment=dispute.payment_id, state=Refund.State.PENDING, external_id=None)
    for refund in waiting.select_for_update(skip_locked=True):
        refunds.fail_refund(refund=refund, failure=Reason(BillingReason.REFUND_DISPUTED), now=now)


def _bring_back(dispute: Dispute, amount: Money, now: datetime) -> None:
    """Rows for money that came back, to the invoices from which it was taken."""
    shares = _locked_shares(dispute.payment_id)
    limits = [Money(_booked_of(dispute, share), amount.currency) for share in shares]
    for share, part in zip(shares, spread(amount, limits), strict=True):
        if part:
            _post(Kind.DISPUTE_REVERSED, part, dispute, share, now)


def _booked_of(dispute: Dispute, share: PaymentShare) -> int:
    rows = LedgerEntry.objects.filter(dispute=dispute, invoice=share.invoice_id)
    return max(sum(rows.values_list("amount", flat=True)), 0)


def _post(kind: Kind, amount: Money, dispute: Dispute, share: PaymentShare, now: datetime) -> None:
    is_taken = kind == Kind.DISPUTED
    share.disputed_amount += amount.amount if is_taken else -amount.amount
    share.save(update_fields=["disputed_amount"])
    invoice = Invoice.objects.get(pk=share.invoice_id)
    reason = Reason(BillingReason.DISPUTE_WITHDRAWN if is_taken else BillingReason.DISPUTE_REINSTATED)
    ledger.post(
        kind, amount, invoice=invoice, payment=dispute.payment, dispute=dispute, reason=reason, by=audit.SYSTEM, now=now
    )  # fmt: skip
    settlement.update_state(invoice, now)


def _mark(dispute: Dispute) -> None:
    """Let each invoice of the payment say whether a bank decides about a payment of it."""
    for share in PaymentShare.objects.filter(payment=dispute.payment_id):
        running = running_disputes().filter(payment__shares__invoice=share.invoice_id)
        Invoice.objects.filter(pk=share.invoice_id).update(is_disputed=running.exists())


def tell_of_last_days(*, now: datetime) -> None:
    """Tell whoever bills of disputes that nobody has answered and whose last day comes near. A nightly job."""
    for known in disputes_to_answer():
        with transaction.atomic():
            dispute = Dispute.objects.select_for_update().get(pk=known.pk)
            if is_reminded(dispute.stage, dispute.due_at, dispute.told, now):
                dispute.told += 1
                dispute.save(update_fields=["told"])
                notifications.dispute_due(dispute)
