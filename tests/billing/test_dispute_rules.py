"""What a dispute does, by the worked tables; and that no cent is lost when an amount is spread."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.disputes import (
    ANSWERABLE,
    RUNNING,
    DisputeState,
    News,
    can_be_answered,
    is_news,
    is_reminded,
    spread,
    withdrawn,
)
from core.kernel.money import Money
from tests.factories.disputes import heard
from tests.rules_tables import rows

pytestmark = pytest.mark.unit

LAST_DAY = datetime(2030, 5, 20, 12, tzinfo=UTC)


def euros(text: str) -> Money:
    return Money.parse(text, "EUR")


@pytest.mark.parametrize("row", rows("disputes", "Events"))
def test_books_follow_what_is_known(row):
    known, away = News(DisputeState.WARNING_NEEDS_RESPONSE, 0), euros("0.00")
    for state, movements in map(heard, row[0].split(", ")):
        if is_news(known, News(state, len(movements))):
            known, away = News(state, len(movements)), withdrawn(movements, euros("80.00"))

    assert (str(away.amount), known.state) == (str(euros(row[1]).amount), row[2].replace(" ", "_"))
    assert away == euros(row[3]), "what is away is due"


@pytest.mark.parametrize("row", rows("disputes", "Amount"))
def test_amount_is_spread_as_in_the_table(row):
    limits = [euros(each) for each in row[1].split(", ")]

    assert spread(euros(row[0]), limits) == [euros(each) for each in row[2].split(", ")]


@pytest.mark.parametrize("row", rows("disputes", "Now"))
def test_last_day_is_told_of_as_in_the_table(row):
    now = datetime.strptime(f"2030 {row[0]}", "%Y %d %B %H:%M").replace(tzinfo=UTC)
    state = DisputeState(row[1].replace(" ", "_"))

    assert is_reminded(state, LAST_DAY, int(row[2]), now) == (row[3] == "yes")


@given(
    st.integers(0, 10**12),
    st.lists(st.integers(0, 10**12), min_size=1, max_size=8),
    st.sampled_from(["JPY", "EUR", "KWD"]),
)
def test_no_cent_is_lost_and_no_limit_passed(amount, limits, currency):
    parts = spread(Money(amount, currency), [Money(limit, currency) for limit in limits])

    assert sum(part.amount for part in parts) == min(amount, sum(limits))
    assert all(0 <= part.amount <= limit for part, limit in zip(parts, limits, strict=True))


@given(st.permutations([("needs_response", 0), ("needs_response", 1), ("under_review", 1), ("won", 2), ("won", 2)]))
def test_news_in_any_order_end_the_same(news):
    known = News(DisputeState.WARNING_NEEDS_RESPONSE, 0)
    for state, movements in news:
        given_news = News(DisputeState(state), movements)
        if is_news(known, given_news):
            known = given_news

    assert known == News(DisputeState.WON, 2)


def test_only_what_runs_and_is_in_time_is_answered():
    before, after = datetime(2030, 5, 20, 11, tzinfo=UTC), LAST_DAY
    for state in DisputeState:
        assert can_be_answered(state, LAST_DAY, before) == (state in ANSWERABLE)
        assert not can_be_answered(state, LAST_DAY, after)
        assert can_be_answered(state, None, after) == (state in ANSWERABLE)
    assert ANSWERABLE < RUNNING
