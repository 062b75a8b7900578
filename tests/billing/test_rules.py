"""The rules of money against their worked tables, and what they refuse."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules import balances, card_amounts, numbering, pricing, statement_descriptors, tax
from billing.rules.balances import Entry, InvoiceState, Kind
from billing.rules.payment_progress import RANK, PaymentState, moves_on
from core.kernel.errors import DomainError
from core.kernel.money import Money, minor_digits
from tests.rules_tables import rows

pytestmark = pytest.mark.unit


def euros(text: str) -> Money:
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    return Money.parse(digits, "EUR") * sign


def optional(cell: str) -> tuple[Money | None, str]:
    if cell == "–":
        return None, ""
    amount, _, reason = cell.partition(" ")
    return euros(amount), reason.strip("()")


@pytest.mark.parametrize("row", rows("pricing"))
def test_price_follows_the_worked_table(row):
    override, reason = optional(row[0])
    question = pricing.Question(
        service="Speech therapy",
        service_price=euros(row[2]),
        rate=optional(row[1])[0],
        override=override,
        override_reason=reason,
        per_hour=row[3] == "hour",
        minutes=int(row[4]),
        share=Decimal(row[5].removesuffix(" %")),
        completion="Late",
    )

    price = pricing.price_of(question)

    assert (price.amount, price.reason.sentence()) == (euros(row[6]), row[7])


@pytest.mark.parametrize("wrong", [{"share": Decimal("100.01")}, {"share": Decimal(-1)}, {"minutes": -1}])
def test_price_of_nonsense_is_refused(wrong):
    good = {"service": "Speech therapy", "service_price": euros("80.00"), "share": Decimal(50), "minutes": 45}
    assert pricing.price_of(pricing.Question(**good)).amount == euros("40.00")

    with pytest.raises(DomainError):
        pricing.price_of(pricing.Question(**(good | wrong)))


@pytest.mark.parametrize("row", rows("tax"))
def test_tax_follows_the_worked_table(row):
    lines = [
        tax.Line(euros(amount), Decimal(rate))
        for amount, rate in (part.strip().split(" at ") for part in row[0].split(","))
    ]

    totals = tax.totals_of(lines, currency="EUR", included=row[1] == "gross")

    assert (totals.net, totals.tax, totals.gross) == tuple(map(euros, row[2:5]))


AMOUNTS = st.lists(st.tuples(st.integers(0, 10**7), st.decimals(0, 30, places=2)), min_size=1, max_size=8)


@settings(deadline=None)  # because machines that run the tests are shared
@given(AMOUNTS, st.booleans())
def test_tax_always_adds_up(lines, included):
    asked = [tax.Line(Money(amount, "EUR"), rate) for amount, rate in lines]

    totals = tax.totals_of(asked, currency="EUR", included=included)

    assert totals.net + totals.tax == totals.gross
    assert Money.total((part.net + part.tax for part in totals.by_rate), "EUR") == totals.gross
    if included:
        assert totals.gross == Money.total((line.amount for line in asked), "EUR")


@pytest.mark.parametrize("rate", ["-1", "100", "NaN"])
def test_tax_rate_out_of_range_is_refused(rate):
    assert tax.checked_rate(Decimal("19.00")) == Decimal(19)
    with pytest.raises(DomainError):
        tax.checked_rate(Decimal(rate))


@pytest.mark.parametrize("row", rows("numbering"))
def test_number_follows_the_worked_table(row):
    prefix, by_year, year, count, number = row

    assert numbering.number_of(prefix, int(year), int(count), by_year=by_year == "yes") == number


@pytest.mark.parametrize("prefix", ["-A", "ÄB", "THIRTEENCHARS", "A B"])
def test_prefix_with_other_characters_is_refused(prefix):
    assert numbering.checked_prefix(" inv/a ") == "INV/A"
    with pytest.raises(DomainError):
        numbering.checked_prefix(prefix)


def entries_of(cell: str) -> list[Entry]:
    events = [part.strip().rsplit(" ", 1) for part in cell.split(",")]
    return [Entry(Kind(kind.replace(" ", "_")), euros(amount)) for kind, amount in events]


@pytest.mark.parametrize("row", rows("balances", "Events"))
def test_balance_follows_the_worked_table(row):
    entries = entries_of(row[0])

    standing = balances.standing_of(entries, "EUR")

    assert balances.balance_of(entries, "EUR") == standing.balance == euros(row[1])
    assert standing.state == InvoiceState(row[2].replace(" ", "_"))
    assert bool(standing.due) == (row[2] == "open")


@pytest.mark.parametrize(("before", "amount", "credited"), rows("balances", "Before the refund"))
def test_refund_credits_only_what_reduces_a_claim(before, amount, credited):
    standing = balances.standing_of(entries_of(before), "EUR")

    assert balances.credit_of_refund(euros(amount), standing) == euros(credited)


@pytest.mark.parametrize(("amount", "units", "why"), rows("card-amounts"))
def test_card_amounts_follow_the_worked_table(amount, units, why):
    digits, currency = amount.split()
    money = Money(int(Decimal(digits).scaleb(minor_digits(currency))), currency)

    refusal = card_amounts.refusal_of(money)

    assert (why in refusal.sentence()) if why else refusal is None
    if units:
        assert card_amounts.to_processor(money) == int(units)
        assert card_amounts.from_processor(int(units), currency.lower()) == money


@pytest.mark.parametrize("currency", sorted(card_amounts.DIGITS))
def test_every_currency_comes_back_as_it_was_sent(currency):
    money = Money(50_000, currency)
    assert card_amounts.from_processor(card_amounts.to_processor(money), currency) == money


def test_what_stripe_counts_finer_than_we_do_is_rounded():
    assert card_amounts.from_processor(150, "rsd") == Money(2, "RSD")
    assert card_amounts.from_processor(149, "rsd") == Money(1, "RSD")


@pytest.mark.parametrize(("before", "said", "after", "noted"), rows("payment-progress"))
def test_payment_moves_by_the_worked_table(before, said, after, noted):
    taken = moves_on(PaymentState(before), PaymentState(said))

    assert taken is noted.startswith("yes")
    assert (said if taken else before) == after


@settings(deadline=None)  # because machines that run the tests are shared
@given(st.permutations(list(PaymentState)))
def test_payment_news_in_any_order_ends_at_the_highest(order):
    state = PaymentState.STARTED
    for event in order:
        if moves_on(state, event):
            state = event

    assert state == PaymentState.REVERSED
    assert RANK[PaymentState.SUCCEEDED] > RANK[PaymentState.REFUSED] > RANK[PaymentState.PROCESSING]


@pytest.mark.parametrize(("written", "shown"), rows("statement-descriptors", "Written"))
def test_descriptor_keeps_to_the_networks_rules(written, shown):
    if shown != "refused":
        assert statement_descriptors.checked_descriptor(f"  {written} ".replace(" ", "  ")) == shown
        return
    with pytest.raises(DomainError):
        statement_descriptors.checked_descriptor(written)


@pytest.mark.parametrize("text", ["A" * 23, "<Praxis>"])
def test_descriptor_that_is_too_long_or_a_mark_up_is_refused(text):
    with pytest.raises(DomainError):
        statement_descriptors.checked_descriptor(text)


@pytest.mark.parametrize(("name", "suggested"), rows("statement-descriptors", "Organization's name"))
def test_suggested_descriptor_is_always_valid(name, suggested):
    assert statement_descriptors.suggested_descriptor(name) == suggested
    assert statement_descriptors.checked_descriptor(suggested) == suggested
