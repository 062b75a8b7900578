"""Two sides compared, by the worked table; and every planted difference is found, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.reconciliation.rules.comparison import Kind, Subject, added, compare
from core.kernel.money import Money
from tests.rules_tables import rows

pytestmark = pytest.mark.unit


def side(cell: str) -> dict[str, Money]:
    if cell == "–":
        return {}
    parts = (part.split(" ") for part in cell.split(" + "))
    return added(("x", Money.parse(amount, currency)) for amount, currency in parts)


@pytest.mark.parametrize("row", rows("comparison"))
def test_differences_are_those_of_the_table(row):
    found = compare(Subject.PAYMENT, side(row[0]), side(row[1]))

    assert [each.kind.replace("_", " ") for each in found] == ([row[2]] if row[2] else [])


KEYS = st.sets(st.integers(0, 200), min_size=1, max_size=60)


@given(KEYS, st.data())
def test_what_was_planted_is_found_and_nothing_else(keys, data):
    ours = {f"pi_{key}": Money(key + 1, "EUR") for key in keys}
    theirs, planted = dict(ours), {}
    for key in data.draw(st.sets(st.sampled_from(sorted(ours)))):
        kind = data.draw(st.sampled_from(list(Kind)))
        planted[key] = kind
        match kind:
            case Kind.MISSING_HERE:
                del ours[key]
            case Kind.MISSING_THERE:
                del theirs[key]
            case Kind.AMOUNT:
                theirs[key] = ours[key] + Money(1, "EUR")
            case Kind.CURRENCY:
                theirs[key] = Money(ours[key].amount, "USD")

    assert {each.key: each.kind for each in compare(Subject.PAYMENT, ours, theirs)} == planted
