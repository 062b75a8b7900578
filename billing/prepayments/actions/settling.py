"""What becomes of the money: it comes in with an invoice of its own, is matched with what the place costs, and what is left goes back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.actions import credit_notes
from billing.actions.credit_notes import Credit
from billing.actions.invoices import Item, draft_invoice, issue_invoice
from billing.gateways import gateway
from billing.models import Charge, CreditNote, Invoice, Payment, PaymentShare
from billing.prepayments import notifications, wording
from billing.prepayments.actions.asking import close, promise_release
from billing.prepayments.audit_codes import PrepaymentsAudit
from billing.prepayments.models import Prepayment, PrepaymentAttempt
from billing.prepayments.queries import available, with_tax
from billing.prepayments.reasons import PrepaymentReason
from billing.prepayments.rules.prepaying import until_after_refusal, used_of
from billing.queries import organization
from billing.queries.invoices import totals_of
from billing.queries.payers import agent_payer, login_payer
from billing.rules.payment_progress import PaymentState
from core.kernel import audit
from core.kernel.models import REASON_FIELDS
from core.kernel.money import Money
from core.kernel.reasons import Reason, stored_reason
from core.notifications.languages import in_language_of
from core.people.models import Client

PREPAID = "prepaid"


@transaction.atomic
def follow_payment(*, payment: Payment, now: datetime) -> None:
    """A card payment for a prepayment has moved: refused, it leaves at least an hour; succeeded, it gets the invoice that it pays."""
    attempt = PrepaymentAttempt.objects.filter(payment=payment).first()
    if attempt is None:
        return
    if payment.state == PaymentState.REFUSED:
        _leave_an_hour(attempt, now)
    if payment.state == PaymentState.SUCCEEDED and not payment.shares.exists():
        locked = _locked(attempt.prepayment_id)
        invoice = _invoice_of(locked, payment, now)
        PaymentShare.objects.create(payment=payment, invoice=invoice, amount=payment.amount, currency=payment.currency)
        if locked.state == Prepayment.State.ASKED:
            locked.state, locked.paid_at, locked.invoice = Prepayment.State.HELD, now, invoice
            locked.save(update_fields=["state", "paid_at", "invoice"])
            audit.record(PrepaymentsAudit.PREPAYMENT_PAID, by=locked.payer, subject=locked)


def _locked(pk: Any) -> Prepayment:
    """The row under its lock, and then what it refers to: joined in the same question, that would be as it was before the wait."""
    Prepayment.objects.select_for_update().get(pk=pk)
    return Prepayment.objects.select_related("client", "payer", "payer_agent__user", "invoice").get(pk=pk)


def _leave_an_hour(attempt: PrepaymentAttempt, now: datetime) -> None:
    locked = _locked(attempt.prepayment_id)
    if locked.state != Prepayment.State.ASKED or locked.refused_at is not None:
        return
    until = until_after_refusal(locked.due_at, now, locked.happens_at)
    changes = {"until": [locked.due_at.isoformat(), until.isoformat()]}
    if until > locked.due_at:
        promise_release(locked, until)
    locked.due_at, locked.refused_at = until, now
    locked.save(update_fields=["due_at", "refused_at"])
    audit.record(PrepaymentsAudit.PREPAYMENT_REFUSED, by=locked.payer, subject=locked, changes=changes)


def _invoice_of(prepayment: Prepayment, payment: Payment, now: datetime) -> Invoice:
    """The invoice of what was paid in advance, over exactly what came in."""
    agent = prepayment.payer_agent
    payer = agent_payer(agent) if agent is not None else login_payer(prepayment.payer, prepayment.client)
    with in_language_of(prepayment.payer):
        item = Item(wording.line(prepayment), prepayment.money, prepayment.tax_rate, detail=wording.detail(prepayment))
    draft = draft_invoice(
        client=prepayment.client,
        items=[item],
        due_on=organization.today(now),
        payer=payer,
        is_paid_already=True,
        by=audit.SYSTEM,
        now=now,
    )
    if draft.prices_include_tax != prepayment.prices_include_tax:  # the settings have changed since it was asked for
        draft.prices_include_tax = prepayment.prices_include_tax
        draft.total_amount = totals_of(draft).gross.amount
        draft.save(update_fields=["prices_include_tax", "total_amount"])
    return issue_invoice(invoice=draft, sends=False, by=audit.SYSTEM, now=now)


@transaction.atomic
def give_back_if_late(*, payment: Payment, now: datetime) -> None:
    """What came in for a place that is not there any more, or for a second time, goes back at once."""
    attempt = PrepaymentAttempt.objects.filter(payment=payment).first()
    share = payment.shares.select_related("invoice__client").first()
    if attempt is None or share is None:
        return
    locked = _locked(attempt.prepayment_id)
    if locked.invoice_id == share.invoice_id:
        notifications.prepayment_paid(locked)
        return
    audit.record(
        PrepaymentsAudit.PREPAYMENT_LATE,
        by=audit.SYSTEM,
        subject=locked,
        changes={"amount": [None, str(payment.money)]},
    )
    _credit(locked, share.invoice, share.money, is_late=True, now=now)


@transaction.atomic
def meet_charge(*, charge: Charge, now: datetime) -> None:
    """Take what was paid in advance off a new charge, after packages; what is left of it goes back."""
    found = Prepayment.objects.filter(
        appointment_id=charge.appointment_id, client=charge.client, state=Prepayment.State.HELD
    )
    pk = found.values_list("pk", flat=True).first() if charge.appointment_id else None
    if pk is None:
        return
    locked = _locked(pk)
    if locked.state != Prepayment.State.HELD or locked.invoice is None:
        return
    there, there_with_tax = available(locked)
    used = used_of(there, charge.price)
    if used:
        _take_off(charge, used, locked.invoice)
    left = there_with_tax - with_tax(locked, used) if used else there_with_tax
    _settle(locked, used, left, charge=charge if used else None, now=now)


def _take_off(charge: Charge, used: Money, invoice: Invoice) -> None:
    why = stored_reason(charge.reason_code, charge.reason_values) or charge.reason
    whole = used == charge.price
    code = PrepaymentReason.PREPAID if whole else PrepaymentReason.PARTLY_PREPAID
    charge.amount -= used.amount
    charge.source = PREPAID
    if whole:
        charge.state = Charge.State.PREPAID
    charge.give_reason(Reason(code, {"amount": used, "number": str(invoice.number), "price": why}))
    charge.save(update_fields=["amount", "source", "state", *REASON_FIELDS])


def _settle(locked: Prepayment, used: Money, left: Money, *, charge: Charge | None, now: datetime) -> None:
    locked.state = Prepayment.State.USED if used else Prepayment.State.RETURNED
    locked.used_amount, locked.returned_amount, locked.settled_at = used.amount, max(left.amount, 0), now
    locked.charge = charge
    locked.save(update_fields=["state", "used_amount", "returned_amount", "settled_at", "charge"])
    code = PrepaymentsAudit.PREPAYMENT_USED if used else PrepaymentsAudit.PREPAYMENT_RETURNED
    changes = {"used": [None, str(used)], "given back": [None, str(locked.returned)]}
    audit.record(code, by=audit.SYSTEM, subject=locked, changes=changes)
    if left.amount > 0 and locked.invoice is not None:
        _credit(locked, locked.invoice, left, is_late=False, now=now)


def _credit(locked: Prepayment, invoice: Invoice, amount: Money, *, is_late: bool, now: datetime) -> None:
    """A credit note, and the money back to the card; where the card cannot take so fine an amount, it stays as credit."""
    invoice.refresh_from_db()
    with in_language_of(locked.payer):
        memo = wording.late_memo(locked) if is_late else wording.rest_memo(locked)
    credit_notes.credit_invoice(
        invoice=invoice,
        credit=Credit(None if amount == invoice.claim else amount),
        reason=CreditNote.Reason.ORDER_CHANGE,
        memo=memo,
        refunds_paid=gateway().step_refusal_of(amount) is None,
        by=audit.SYSTEM,
        now=now,
    )


@transaction.atomic
def close_places(*, appointment_id: Any, clients: Iterable[Client], now: datetime) -> None:
    """These places are over, and what they cost is charged: what is held still was not needed and goes back; what was not paid is not
    asked for any more."""
    open_states = [Prepayment.State.ASKED, Prepayment.State.HELD]
    found = Prepayment.objects.filter(
        appointment_id=appointment_id, client__in=[client.pk for client in clients], state__in=open_states
    )
    for pk in list(found.order_by("pk").values_list("pk", flat=True)):
        locked = _locked(pk)
        if locked.state == Prepayment.State.ASKED:
            close(locked, Prepayment.State.WITHDRAWN, now=now)
            audit.record(PrepaymentsAudit.PREPAYMENT_WITHDRAWN, by=audit.SYSTEM, subject=locked)
        elif locked.state == Prepayment.State.HELD:
            _, there = available(locked)
            _settle(locked, Money.zero(locked.currency), there, charge=None, now=now)


@transaction.atomic
def follow_move(*, appointment_id: Any, starts_at: datetime) -> None:
    """It begins at another time: what awaits payment waits no longer than that."""
    for locked in Prepayment.objects.select_for_update().filter(
        appointment_id=appointment_id, state__in=[Prepayment.State.ASKED, Prepayment.State.HELD]
    ):
        locked.happens_at = starts_at
        if locked.state == Prepayment.State.ASKED and starts_at < locked.due_at:
            locked.due_at = starts_at
            promise_release(locked, starts_at)
        locked.save(update_fields=["happens_at", "due_at"])
