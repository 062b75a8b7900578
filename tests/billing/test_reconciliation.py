"""Books and processor compared: every kind of difference is found, told once, and taken over where the processor knows better."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from billing.actions import accounts, manual_payments, payments, refunds
from billing.actions.disputes import apply_dispute
from billing.gateways import gateway, stripe_movements
from billing.gateways.movements import Movement
from billing.models import Dispute, Invoice, Payment, Refund
from billing.outbox_names import RECONCILE_PAYMENT
from billing.reconciliation.actions import comparing, taking_over
from billing.reconciliation.models import Difference, Reconciliation
from core.kernel import outbox
from core.kernel.errors import ConflictError, DomainError, GatewayError
from core.kernel.models import OutboxMessage
from core.kernel.money import Money
from core.notifications.models import Notice
from tests.factories.disputes import card_payment, decide, dispute_at_bank, paid_by_card
from tests.factories.till import issue
from tests.local.serving import post


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def compared(shop) -> list[tuple[str, str]]:
    """What the differences of a comparison of everything are about, and what they are."""
    comparing.compare_now(by=shop.nora, now=shop.now)
    while outbox.deliver_due():
        pass
    last = Reconciliation.objects.first()
    assert last.state == "done"
    return sorted(last.differences.values_list("subject", "kind"))


def told() -> list[str]:
    return list(Notice.objects.filter(kind="books_differ").order_by("created_at").values_list("title", flat=True))


@pytest.fixture
def book(shop):
    """Paid, refunded, disputed and won, each in the books as at the processor; and cash beside it."""
    shop.first, shop.paid = paid_by_card(shop)
    shop.second, shop.refunded = paid_by_card(shop, 5000, 3000)
    shop.third, shop.disputed = paid_by_card(shop, 7000)
    shop.fourth, shop.won = paid_by_card(shop, 9000)
    refunds.refund_invoice(
        invoice=shop.second[0], payment=shop.refunded, amount=euros(2000), reason="unwell", by=shop.nora, now=shop.now
    )
    outbox.deliver_due(limit=100)
    shop.dispute_id, won = dispute_at_bank(shop, shop.disputed), dispute_at_bank(shop, shop.won)
    for payment, key in ((shop.disputed, shop.dispute_id), (shop.won, won)):
        hear(shop, payment, key)
    decide(shop, won, "won")
    hear(shop, shop.won, won)
    manual_payments.record_payment(
        invoice=issue(shop), amount=euros(8000), means="cash", received_on=shop.now.date(), by=shop.nora, now=shop.now
    )
    post(f"{shop.processor.url}/_sandbox/accounts/{shop.account.external_id}/payout")
    return shop


def hear(shop, payment, key):
    facts = gateway().retrieve_dispute(payment.account_id, key)
    return apply_dispute(payment=payment, facts=facts, now=shop.now)


def test_books_that_agree_have_no_difference(book):
    assert compared(book) == []

    last = Reconciliation.objects.get()
    assert (last.payments, last.refunds, last.disputes) == (4, 1, 2)
    assert told() == []


def test_payment_whose_news_never_came_is_found_and_taken_over(book):
    shop, invoice = book, issue(book)
    started = payments.start_payment(invoices=[invoice.pk], by=shop.gus, now=shop.now).payment
    shop.processor.pay(shop.account.external_id, started.external_id)
    OutboxMessage.objects.filter(name=RECONCILE_PAYMENT).delete()  # and nobody has looked

    assert compared(shop) == [("payment", "missing_here")]
    found = Difference.objects.get()
    assert (found.ours, found.theirs, found.payment) == (None, euros(8000), started)
    assert told() == ["One difference between your books and the payment service"]

    taking_over.take_over(difference=found, by=shop.nora, now=shop.now)
    assert Invoice.objects.get(pk=invoice.pk).state == "paid"
    with pytest.raises(ConflictError):
        taking_over.take_over(difference=Difference.objects.get(), by=shop.nora, now=shop.now)
    assert compared(shop) == []


def test_payment_made_in_the_dashboard_is_found_and_not_taken_over(book):
    shop, options = book, {"stripe_account": book.account.external_id}
    shop.processor.client.v1.payment_intents.create(
        {
            "amount": 1234, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True, "description": "At the desk 山田",
            "payment_method_types": ["card"],
        },
        options,
    )  # fmt: skip

    assert compared(shop) == [("payment", "missing_here")]
    found = Difference.objects.get()
    assert (found.words, found.payment, found.can_be_taken_over) == ("At the desk 山田", None, False)
    with pytest.raises(ConflictError):
        taking_over.take_over(difference=found, by=shop.nora, now=shop.now)


def test_payment_that_never_came_in_is_found(book):
    card_payment(book, issue(book))
    Payment.objects.filter(external_id="pi_books1").update(account_id=book.account.external_id)

    assert compared(book) == [("payment", "missing_there")]


def test_refund_that_the_bank_sent_back_without_a_word_is_found_and_taken_over(book):
    refund = Refund.objects.get()
    post(f"{book.processor.url}/_sandbox/refunds/{refund.external_id}/fail")

    assert compared(book) == [("refund", "missing_there")]
    found = Difference.objects.get()
    assert found.payment == book.refunded
    taking_over.take_over(difference=found, by=book.nora, now=book.now)
    refund.refresh_from_db()
    assert refund.state == "failed" and compared(book) == []


def test_refund_in_the_dashboard_is_found_and_taken_over(book):
    options = {"stripe_account": book.account.external_id}
    book.processor.client.v1.refunds.create({"payment_intent": book.paid.external_id, "amount": 300}, options)

    assert compared(book) == [("refund", "missing_here")]
    taking_over.take_over(difference=Difference.objects.get(), by=book.nora, now=book.now)
    assert Invoice.objects.get(pk=book.first[0].pk).refunded == euros(300)
    assert compared(book) == []


def test_dispute_without_news_is_found_and_taken_over(book):
    dispute_at_bank(book, book.paid)

    assert compared(book) == [("dispute", "missing_here")]
    taking_over.take_over(difference=Difference.objects.get(), by=book.nora, now=book.now)
    assert Dispute.objects.filter(payment=book.paid).get().booked == euros(8000)
    assert compared(book) == []


def test_dispute_that_was_won_without_news_is_found(book):
    decide(book, book.dispute_id, "won")

    assert compared(book) == [("dispute", "missing_there")]
    taking_over.take_over(difference=Difference.objects.get(), by=book.nora, now=book.now)
    assert compared(book) == [] and Invoice.objects.get(pk=book.third[0].pk).state == "paid"


def test_amounts_rows_and_sums_that_differ_are_found(book):
    Payment.objects.filter(pk=book.paid.pk).update(amount=7999)
    Invoice.objects.filter(pk=book.third[0].pk).update(paid_amount=6999, disputed_amount=6999)

    assert compared(book) == [("ledger", "amount"), ("payment", "amount")]

    Invoice.objects.filter(pk=book.third[0].pk).update(paid_amount=6998)
    assert compared(book) == [("invoice", "amount"), ("ledger", "amount"), ("payment", "amount")]


def test_movement_for_nothing_of_ours_is_found(book, monkeypatch):
    known = type(gateway()).movements
    correction = Movement("other", "txn_1", "", euros(700), "Correction")
    monkeypatch.setattr(
        type(gateway()), "movements", lambda self, account, since: [*known(self, account, since), correction]
    )

    assert compared(book) == [("movement", "missing_here")]
    assert Difference.objects.get().words == "Correction"


def test_told_only_of_what_is_new(book):
    dispute_at_bank(book, book.paid)
    compared(book)
    compared(book)
    assert len(told()) == 1

    decide(book, book.dispute_id, "won")
    compared(book)
    assert told()[-1] == "2 differences between your books and the payment service"


def test_at_night_only_the_last_weeks_are_compared(book, monkeypatch):
    asked = []
    known = type(gateway()).movements
    monkeypatch.setattr(
        type(gateway()), "movements", lambda self, account, since: asked.append(since) or known(self, account, since)
    )
    comparing.compare_at_night(now=book.now)
    comparing.compare_at_night(now=book.now)
    while outbox.deliver_due():
        pass

    [last] = Reconciliation.objects.all()
    assert last.since == book.now - comparing.WINDOW
    assert asked == [last.since - comparing.EARLIER]
    assert not last.differences.exists()


def test_payment_from_before_the_window_is_asked_for_by_itself(book):
    """Its news came weeks late: it is in the books of today, and at the processor long before."""
    later = book.now + timedelta(days=365)
    Payment.objects.filter(pk=book.paid.pk).update(succeeded_at=later)
    comparing.compare_at_night(now=later)
    while outbox.deliver_due():
        pass

    assert not Reconciliation.objects.get().differences.exists()


def test_one_at_a_time_and_only_by_whoever_bills(book):
    with pytest.raises(PermissionDenied):
        comparing.compare_now(by=book.tess, now=book.now)
    comparing.compare_now(by=book.nora, now=book.now)
    with pytest.raises(ConflictError):
        comparing.compare_now(by=book.nora, now=book.now)
    comparing.compare_at_night(now=book.now)
    assert Reconciliation.objects.count() == 1


def test_without_an_account_nothing_is_promised(till):
    comparing.compare_at_night(now=till.now)
    with pytest.raises(DomainError):
        comparing.compare_now(by=till.nora, now=till.now)
    assert not Reconciliation.objects.exists()


@pytest.mark.parametrize(("permanent", "state"), [(False, "waiting"), (True, "failed")])
def test_processor_away_is_asked_again_and_one_that_refuses_is_given_up(book, monkeypatch, permanent, state):
    def away(*_args):
        raise GatewayError("away", permanent=permanent)

    monkeypatch.setattr(type(gateway()), "movements", away)
    comparing.compare_now(by=book.nora, now=book.now)
    outbox.deliver_due(limit=10)

    assert Reconciliation.objects.get().state == state


def test_account_that_is_gone_says_so(book):
    accounts.disconnect_account(by=book.nora, now=book.now)
    with pytest.raises(DomainError):
        comparing.compare_now(by=book.nora, now=book.now)


def test_reads_in_pages(book, monkeypatch):
    monkeypatch.setattr(stripe_movements, "PAGE", 2)

    assert compared(book) == []
