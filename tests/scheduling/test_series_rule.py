"""The rule of series, by the rows of its tables, and in every zone around changes of its clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.kernel import time_zones, zone_changes
from core.scheduling.rules import series
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
HOUR = timedelta(hours=1)
SAMPLED = sorted(time_zones.known())[::23]


@pytest.mark.parametrize(("rule", "first", "expected"), rows("series", "Rule"))
def test_dates_follow_the_rule(rule, first, expected):
    pattern = series.pattern_of(rule)
    assert pattern.rrule == rule
    found = series.dates(pattern, date.fromisoformat(first), count=3)
    assert [f"{day:%m-%d}" for day in found] == expected.split()


@pytest.mark.parametrize(("at", "zone", "first", "expected"), rows("series", "Each Sunday at"))
def test_series_keeps_its_hour_on_the_wall(at, zone, first, expected):
    days = series.dates(series.Pattern("weekly", 1, (6,)), date.fromisoformat(first), count=3)
    found = series.occurrences(days, time.fromisoformat(at), HOUR, ZoneInfo(zone))
    assert [f"{each.span.starts_at:%H:%M}" for each in found] == expected.split()
    assert all(bool(each.moment.note) == bool(each.moment.adjustment) for each in found)


@pytest.mark.parametrize(("before", "old", "new", "after"), rows("series", "Rule before"))
def test_moved_together_the_pattern_goes_along(before, old, new, after):
    pattern = series.pattern_of(before)
    found = series.moved(pattern, old=date.fromisoformat(old), new=date.fromisoformat(new))
    assert found.rrule == after
    assert next(series.endless(found, date.fromisoformat(new))) == date.fromisoformat(new)


def test_too_many_dates_are_one_more_than_allowed_and_no_more():
    daily = series.Pattern("weekly", 1, tuple(range(7)))
    assert len(series.dates(daily, date(2026, 1, 1), count=10_000)) == series.MOST + 1
    assert len(series.dates(daily, date(2026, 1, 1), until=date(9999, 1, 1))) == series.MOST + 1
    assert len(series.dates(daily, date(9990, 1, 1), until=date(9999, 1, 1))) == series.MOST + 1


@pytest.mark.parametrize("name", SAMPLED)
def test_every_week_of_these_years_is_at_its_hour_in_every_zone(name):
    assert wrong_hours(name) == []


def wrong_hours(name: str) -> list[str]:
    """Where a weekly series at the time of a change, and at nine, is not at its hour on the wall, or not where the rule puts it."""
    zone, found = ZoneInfo(name), []
    begins, ends = datetime(2024, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
    for change in zone_changes.changes(zone, after=begins, until=ends):
        gone = change.on_the_old_clock.replace(tzinfo=None) + timedelta(minutes=10)
        for at in (gone.time(), time(9)):
            days = [gone.date() + timedelta(days=7 * number) for number in range(-2, 3)]
            for each in series.occurrences(days, at, HOUR, zone):
                shown = each.span.starts_at.astimezone(zone)
                wall = datetime.combine(each.day, at)
                is_gap = each.moment.adjustment == "gap"
                if shown.replace(tzinfo=None) != wall and not is_gap:
                    found.append(f"{name} {wall} is {shown}")
                if is_gap and shown.replace(tzinfo=None) <= wall:
                    found.append(f"{name} {wall} moved back to {shown}")
                if shown.fold:
                    found.append(f"{name} {wall} means the second of two")
    return found
