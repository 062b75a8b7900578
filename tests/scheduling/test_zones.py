"""Names of zones in sentences, and their rules in calendar files."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Timezone

from core.scheduling.calendar_file import AROUND, _forward_is_daylight
from core.scheduling.time_formats import format_time_span

ZONES = ("Europe/Dublin", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Casablanca")


@pytest.mark.parametrize(
    ("zone", "month", "language", "name"),
    [
        ("Europe/Dublin", 11, "en", "Greenwich Mean Time (Europe/Dublin)"),
        ("Europe/Dublin", 11, "de", "Mittlere Greenwich-Zeit (Europe/Dublin)"),
        ("Europe/Dublin", 7, "en", "Irish Standard Time (Europe/Dublin)"),
        ("Europe/Dublin", 4, "en", "Irish Standard Time (Europe/Dublin)"),
        ("Europe/London", 11, "en", "Greenwich Mean Time (Europe/London)"),
        ("Europe/London", 7, "en", "British Summer Time (Europe/London)"),
        ("Europe/Berlin", 11, "en", "Central European Standard Time (Europe/Berlin)"),
        ("Europe/Berlin", 7, "en", "Central European Summer Time (Europe/Berlin)"),
        ("America/New_York", 11, "en", "Eastern Standard Time (America/New York)"),
        ("America/New_York", 7, "en", "Eastern Daylight Time (America/New York)"),
        ("Asia/Kolkata", 7, "en", "GMT+05:30 (Asia/Kolkata)"),
        ("Africa/Casablanca", 7, "en", "GMT+01:00 (Africa/Casablanca)"),
    ],
)
def test_the_name_of_a_zone_is_that_of_the_season(zone, month, language, name):
    starts_at = datetime(2026, month, 25, 13, tzinfo=UTC)
    assert format_time_span(starts_at, starts_at + timedelta(minutes=45), zone=zone, language=language).zone == name


@pytest.mark.parametrize("zone", ZONES)
def test_calendar_programs_find_the_right_instant(zone):
    """The rules are read back from the file alone, as a program does that knows the zone's name from nowhere else."""
    for month in (1, 3, 7, 11):
        at = datetime(2026, month, 25, 13, tzinfo=UTC)
        rules = _forward_is_daylight(
            Timezone.from_tzid(zone, first_date=(at - AROUND).date(), last_date=(at + AROUND).date())
        )
        local = at.astimezone(ZoneInfo(zone))
        assert _offset(rules, local.replace(tzinfo=None)) == local.utcoffset()


@pytest.mark.parametrize("zone", ZONES)
def test_daylight_is_the_clock_that_is_forward(zone):
    rules = _forward_is_daylight(
        Timezone.from_tzid(zone, first_date=datetime(2026, 1, 1).date(), last_date=datetime(2027, 1, 1).date())
    )
    standard = {part["TZOFFSETTO"].td for part in rules.subcomponents if part.name == "STANDARD"}
    daylight = {part["TZOFFSETTO"].td for part in rules.subcomponents if part.name == "DAYLIGHT"}
    assert len(standard) == 1
    assert all(offset > max(standard) for offset in daylight)


def _offset(rules: Timezone, local: datetime) -> timedelta:
    """The offset of the last change before `local`, by the component's own start and repetition."""
    changes: list[tuple[datetime, timedelta]] = []
    for part in rules.subcomponents:
        starts = [part["DTSTART"].dt]
        repeated = part.get("RDATE", [])
        for group in repeated if isinstance(repeated, list) else [repeated]:
            starts += [each.dt for each in group.dts]
        changes += [(start, part["TZOFFSETTO"].td) for start in starts if start <= local]
    return max(changes)[1]
