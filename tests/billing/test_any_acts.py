"""Whatever happens to an invoice, in whatever order: the books add up, no claim is without a way to settle it, nobody pays an ended claim."""

from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace

import stripe
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.actions import invoices, manual_payments, payments, refunds
from billing.gateways import gateway
from billing.models import Dispute, Invoice, LedgerEntry, Payment, Refund
from core.kernel import outbox
from core.kernel.errors import DomainError
from core.kernel.money import Money
from tests.factories.disputes import dispute
from tests.factories.till import credit, issue

Act = Callable[[SimpleNamespace, Invoice, int], object]


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def _cash(shop, invoice, amount):
    return manual_payments.record_payment(
        invoice=invoice, amount=euros(amount), means="cash", received_on=shop.now.date(), by=shop.nora, now=shop.now
    )


def _begin(shop, invoice, amount):
    by = shop.gus if amount % 2 else shop.cora_login
    return payments.start_payment(invoices=[invoice.pk], by=by, now=shop.now)


def _at_the_processor(shop, invoice, card):
    """The payer's browser confirms whichever page was opened last, also one that we believe to have ended."""
    payment = invoice.payments.filter(means="card").exclude(external_id=None).order_by("-started_at", "-id").first()
    if payment is not None:
        with suppress(stripe.StripeError):
            shop.processor.pay(payment.account_id, payment.external_id, card)


def _look(shop, invoice, amount):
    for payment in invoice.payments.all():
        payments.refresh_payment(payment=payment, now=shop.now)


def _payment(invoice, amount, **wanted) -> Payment | None:
    found = list(invoice.payments.filter(state="succeeded", **wanted).order_by("started_at", "id"))
    return found[amount % len(found)] if found else None


def _refund(shop, invoice, amount, *, keeps_claim):
    payment = _payment(invoice, amount)
    if payment is not None:
        refunds.refund_invoice(
            invoice=invoice, payment=payment, amount=euros(amount), reason="back", keeps_claim=keeps_claim,
            by=shop.nora, now=shop.now,
        )  # fmt: skip


def _refund_in_the_dashboard(shop, invoice, amount):
    payment = _payment(invoice, amount, means="card")
    if payment is None:
        return
    with suppress(stripe.StripeError):
        made = shop.processor.client.v1.refunds.create(
            {"payment_intent": payment.external_id, "amount": amount}, {"stripe_account": payment.account_id}
        )
        result = gateway().retrieve_refund(payment.account_id, made.id)
        for _ in range(2):  # events come twice
            refunds.apply_refund(payment=payment, result=result, now=shop.now)


def _return_by_the_bank(shop, invoice, amount):
    refund = invoice.refunds.filter(state="succeeded").order_by("made_at").first()
    if refund is not None and refund.payment.means == "card" and refund.external_id and ":" not in refund.external_id:
        failure = refunds.Reason(refunds.BillingReason.REFUND_CARD_GONE)
        refunds.fail_refund(refund=refund, failure=failure, now=shop.now)


def _dispute(shop, invoice, amount):
    """The payer asks their bank for the money; news of it come twice, with older ones in between."""
    payment = _payment(invoice, amount, means="card")
    if payment is None or payment.disputes.exists():
        return
    whole = min(payment.amount, 4000 + amount)
    for state, *movements in (("needs_response", -whole), ("needs_response",), ("needs_response", -whole)):
        dispute(payment, state, *movements, number=payment.pk, amount=euros(whole))


def _decide(shop, invoice, amount):
    found = Dispute.objects.filter(payment__shares__invoice=invoice).order_by("opened_at", "id").first()
    if found is not None:
        won = (-found.amount, found.amount)
        news = ("won", *won) if amount % 2 else ("lost", -found.amount)
        dispute(found.payment, *news, number=found.payment_id, amount=found.money)


def _reverse(shop, invoice, amount):
    payment = _payment(invoice, amount, means="cash")
    if payment is not None:
        manual_payments.reverse_payment(payment=payment, reason="mistake", by=shop.nora, now=shop.now)


ACTS: dict[str, Act] = {
    "note cash": _cash,
    "begin by card": _begin,
    "card pays": lambda shop, invoice, amount: _at_the_processor(shop, invoice, "pm_card_visa"),
    "card asks the bank": lambda shop, invoice, amount: _at_the_processor(
        shop, invoice, "pm_card_threeDSecure2Required"
    ),
    "card is refused": lambda shop, invoice, amount: _at_the_processor(shop, invoice, "pm_card_chargeDeclined"),
    "look": _look,
    "void": lambda shop, invoice, amount: invoices.cancel_invoice(
        invoice=invoice, reason="typo", by=shop.nora, now=shop.now
    ),
    "claim less": lambda shop, invoice, amount: credit(shop, invoice, amount),
    "credit and refund": lambda shop, invoice, amount: credit(shop, invoice, amount, refunds_paid=True),
    "refund, not owed": lambda shop, invoice, amount: _refund(shop, invoice, amount, keeps_claim=False),
    "refund, still due": lambda shop, invoice, amount: _refund(shop, invoice, amount, keeps_claim=True),
    "refund elsewhere": _refund_in_the_dashboard,
    "bank returns a refund": _return_by_the_bank,
    "bank takes it back": _dispute,
    "bank decides": _decide,
    "reverse cash": _reverse,
    "worker": lambda shop, invoice, amount: outbox.deliver_due(),
}


def _check_books(invoice: Invoice) -> None:
    rows = LedgerEntry.objects.filter(invoice=invoice).aggregate(sum=Sum("amount"))["sum"]
    paid = sum(share.amount for share in invoice.shares.filter(payment__state="succeeded"))
    refunded = sum(refund.amount for refund in invoice.refunds.filter(state="succeeded"))
    away = sum(share.disputed_amount for share in invoice.shares.all())
    assert rows == invoice.claim.amount - (paid - refunded - away), "balance = claim - money kept"
    assert (invoice.paid_amount, invoice.refunded_amount, invoice.disputed_amount) == (paid, refunded, away)
    assert away == sum(Dispute.objects.filter(payment__shares__invoice=invoice).values_list("booked_amount", flat=True))
    assert 0 <= invoice.claim.amount <= invoice.total_amount
    assert (invoice.state == "open") == bool(invoice.due)
    for payment in invoice.payments.all():
        given_back = sum(refund.amount for refund in payment.refunds.exclude(state="failed"))
        assert given_back == payment.shares.get().refunded_amount <= payment.amount
        assert not given_back or payment.state == "succeeded"


def _check_settled(shop, invoice: Invoice) -> None:
    """Once news and promises have come, what is owed either way can be settled, and nothing else is payable."""
    _look(shop, invoice, 0)
    outbox.deliver_due(limit=1000)
    invoice.refresh_from_db()
    _check_books(invoice)
    for payment in invoice.payments.filter(means="card").exclude(external_id=None):
        intent = gateway().retrieve_payment(payment.account_id, payment.external_id)
        assert intent.state in ("cancelled", "succeeded") or (payment.is_live and payment.is_due)
    for _ in range(20):  # one payment after the other, as a person would
        if not invoice.overpaid:
            break
        share = next(each for each in invoice.shares.filter(payment__state="succeeded") if each.refundable)
        amount = min(share.refundable, invoice.overpaid)
        refunds.refund_invoice(
            invoice=invoice, payment=share.payment, amount=amount, reason="too much", by=shop.nora, now=shop.now
        )
        outbox.deliver_due(limit=1000)
        invoice.refresh_from_db()
    if invoice.due:
        _cash(shop, invoice, invoice.due.amount)
    invoice.refresh_from_db()
    assert not invoice.standing.balance and invoice.state != "open"
    _check_books(invoice)
    assert not Refund.objects.filter(invoice=invoice, state="pending").exists()


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(50, 9000)), min_size=2, max_size=9))
def test_books_add_up_and_everything_can_be_settled_after_any_acts(shop, acts):
    invoice = issue(shop)
    for act, amount in acts:
        with suppress(DomainError):  # refused, and nothing done
            ACTS[act](shop, Invoice.objects.get(pk=invoice.pk), amount)
        _check_books(Invoice.objects.get(pk=invoice.pk))

    _check_settled(shop, Invoice.objects.get(pk=invoice.pk))
