"""Refunds and money by hand: never removed, only reversed, and the ledger always adds up."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.actions import manual_payments, payments, refunds
from billing.models import Invoice, LedgerEntry, Payment, PaymentShare, Refund
from billing.queries.invoices import balance_of
from core.kernel import outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.money import Money
from tests.factories.till import issue


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def receive(till, invoice, amount: int = 8000) -> Payment:
    return manual_payments.record_payment(
        invoice=invoice,
        amount=euros(amount),
        means="transfer",
        received_on=date(2026, 11, 20),
        by=till.nora,
        now=till.now,
    )


def refund(till, invoice, payment, amount: int, by=None) -> Refund:
    return refunds.refund_invoice(
        invoice=invoice, payment=payment, amount=euros(amount), reason="unwell", by=by or till.nora, now=till.now
    )


def fresh(invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def adds_up(invoice: Invoice) -> bool:
    """The invoice's running amounts are those of its ledger rows."""
    owed = LedgerEntry.objects.filter(invoice=invoice).aggregate(sum=Sum("amount"))["sum"] or 0
    return owed == invoice.standing.balance.amount


def paid_by_card(shop) -> tuple[Invoice, Payment]:
    invoice = issue(shop)
    started = payments.start_payment(invoices=[invoice.pk], by=shop.gus, now=shop.now)
    shop.processor.pay(shop.account.external_id, started.payment.external_id)
    return invoice, payments.refresh_payment(payment=started.payment, now=shop.now)


def test_partial_then_full_refund_by_card(shop):
    invoice, payment = paid_by_card(shop)

    refund(shop, invoice, payment, 3000)
    outbox.deliver_due()
    assert (fresh(invoice).state, fresh(invoice).refunded_amount) == ("partly_refunded", 3000)
    refund(shop, invoice, payment, 5000)
    outbox.deliver_due()
    outbox.deliver_due()

    assert fresh(invoice).state == "refunded"
    assert balance_of(shop.cora, "EUR") == euros(0)
    assert sum(message.subject.startswith("Refund") for message in mail.outbox) == 2
    given_back = shop.processor.client.v1.refunds.list({}, {"stripe_account": payment.account_id}).data
    assert sorted(one.amount for one in given_back) == [3000, 5000]


def test_webhooks_of_our_own_refund_change_nothing_more(shop, hook):
    invoice, payment = paid_by_card(shop)
    refund(shop, invoice, payment, 3000)
    outbox.deliver_due()

    hook(shop.processor.delivered("refund.created")[0])

    assert Refund.objects.count() == 1 and fresh(invoice).refunded_amount == 3000


def test_refund_made_at_the_processor_is_entered_once(shop, hook):
    invoice, payment = paid_by_card(shop)
    options = {"stripe_account": payment.account_id}
    shop.processor.client.v1.refunds.create({"payment_intent": payment.external_id, "amount": 2000}, options)
    event = shop.processor.delivered("refund.created")[0]

    hook(event)
    hook(event)

    assert fresh(invoice).refunded_amount == 2000 and adds_up(fresh(invoice))


def test_refund_that_the_processor_refuses_frees_the_amount_and_tells_staff(shop):
    invoice, payment = paid_by_card(shop)
    options = {"stripe_account": payment.account_id}
    made = refund(shop, invoice, payment, 8000)
    shop.processor.client.v1.refunds.create({"payment_intent": payment.external_id}, options)

    outbox.deliver_due()

    assert Refund.objects.get(pk=made.pk).state == "failed"
    assert PaymentShare.objects.get().refunded_amount == 0
    assert fresh(invoice).state == "paid"


def test_no_more_than_was_paid_is_given_back(till):
    invoice = issue(till)
    payment = receive(till, invoice)
    refund(till, invoice, payment, 5000)

    with pytest.raises(DomainError) as refused:
        refund(till, invoice, payment, 3001)
    assert refused.value.code == "amount_too_high"
    refund(till, invoice, payment, 3000)
    with pytest.raises(PermissionDenied):
        refund(till, invoice, payment, 1, by=till.gus)


def test_part_payment_leaves_the_rest_due(till):
    invoice = issue(till)
    receive(till, invoice, 3000)

    assert (fresh(invoice).state, fresh(invoice).due) == ("open", euros(5000))
    with pytest.raises(DomainError):
        receive(till, fresh(invoice), 5001)
    receive(till, fresh(invoice), 5000)
    assert fresh(invoice).state == "paid"


def test_reversed_payment_stays_and_opens_the_invoice_again(till):
    invoice = issue(till)
    payment = receive(till, invoice)

    manual_payments.reverse_payment(payment=payment, reason="wrong client", by=till.nora, now=till.now)

    assert (fresh(invoice).state, balance_of(till.cora, "EUR")) == ("open", euros(8000))
    entry = LedgerEntry.objects.get(kind="payment_reversed")
    assert entry.reverses.kind == "paid" and entry.amount == 8000
    with pytest.raises(ConflictError):
        manual_payments.reverse_payment(payment=payment, reason="again", by=till.nora, now=till.now)


def test_card_payment_is_refunded_and_never_reversed(shop):
    _, payment = paid_by_card(shop)
    with pytest.raises(ConflictError):
        manual_payments.reverse_payment(payment=payment, reason="no", by=shop.nora, now=shop.now)


def test_money_from_the_future_is_refused(till):
    invoice = issue(till)
    with pytest.raises(DomainError) as refused:
        manual_payments.record_payment(
            invoice=invoice,
            amount=euros(1),
            means="cash",
            received_on=till.now.date() + timedelta(days=1),
            by=till.nora,
            now=till.now,
        )
    assert refused.value.field == "received_on"


ACTS = st.lists(st.tuples(st.sampled_from(["receive", "refund", "reverse"]), st.integers(1, 9000)), max_size=8)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_ledger_adds_up_after_any_acts(till, acts):
    invoice = issue(till)
    for act, amount in acts:
        try:
            if act == "receive":
                receive(till, fresh(invoice), amount)
            else:
                payment = Payment.objects.filter(shares__invoice=invoice, state="succeeded").order_by("?").first()
                if payment is not None and act == "refund":
                    refund(till, fresh(invoice), payment, amount)
                elif payment is not None:
                    manual_payments.reverse_payment(payment=payment, reason="mistake", by=till.nora, now=till.now)
        except DomainError:
            continue

    found = fresh(invoice)
    assert adds_up(found)
    assert found.refunded_amount <= found.paid_amount <= found.total_amount
