"""The pure rules, by the rows of their worked tables."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.scheduling.rules import conflicts, group_size, wall_time
from core.scheduling.rules.cancellation import Level, consequence

pytestmark = pytest.mark.unit
START = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
LEVELS = [Level(48, "Half", 50, 50), Level(24, "Full", 100, 100), Level(4, "Full, no wages", 100, 0)]


# docs/rules/cancellation.md
@pytest.mark.parametrize(
    ("before", "applies"),
    [
        ("72:00:00", None),
        ("48:00:01", None),
        ("48:00:00", None),
        ("47:59:59", "Half"),
        ("24:00:00", "Half"),
        ("23:59:59", "Full"),
        ("04:00:00", "Full"),
        ("03:59:59", "Full, no wages"),
        ("00:00:01", "Full, no wages"),
    ],
)
def test_consequence_is_the_tightest_level_above_what_remains(before, applies):
    hours, minutes, seconds = map(int, before.split(":"))
    now = START - timedelta(hours=hours, minutes=minutes, seconds=seconds)
    level = consequence(LEVELS, starts_at=START, now=now).level
    assert (level.name if level else None) == applies


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


# docs/rules/time.md
@pytest.mark.parametrize(
    ("wall", "zone", "instant", "adjustment"),
    [
        ("2026-03-29 02:30", "Europe/Berlin", "2026-03-29 01:30", "gap"),
        ("2026-10-25 02:30", "Europe/Berlin", "2026-10-25 00:30", "fold"),
        ("2026-03-08 02:30", "America/New_York", "2026-03-08 07:30", "gap"),
        ("2026-11-01 01:30", "America/New_York", "2026-11-01 05:30", "fold"),
        ("2026-10-04 02:15", "Australia/Lord_Howe", "2026-10-03 15:45", "gap"),
        ("2026-06-01 09:00", "Asia/Kathmandu", "2026-06-01 03:15", ""),
        ("2026-03-20 09:00", "America/New_York", "2026-03-20 13:00", ""),
        ("2026-03-20 09:00", "Europe/Berlin", "2026-03-20 08:00", ""),
    ],
)
def test_to_instant(wall, zone, instant, adjustment):
    found = wall_time.to_instant(datetime.fromisoformat(wall), ZoneInfo(zone))
    assert found.instant == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert found.adjustment == adjustment and bool(found.note) == bool(adjustment)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_day_bounds_have_as_many_hours_as_the_day(day, hours):
    begins, ends = wall_time.day_bounds(datetime.fromisoformat(day).date(), ZoneInfo("Europe/Berlin"))
    assert ends - begins == timedelta(hours=hours)


# docs/rules/conflicts.md
@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [((9, 10), (10, 11), False), ((9, 10), (9, 10), True), ((9, 12), (10, 11), True), ((9, 10), (8, 9), False)],
)
def test_spans_are_half_open(first, second, clash):
    spans = [conflicts.Span(START.replace(hour=a), START.replace(hour=b)) for a, b in (first, second)]
    assert spans[0].overlaps(spans[1]) is clash and spans[1].overlaps(spans[0]) is clash


# docs/rules/group-size.md
@pytest.mark.parametrize(
    ("size", "answer"),
    [
        (0, "refuse"),
        (1, "fine"),
        (10, "fine"),
        (11, "warn"),
        (25, "warn"),
        (26, "confirm"),
        (100, "confirm"),
        (101, "refuse"),
    ],
)
def test_group_size(size, answer):
    assert group_size.verdict(size).answer == answer


# docs/rules/group-size.md
@pytest.mark.parametrize(
    ("size", "on_100", "on_50", "on_10"),
    [
        (0, "refuse", "refuse", "refuse"),
        (10, "fine", "fine", "fine"),
        (11, "warn", "warn", "refuse"),
        (26, "confirm", "confirm", "refuse"),
        (50, "confirm", "confirm", "refuse"),
        (51, "confirm", "refuse", "refuse"),
        (101, "refuse", "refuse", "refuse"),
    ],
)
def test_group_size_by_plan(size, on_100, on_50, on_10):
    answers = [group_size.verdict(size, most=most).answer for most in (100, 50, 10)]
    assert answers == [on_100, on_50, on_10]


@pytest.mark.parametrize(("limit", "most"), [(None, 100), (0, 10), (5, 5), (100, 100), (5000, 100)])
def test_plan_that_says_nothing_has_the_advised_size(limit, most):
    assert group_size.most_on_plan(limit) == most


def test_large_group_is_pointed_to_a_webinar_tool():
    assert "webinar tool" in group_size.verdict(11).sentence
    assert "plan" in group_size.verdict(11, most=10).sentence
