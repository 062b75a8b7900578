"""Amounts as people type them, and that a refused invoice leaves nothing behind."""

import pytest
from django.urls import reverse

from billing.models import Invoice
from core.kernel.errors import DomainError
from core.kernel.money import Money
from tests.factories.till import issue


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("45", "EUR", 4500), ("45.5", "EUR", 4550), ("45,50", "EUR", 4550), (" 45.00 ", "EUR", 4500), ("0,05", "EUR", 5),
        ("1,234.50", "EUR", 123450), ("1.234,50", "EUR", 123450), ("1 234,50", "EUR", 123450), ("1’234.50", "CHF", 123450),
        ("1\u202f234,50", "EUR", 123450), ("1,000,000", "EUR", 100_000_000), ("1000000.00", "EUR", 100_000_000),
        ("1000", "EUR", 100_000), ("45.500", "KWD", 45_500), ("45.5000", "KWD", 45_500), ("1,234.500", "KWD", 1_234_500),
        ("5000", "JPY", 5000), ("5000.00", "JPY", 5000), ("-5", "EUR", -500),
    ],
)  # fmt: skip
def test_amount_is_read_as_it_is_written_here_and_there(text, currency, minor):
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("1,000", "EUR", "amount_unclear"), ("1.000", "EUR", "amount_unclear"), ("12,345", "KWD", "amount_unclear"),
        ("45.123", "JPY", "amount_unclear"), ("45.5555", "EUR", "amount_invalid"), ("0.555", "EUR", "amount_invalid"),
        ("1e5", "EUR", "amount_invalid"), ("NaN", "EUR", "amount_invalid"), ("Infinity", "EUR", "amount_invalid"),
        ("1,23,4.50", "EUR", "amount_invalid"), ("1,234,50", "EUR", "amount_invalid"), ("1.5", "JPY", "amount_invalid"),
        ("٤٥", "EUR", "amount_invalid"), ("4_5", "EUR", "amount_invalid"), ("45 EUR", "EUR", "amount_invalid"), ("-", "EUR", "amount_invalid"),
        ("1000000.01", "EUR", "amount_too_high"), ("99999999999999999999", "EUR", "amount_too_high"),
    ],
)  # fmt: skip
def test_amount_that_is_unclear_or_none_is_refused(text, currency, code):
    with pytest.raises(DomainError) as refused:
        Money.parse(text, currency)
    assert refused.value.code == code


def posted(till, visit, **other):
    values = {
        "client": till.cora.pk,
        "description": "Assessment",
        "price": "80",
        "tax_rate": "0",
        "due_on": "2030-01-31",
    }
    return visit(till.nora).post(reverse("billing:invoice-new"), values | other)


def test_amount_with_both_signs_is_issued_as_it_was_meant(till, visit):
    answer = posted(till, visit, price="1,234.50")

    assert answer.status_code == 302
    assert Invoice.objects.get().total_amount == 123450


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"price": "1,000"}, "can be read in two ways"),
        ({"price": "99999999999999999999"}, "At most €1,000,000.00 can be entered."),
        ({"price": "0"}, "There is nothing to pay on this invoice."),
        ({"due_on": "9999-12-31"}, "more than ten years away"),
        ({"due_on": "0001-01-01"}, "has passed already"),
    ],
)
def test_refused_invoice_leaves_nothing_and_keeps_what_was_typed(till, visit, wrong, sentence):
    answer = posted(till, visit, description="Hearing test", **wrong)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "Hearing test" in page
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("few", [0, 500], ids=["many-have-it", "few-have-it"])
@pytest.mark.parametrize(
    "query",
    ["Cora Winter", "winter, cora", "Cora", "Winter", "wintre", "Gus", "gus@north.test", "0001", "cora 0001"],
)
def test_invoice_is_found_by_full_name_and_number(till, visit, query, few, monkeypatch):
    monkeypatch.setattr("portal.billing.views.invoices.FEW", few)
    invoice = issue(till)

    assert invoice.number in visit(till.nora).get(reverse("billing:invoices"), {"q": query}).content.decode()


def test_invoice_of_somebody_else_is_not_found_by_half_a_name(till, visit):
    invoice = issue(till)

    assert (
        invoice.number not in visit(till.nora).get(reverse("billing:invoices"), {"q": "Cora Marten"}).content.decode()
    )
