"""The pure rules, by the rows of their worked tables."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.scheduling.rules import conflicts, group_size, wall_time
from core.scheduling.rules.cancellation import Level, consequence
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
START = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
LEVELS = [Level(48, "half", 50, 50), Level(24, "full", 100, 100), Level(4, "full, no wages", 100, 0)]


@pytest.mark.parametrize(("before", "applies"), rows("cancellation"))
def test_consequence_is_the_tightest_level_above_what_remains(before, applies):
    hours, minutes, seconds = map(int, before.split(":"))
    now = START - timedelta(hours=hours, minutes=minutes, seconds=seconds)
    level = consequence(LEVELS, starts_at=START, now=now).level
    assert (level.name if level else "free") == applies


def test_consequence_counts_hours_as_they_pass_over_a_change_of_the_clocks():
    berlin = ZoneInfo("Europe/Berlin")
    starts_at = datetime(2026, 10, 25, 12, 0, tzinfo=berlin)  # the night before has 25 hours
    now = datetime(2026, 10, 24, 12, 30, tzinfo=berlin)  # on the wall 23:30 before, in truth 24:30
    assert consequence([Level(24, "Full", 100, 100)], starts_at=starts_at, now=now).level is None


def test_consequence_without_levels_is_free():
    found = consequence([], starts_at=START, now=START - timedelta(minutes=1))
    assert found.is_free and found.free_until is None


def test_consequence_tells_until_when_it_is_free():
    assert consequence(LEVELS, starts_at=START, now=START).free_until == START - timedelta(hours=48)


@pytest.mark.parametrize(("wall", "zone", "utc", "adjusted"), rows("wall-time", "On the wall"))
def test_to_instant(wall, zone, utc, adjusted):
    found = wall_time.to_instant(datetime.fromisoformat(wall), ZoneInfo(zone))

    instant = utc if "-" in utc else f"{wall[:10]} {utc}"
    assert found.instant == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    adjustment = next((word for word in ("gap", "fold") if adjusted.startswith(word)), "")
    assert found.adjustment == adjustment and bool(found.note) == bool(adjustment)


@pytest.mark.parametrize(("day", "hours"), rows("wall-time", "Day in Berlin"))
def test_day_bounds_have_as_many_hours_as_the_day(day, hours):
    begins, ends = wall_time.day_bounds(datetime.fromisoformat(day).date(), ZoneInfo("Europe/Berlin"))
    assert ends - begins == timedelta(hours=int(hours))


def span(cell):
    """`9 to 10` as a span of one day."""
    begins, ends = (START.replace(hour=int(hour)) for hour in cell.split(" to "))
    return conflicts.Span(begins, ends)


@pytest.mark.parametrize(("planned", "completed", "it_was", "holds"), rows("conflicts", "Planned"))
def test_time_that_is_held_when_it_is_over(planned, completed, it_was, holds):
    completed_at = START.replace(hour=int(completed))
    assert conflicts.held(span(planned), completed_at=completed_at, was_missed=it_was == "missed") == span(holds)


def test_nothing_clashes_with_a_span_that_holds_nothing():
    nothing = conflicts.Span(START, START)
    assert (
        not nothing.overlaps(nothing)
        and not nothing.overlaps(span("8 to 18"))
        and not span("8 to 18").overlaps(nothing)
    )


@pytest.mark.parametrize(("first", "second", "clash"), rows("conflicts", "First"))
def test_spans_are_half_open(first, second, clash):
    one, other = span(first), span(second)
    assert one.overlaps(other) is other.overlaps(one) is (clash == "yes")


ANSWERS = {"fine": "fine", "booked, with a remark": "warn", "asks for a confirmation": "confirm", "refused": "refuse"}


@pytest.mark.parametrize(("sizes", "on_100", "on_50", "on_10"), rows("group-size"))
def test_group_size_by_plan(sizes, on_100, on_50, on_10):
    for size in map(int, re.findall(r"\d+", sizes)):
        answers = [group_size.verdict(size, most=most).answer for most in (100, 50, 10)]
        assert answers == [ANSWERS[on_100], ANSWERS[on_50], ANSWERS[on_10]]
        assert group_size.verdict(size).answer == ANSWERS[on_100]


@pytest.mark.parametrize(("limit", "most"), [(None, 100), (0, 10), (5, 5), (100, 100), (5000, 100)])
def test_plan_that_says_nothing_has_the_advised_size(limit, most):
    assert group_size.most_on_plan(limit) == most


def test_large_group_is_pointed_to_a_webinar_tool():
    assert "webinar tool" in group_size.verdict(11).sentence
    assert "plan" in group_size.verdict(11, most=10).sentence
