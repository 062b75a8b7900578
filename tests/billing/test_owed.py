"""A page of who owes what: the rows that the whole list has there, and sums of all, in one question."""

import pytest

from billing.models import LedgerEntry
from billing.queries.invoices import sums_of_balances, unsettled
from billing.queries.owed import page_of_unsettled
from core.people.models import Client
from tests.factories.scheduling import make_client
from tests.factories.till import issue

TWO = 2


@pytest.fixture
def five(till):
    """Five who owe, of whom two owe the same; one in francs as well, and one who owes nothing any more."""
    amounts = (9000, 4000, 7000, 4000, 1000)
    for number, amount in enumerate(amounts):
        issue(till, client=make_client(f"Client {number}"), amount=amount)
    invoice = issue(till, client=make_client("Settled"), amount=500)
    for client, amount, currency in (
        (invoice.client, -500, "EUR"),
        (Client.objects.get(first_name="Client 2"), 300, "CHF"),
    ):
        LedgerEntry.objects.create(at=till.now, kind="credited", client=client, invoice=invoice, amount=amount, currency=currency, by="")  # fmt: skip
    return Client.objects.all()


@pytest.mark.parametrize(
    ("asked", "number"), [(None, 1), ("2", 2), ("3", 3), ("4", 3), ("0", 3), ("-1", 3), ("x", 1), ("9" * 30, 3)]
)
def test_a_page_has_its_part_of_the_whole_list(five, asked, number):
    page, _ = page_of_unsettled(five, asked, TWO)

    whole = [tuple(row.values()) for row in unsettled(five)]
    assert (page.number, page.paginator.num_pages, page.paginator.count) == (number, 3, 6)
    assert [tuple(row[name] for name in ("client_id", "currency", "sum")) for row in page] == whole[
        TWO * (number - 1) :
    ][:TWO]


def test_the_sums_are_those_of_all_pages(five):
    _, sums = page_of_unsettled(five, "2", TWO)

    assert sums == sums_of_balances(five)
    assert [(each.currency, each.amount) for each in sums] == [("CHF", 300), ("EUR", 25000)]


def test_it_is_one_question_however_many_there_are(five, django_assert_num_queries):
    with django_assert_num_queries(1):
        page_of_unsettled(five, "2", TWO)


@pytest.mark.parametrize("nobody", [Client.objects.none, lambda: Client.objects.filter(first_name="Nobody")])
def test_of_nobody_there_is_one_empty_page(five, nobody):
    page, sums = page_of_unsettled(nobody(), "3", TWO)

    assert (list(page), sums, page.number, page.paginator.num_pages) == ([], [], 1, 1)


def test_of_some_clients_only_theirs_count(five):
    page, sums = page_of_unsettled(five.filter(first_name="Client 2"), None, TWO)

    assert {(row["currency"], int(row["sum"])) for row in page} == {("EUR", 7000), ("CHF", 300)}
    assert [(each.currency, each.amount) for each in sums] == [("CHF", 300), ("EUR", 7000)]
