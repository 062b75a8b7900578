"""Credit notes by their worked table, and what holds of every history of them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules import credit_notes as rules
from billing.rules.tax import Line, RateTotal, totals_of
from core.kernel.errors import DomainError
from core.kernel.money import Money
from tests.rules_tables import rows

pytestmark = pytest.mark.unit


def euros(text: str) -> Money:
    return Money.parse(text.strip(), "EUR")


def line(text: str) -> Line:
    amount, rate = text.split(" at ")
    return Line(euros(amount), Decimal(rate))


def credited(invoice: list[Line], credit: str, taken: list[RateTotal]) -> list[RateTotal]:
    """One credit after those that were taken."""
    totals = totals_of(invoice, currency="EUR", included=False)
    left = rules.remainders_of(totals.by_rate, taken, "EUR")
    claim = totals.gross - rules.gross_of(taken, "EUR")
    if credit.startswith("line "):
        parts = rules.by_lines([line(credit.removeprefix("line "))], left, included=False)
        rules.check_amount(rules.gross_of(parts, "EUR"), claim)
        return parts
    amount = claim if credit == "all" else euros(credit)
    rules.check_amount(amount, claim)
    return rules.by_amount(amount, left)


@pytest.mark.parametrize("row", rows("credit-notes", "Invoice"))
def test_credits_follow_the_worked_table(row):
    invoice, taken, parts = [line(part) for part in row[0].split(", ")], [], []
    *before, last = row[1].split(", ")
    for credit in before:
        taken += credited(invoice, credit, taken)
    if row[2] == "refused":
        with pytest.raises(DomainError):
            credited(invoice, last, taken)
        return

    parts = credited(invoice, last, taken)

    assert ", ".join(f"{part.net.decimal} + {part.tax.decimal} at {part.rate}" for part in parts) == row[2]


@pytest.mark.parametrize("row", rows("credit-notes", "Credited"))
def test_what_was_paid_of_a_credit(row):
    assert rules.paid_part(euros(row[0]), euros(row[1])) == euros(row[2])


RATES = st.sampled_from([Decimal(rate) for rate in ("0", "0.01", "2.5", "7", "8.88", "19", "50", "99.99")])
INVOICES = st.lists(st.tuples(st.integers(1, 10**6), RATES), min_size=1, max_size=6)
STEPS = st.lists(st.one_of(st.floats(0.01, 1), st.integers(0, 5)), max_size=8)


@settings(deadline=None)  # because machines that run the tests are shared
@given(INVOICES, STEPS, st.booleans(), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_no_history_takes_more_than_the_invoice_and_the_last_takes_exactly_the_rest(lines, steps, included, currency):
    invoice = [Line(Money(amount, currency), rate) for amount, rate in lines]
    totals, taken, open_lines = totals_of(invoice, currency=currency, included=included), [], list(invoice)

    for step in [*steps, None]:
        left = rules.remainders_of(totals.by_rate, taken, currency)
        claim = totals.gross - rules.gross_of(taken, currency)
        if not claim:
            break
        try:
            if isinstance(step, int):
                parts = rules.by_lines([open_lines[step % len(open_lines)]], left, included=included)
                open_lines.pop(step % len(open_lines))
            else:
                amount = claim if step is None else Money(max(1, int(claim.amount * step)), currency)
                parts = rules.by_amount(amount, left)
                assert rules.gross_of(parts, currency) == amount
        except DomainError:
            continue
        if not open_lines:
            open_lines = list(invoice)
        assert all(part.net.amount >= 0 and part.tax.amount >= 0 for part in parts)
        taken += parts
        for each in rules.remainders_of(totals.by_rate, taken, currency):
            assert each.left_net.amount >= 0 and each.left_tax.amount >= 0

    for part in totals.by_rate:
        mine = [each for each in taken if each.rate == part.rate]
        assert Money.total((each.net for each in mine), currency) == part.net
        assert Money.total((each.tax for each in mine), currency) == part.tax
