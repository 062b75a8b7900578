"""News of a dispute from several workers at once, a refund beside them: real threads; booked once, and never more than there is."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connections
from django.db.models import Sum

from billing.actions import refunds
from billing.models import Dispute, Invoice, LedgerEntry, PaymentShare
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.people.models import Client, LinkedLogin, User
from tenants.context import organization_context
from tests.factories.committed import committed_organization
from tests.factories.disputes import card_payment, dispute
from tests.factories.till import NOW, issue

THREADS = 6


@pytest.fixture(scope="module")
def bank(django_db_setup, django_db_blocker):
    """A client whose guardian pays by card, committed."""
    with committed_organization(slug="bank", host="bank.test", blocker=django_db_blocker) as found:
        owner = User.objects.get(email="olive@bank.test")
        gus = User.objects.create_user(email="gus@bank.test", name="Gus", time_zone="UTC")
        cora = Client.objects.create(first_name="Cora", last_name="Winter", time_zone="UTC")
        LinkedLogin.objects.create(user=gus, client=cora, relationship="guardian")
        yield SimpleNamespace(organization=found, nora=owner, gus=gus, cora=cora, now=NOW, number=0)


@pytest.fixture
def paid(bank):
    """Another payment of two invoices."""
    with organization_context(bank.organization):
        bank.number += 1
        bank.made = [issue(bank, amount=6000), issue(bank, amount=4000)]
        bank.payment = card_payment(bank, *bank.made, number=bank.number)
        yield bank


def at_once(bank, *acts):
    """What became of each: "done", or a refusal's code."""
    start = threading.Barrier(len(acts), timeout=30)

    def run(act):
        with organization_context(bank.organization):
            try:
                start.wait()
                act()
            except DomainError as refused:
                return refused.code
            else:
                return "done"
            finally:
                connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def away(bank) -> int:
    rows = LedgerEntry.objects.filter(payment=bank.payment, kind__in=["disputed", "dispute_reversed"])
    return rows.aggregate(sum=Sum("amount"))["sum"] or 0


def hear(bank, state, *movements):
    return lambda: dispute(bank.payment, state, *movements, number=bank.number)


def test_same_news_from_six_workers_count_once(paid):
    assert at_once(paid, *[hear(paid, "needs_response", -10000)] * THREADS) == ["done"] * THREADS

    assert Dispute.objects.filter(payment=paid.payment).count() == 1
    assert away(paid) == 10000
    assert [Invoice.objects.get(pk=each.pk).due.amount for each in paid.made] == [6000, 4000]


def test_beginning_and_end_at_once_leave_the_end(paid):
    news = [hear(paid, "needs_response", -10000), hear(paid, "won", -10000, 10000), hear(paid, "needs_response")] * 2

    assert at_once(paid, *news) == ["done"] * 6

    found = Dispute.objects.get(payment=paid.payment)
    assert (found.state, found.booked_amount, away(paid)) == ("won", 0, 0)
    assert all(Invoice.objects.get(pk=each.pk).state == "paid" for each in paid.made)
    assert not Invoice.objects.filter(pk__in=[each.pk for each in paid.made], is_disputed=True).exists()


def test_refund_beside_the_bank_never_takes_more_than_there_is(paid):
    def refund():
        refunds.refund_invoice(
            invoice=paid.made[0], payment=paid.payment, amount=Money(6000, "EUR"), reason="x", by=paid.nora, now=NOW
        )

    became = at_once(paid, hear(paid, "needs_response", -10000), refund, refund)

    assert became[0] == "done" and set(became[1:]) <= {"done", "amount_too_high"}
    assert away(paid) == 10000
    for share in PaymentShare.objects.filter(payment=paid.payment):
        assert share.refunded_amount + share.disputed_amount <= share.amount
