"""What is open, by how long it has been overdue: the worked table, the sums, the page and the file."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from billing.actions import manual_payments
from billing.models import Invoice
from billing.queries.ageing import is_of_age, sums_by_age
from billing.rules.ageing import Age, age_of, days_overdue, due_between
from core.kernel import clock
from core.kernel.money import Money
from tests.factories.till import credit, issue
from tests.rules_tables import rows

TODAY = date(2030, 6, 1)


@pytest.mark.parametrize("row", rows("ageing"))
def test_age_follows_the_worked_table(row):
    due_on = datetime.strptime(f"{row[0]} 2030", "%d %B %Y").date()  # noqa: DTZ007 because it is a day

    assert (str(days_overdue(due_on, TODAY)), str(age_of(due_on, TODAY))) == row[1:]


def test_every_day_is_of_exactly_one_age():
    for days in range(-5, 200):
        due_on = TODAY - timedelta(days=days)
        ages = [
            age
            for age in Age
            for first, last in [due_between(age, TODAY)]
            if (first is None or first <= due_on) and (last is None or due_on <= last)
        ]
        assert ages == [age_of(due_on, TODAY)]


@pytest.fixture
def aged(till):
    """Open invoices of Cora, due 0, 5, 45, 75 and 200 days ago; of the last a part is paid and a part credited."""
    till.aged = []
    for days in (0, 5, 45, 75, 200):
        invoice = issue(till, amount=1000 + days)
        Invoice.objects.filter(pk=invoice.pk).update(due_on=clock.now().date() - timedelta(days=days))
        till.aged.append(Invoice.objects.get(pk=invoice.pk))
    last = till.aged[-1]
    manual_payments.record_payment(
        invoice=last, amount=Money(200, "EUR"), means="cash", received_on=till.now.date(), by=till.nora, now=till.now
    )
    credit(till, Invoice.objects.get(pk=last.pk), 100)
    return till


def test_sums_are_of_what_is_still_due(aged, django_assert_num_queries):
    today = clock.now().date()
    with django_assert_num_queries(1):
        sums = sums_by_age(Invoice.objects.all(), today)

    assert [amount.amount for amount in sums["EUR"].values()] == [1000, 1005, 1045, 1075, 900]
    assert Invoice.objects.filter(is_of_age(Age.TO_60, today)).get() == aged.aged[2]


def test_page_shows_them_and_leads_to_the_invoices(aged, visit):
    browser, address = visit(aged.nora), reverse("billing:invoices")
    page = browser.get(address).content.decode()
    assert "€50.25" in page and "?age=31-60" in page and "?age=90%2B" in page

    found = browser.get(address, {"age": "90+"}).content.decode()

    assert aged.aged[4].number in found and aged.aged[0].number not in found
    assert browser.get(address, {"age": "nonsense"}).status_code == 200
    assert "Open, by age" not in browser.get(f"{address}?q=marten").content.decode()
    assert "Open, by age" not in visit(aged.gus).get(address).content.decode()


def test_file_has_what_was_asked_for_and_no_formula(aged, visit):
    Invoice.objects.filter(pk=aged.aged[4].pk).update(payer_name="=cmd()")

    answer = visit(aged.nora).get(reverse("billing:invoices-file"), {"age": "90+"})

    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="invoices.csv"'
    assert dict(zip(head, row, strict=True))["Who pays"] == "'=cmd()"
    assert row[-5:] == ["12.00", "1.00", "2.00", "0.00", "9.00"] and row[5] == "200"


def test_file_has_nothing_for_those_who_see_no_costs(aged, visit):
    assert visit(aged.tess).get(reverse("billing:invoices-file")).status_code == 404
    theirs = visit(aged.ada).get(reverse("billing:invoices-file")).content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(theirs)))) == 1
