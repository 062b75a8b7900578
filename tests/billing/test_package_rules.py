"""The rules of packages against their worked tables; and random histories, of which no unit and no cent is lost."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.packages.rules import package_terms, unit_use
from billing.packages.rules.package_terms import Period, Validity, last_day, worth
from billing.packages.rules.unit_use import Due, Lot, Unit, level_of, meet, week_of
from core.kernel.errors import DomainError
from core.kernel.money import Money
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
DAY = date(2026, 5, 4)
BOUGHT = datetime(2026, 1, 1, tzinfo=UTC)
SIZES = {Unit.APPOINTMENT: 100, Unit.HOUR: 60, Unit.MONEY: 100}


def lot_of(words: str, number: int) -> Lot:
    amount, _, rest = words.partition(" ")
    unit = Unit.APPOINTMENT if "appointments" in rest else Unit.HOUR if "hours" in rest else Unit.MONEY
    currency = "USD" if "USD" in rest else "EUR"
    until = {"until 3 May": date(2026, 5, 3), "until 4 May": DAY, "until 1 June": date(2026, 6, 1)}
    return Lot(
        key=number,
        unit=unit,
        left=int(Decimal(amount) * SIZES[unit]),
        currency=currency,
        bought_at=BOUGHT + timedelta(days=number),
        expires_on=next((day for text, day in until.items() if text in rest), None),
        frozen=(date(2026, 5, 1), DAY) if "frozen" in rest else None,
        in_week=0 if "left this week" in rest else None,
    )


@pytest.mark.parametrize("row", rows("unit-use"))
def test_units_are_taken_as_the_worked_table_says(row):
    lots = [lot_of(words, number) for number, words in enumerate(row[3].split(", "))] if row[3] != "–" else []
    due = Due(Money.parse(row[0], "EUR"), int(row[1]), Decimal(row[2].removesuffix(" %")))
    met = meet(due, lots, day=DAY)
    taken = {use.key: Decimal(use.units) / SIZES[lots[use.key].unit] for use in met.uses}
    expected = [Decimal(0) if part == "–" else Decimal(part) for part in row[4].split(", ")]
    assert [round(taken.get(number, Decimal(0)), 4) for number in range(len(expected))] == expected
    assert met.left == Money.parse(row[5], "EUR")
    assert sum(use.met.amount for use in met.uses) + met.left.amount == due.amount.amount


@pytest.mark.parametrize("row", rows("package-terms"))
def test_terms_are_those_of_the_worked_table(row):
    count, _, period = row[1].partition(" ")
    validity = Validity() if row[1] == "–" else Validity(int(count), Period(period))
    last = last_day(date.fromisoformat(row[0]), validity)
    if row[2] != "–" and last is not None:
        first, until = (date.fromisoformat(part) for part in row[2].split(" to "))
        last += timedelta(days=package_terms.frozen_days(first, until))
    assert str(last or "–") == row[3]
    (price, currency), (value, _) = row[4].split(), row[7].split()
    assert worth(Money.parse(price, currency), int(row[6]), int(row[5])) == Money.parse(value, currency)


@pytest.mark.parametrize(
    ("left", "total", "unit", "level"),
    [
        (300, 1000, Unit.APPOINTMENT, None), (200, 1000, Unit.APPOINTMENT, 2), (150, 1000, Unit.APPOINTMENT, 2),
        (100, 1000, Unit.APPOINTMENT, 1), (50, 1000, Unit.APPOINTMENT, 1), (0, 1000, Unit.APPOINTMENT, 0),
        (121, 600, Unit.HOUR, None), (120, 600, Unit.HOUR, 2), (60, 600, Unit.HOUR, 1), (0, 600, Unit.HOUR, 0),
        (10001, 50000, Unit.MONEY, None), (10000, 50000, Unit.MONEY, 2), (5000, 50000, Unit.MONEY, 1), (1, 5, Unit.MONEY, 1),
    ],
)  # fmt: skip
def test_how_little_is_left(left, total, unit, level):
    assert level_of(left, total, unit) == level


def test_week_begins_on_monday():
    assert week_of(date(2026, 5, 10)) == (date(2026, 5, 4), date(2026, 5, 10)) == week_of(date(2026, 5, 4))


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        ("0", Unit.APPOINTMENT), ("-1", Unit.APPOINTMENT), ("1.5", Unit.APPOINTMENT), ("1001", Unit.APPOINTMENT),
        ("0", Unit.HOUR), ("0.001", Unit.HOUR), ("5001", Unit.HOUR), ("0", Unit.MONEY), ("0.005", Unit.MONEY),
        ("1000000000000", Unit.MONEY), ("1000000000000", Unit.APPOINTMENT),
    ],
)  # fmt: skip
def test_units_that_cannot_be(amount, unit):
    with pytest.raises(DomainError) as refusal:
        package_terms.checked_units(Decimal(amount), unit, "EUR")
    assert refusal.value.code == "units_invalid"


@pytest.mark.parametrize("price", [Money(0, "EUR"), Money(10**14, "EUR"), Money(10**12, "JPY"), Money(10**13, "KWD")])
def test_prices_that_cannot_be(price):
    with pytest.raises(DomainError):
        package_terms.checked_price(price)


lots = st.lists(
    st.builds(
        Lot,
        key=st.uuids(),
        unit=st.sampled_from(Unit),
        left=st.integers(0, 5000),
        currency=st.sampled_from(["EUR", "JPY", "KWD"]),
        bought_at=st.just(BOUGHT),
        expires_on=st.none() | st.dates(DAY - timedelta(days=5), DAY + timedelta(days=5)),
        in_week=st.none() | st.integers(-100, 500),
    ),
    max_size=5,
    unique_by=lambda lot: lot.key,
)


@given(
    lots,
    st.integers(0, 10**9),
    st.sampled_from(["EUR", "JPY", "KWD"]),
    st.integers(0, 600),
    st.integers(0, 100),
)
def test_nothing_is_taken_that_is_not_there_and_no_cent_is_lost(found, amount, currency, minutes, share):
    due = Due(Money(amount, currency).percent(Decimal(share)), minutes, Decimal(share))
    met = meet(due, found, day=DAY)
    by_key = {lot.key: lot for lot in found}
    assert len({use.key for use in met.uses}) == len(met.uses)
    for use in met.uses:
        lot = by_key[use.key]
        assert 0 < use.units <= lot.available <= max(lot.left, 0) and use.met.amount >= 0
        assert lot.is_usable_on(DAY) and (lot.unit != Unit.MONEY or lot.currency == currency)
    assert 0 <= met.left.amount <= due.amount.amount
    assert sum(use.met.amount for use in met.uses) + met.left.amount == due.amount.amount


@given(
    st.integers(1, 10**9),
    st.integers(1, 10**6),
    st.lists(st.integers(-(10**6), 10**6), max_size=40),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_rows_are_worth_the_price_together_whatever_happens(price, total, moves, currency):
    """Used, given back, transferred, expired: the values of all rows come to what the units left are worth, and at the end to nothing."""
    whole = Money(price, currency)
    left, values = total, [worth(whole, total, total)]
    for move in [*moves, None]:
        after = 0 if move is None else min(max(left + move, 0), total)
        values.append(worth(whole, after, total) - worth(whole, left, total))
        left = after
        assert Money.total(values, currency) == worth(whole, left, total)
        assert 0 <= worth(whole, left, total).amount <= price
    assert values[0] == whole and Money.total(values, currency) == Money.zero(currency)


def test_equal_lots_are_used_in_the_order_in_which_they_were_bought():
    one = Lot("b", Unit.APPOINTMENT, 100, "EUR", BOUGHT)
    two = Lot("a", Unit.APPOINTMENT, 100, "EUR", BOUGHT + timedelta(days=1))
    assert [lot.key for lot in unit_use.in_order([two, one])] == ["b", "a"]
