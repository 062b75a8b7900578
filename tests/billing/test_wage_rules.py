"""The rules of wages against their worked tables, and what they refuse."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.wages.rules import payout, wage
from billing.wages.rules.wage import Basis, Question, Terms
from core.kernel.errors import DomainError
from core.kernel.money import Money
from tests.rules_tables import rows

pytestmark = pytest.mark.unit

BASES = {"each time": Basis.APPOINTMENT, "per hour": Basis.HOUR}


def euros(text: str) -> Money | None:
    return None if text == "–" else Money.parse(text.replace("−", "-"), "EUR")


def terms_of(cell: str) -> Terms:
    number, _, rest = cell.partition(" ")
    if rest == "% of the price":
        return Terms(Basis.SHARE, share=Decimal(number))
    return Terms(BASES[rest], euros(number))


@pytest.mark.parametrize("row", rows("wage"))
def test_wage_follows_the_worked_table(row):
    question = Question(
        terms_of(row[0]),
        minutes=int(row[1]),
        price=euros(row[2]),
        part=Decimal(row[3].removesuffix(" %")),
        completion="Late",
        is_one_place=row[4] == "yes",
    )

    earned = wage.earned_by(question)

    said = (earned.amount, earned.reason.sentence()) if earned else (None, "–")
    assert said == (euros(row[5]), row[6])


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (Terms(Basis.APPOINTMENT), "wage_amount_missing"),
        (Terms(Basis.HOUR, Money(0, "EUR")), "wage_amount_missing"),
        (Terms(Basis.APPOINTMENT, Money(-1, "EUR")), "wage_amount_missing"),
        (Terms(Basis.SHARE), "wage_share_invalid"),
        (Terms(Basis.SHARE, share=Decimal(0)), "wage_share_invalid"),
        (Terms(Basis.SHARE, share=Decimal("100.01")), "wage_share_invalid"),
    ],
)
def test_rate_of_nothing_is_refused(terms, code):
    with pytest.raises(DomainError) as refused:
        wage.checked(terms)
    assert refused.value.code == code


@pytest.mark.parametrize("row", rows("payout"))
def test_payout_follows_the_worked_table(row):
    person = UUID(int=1)
    entries = [(person, euros(each).amount) for each in row[0].replace("− ", "−").replace("+ ", "").split(" ")]

    sums = payout.sums_of(entries, currency="EUR")

    assert (sums.paid.get(person), sums.kept.get(person)) == (euros(row[1]), euros(row[2]))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-(10**12), 10**12)), max_size=60))
def test_no_unit_is_lost_or_paid_twice(history):
    sums = payout.sums_of([(UUID(int=person), amount) for person, amount in history], currency="JPY")

    both = [*sums.paid.values(), *sums.kept.values()]
    assert sum(total.amount for total in both) == sum(amount for _, amount in history)
    assert not set(sums.paid) & set(sums.kept)
    assert all(total.amount > 0 for total in sums.paid.values())


def test_fingerprint_differs_with_every_sum():
    one, other = (payout.sums_of([(UUID(int=1), amount)], currency="EUR") for amount in (100, 101))
    assert payout.fingerprint(one) != payout.fingerprint(other)
    assert payout.fingerprint(one) == payout.fingerprint(
        payout.sums_of([(UUID(int=1), 60), (UUID(int=1), 40)], currency="EUR")
    )


@pytest.mark.parametrize(
    ("currency", "rate", "minutes", "earned", "said"),
    [
        ("JPY", 5000, 50, 4167, "¥5,000 per hour, for 50 minutes."),
        ("JPY", 1, 30, 1, "¥1 per hour, for 30 minutes."),
        ("KWD", 12345, 50, 10288, "KWD12.345 per hour, for 50 minutes."),
    ],
)
def test_hours_count_in_currencies_without_and_with_three_decimals(currency, rate, minutes, earned, said):
    found = wage.earned_by(Question(Terms(Basis.HOUR, Money(rate, currency)), minutes=minutes))
    assert found is not None
    assert (found.amount, found.reason.sentence()) == (Money(earned, currency), said)
