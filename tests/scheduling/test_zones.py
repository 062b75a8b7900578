"""Names of zones in sentences, and times that a clock shows twice."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.documents import Formatter
from core.kernel import time_zones
from core.kernel.errors import ConflictError
from core.scheduling.rules import wall_time
from core.scheduling.time_formats import format_time_span
from tests.factories.scheduling import book_weekly
from themes import formats


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


@pytest.mark.parametrize(
    ("zone", "starts_at", "minutes", "hours"),
    [
        ("Africa/Casablanca", "2027-02-07T01:30", 45, "02:30 UTC+01:00 – 02:15 UTC+00:00"),
        ("Europe/Dublin", "2027-10-31T01:15", 45, "01:15 UTC+00:00 – 02:00 UTC+00:00"),
        ("Europe/Berlin", "2027-03-28T00:30", 45, "01:30 UTC+01:00 – 03:15 UTC+02:00"),
        ("Australia/Lord_Howe", "2027-04-03T14:35", 30, "01:35 UTC+11:00 – 01:35 UTC+10:30"),
        ("Asia/Beirut", "2027-03-27T21:30", 60, "23:30 UTC+02:00 – Sun, 28 Mar, 01:30 UTC+03:00"),
        ("Europe/Berlin", "2027-10-31T02:00", 45, "03:00 – 03:45"),
        ("Asia/Kolkata", "2027-10-31T02:00", 45, "07:30 – 08:15"),
    ],
)
def test_offsets_stand_where_a_time_would_be_misread(cast, zone, starts_at, minutes, hours):
    starts = datetime.fromisoformat(starts_at).replace(tzinfo=UTC)
    ends = starts + timedelta(minutes=minutes)
    assert format_time_span(starts, ends, zone=zone, language="en").hours == hours

    page = formats.time_range({}, starts, ends, zone)
    text = re.sub(r"<[^>]*>", "", page)
    if "UTC" in hours:
        assert text.endswith(hours.replace("Sun, 28 Mar", "Sun, 28 Mar 2027"))
    else:
        assert hours in text and "UTC" not in text


@pytest.mark.parametrize(
    ("zone", "at", "shown"),
    [
        ("Europe/Dublin", "2027-10-31T00:15", "01:15 UTC+01:00"),
        ("Europe/Dublin", "2027-10-31T01:15", "01:15 UTC+00:00"),
        ("Europe/Dublin", "2027-10-31T02:15", "02:15"),
    ],
)
def test_one_time_that_happens_twice_is_told_apart_even_where_no_zone_is_written(cast, zone, at, shown):
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    text = re.sub(r"<[^>]*>", "", formats.local_time({}, instant, zone, style="time", show_zone=False))
    assert text == shown


@pytest.mark.parametrize(
    ("zone", "at", "shown"),
    [
        ("Europe/Dublin", "2026-12-01T14:05", "1 December 2026, 14:05 GMT (UTC+00:00)"),
        ("Europe/Dublin", "2026-07-01T14:05", "1 July 2026, 15:05 IST (UTC+01:00)"),
        ("Africa/Casablanca", "2027-02-20T14:05", "20 February 2027, 14:05 UTC+00:00"),
        ("Africa/El_Aaiun", "2026-07-01T14:05", "1 July 2026, 15:05 UTC+01:00"),
        ("Europe/Berlin", "2026-07-01T14:05", "1 July 2026, 16:05 CEST (UTC+02:00)"),
        ("Australia/Lord_Howe", "2026-07-01T14:05", "2 July 2026, 00:35 UTC+10:30"),
    ],
)
def test_papers_name_the_clock_as_the_zones_own_rules_do(cast, zone, at, shown):
    assert Formatter("en", zone).moment(datetime.fromisoformat(at).replace(tzinfo=UTC)) == shown


def test_names_that_are_no_zones_are_not_known():
    assert not time_zones.known() & {"Factory", "localtime", "posixrules"}
    assert not wall_time.is_zone("localtime") and wall_time.is_zone("Europe/Dublin") and wall_time.is_zone("UTC")
    assert all(ZoneInfo(name) for name in time_zones.known())


def test_second_of_two_equal_times_is_kept_by_an_appointment_that_has_it():
    dublin = ZoneInfo("Europe/Dublin")
    second = datetime(2027, 10, 31, 1, 15, tzinfo=UTC)
    wall = second.astimezone(dublin).replace(tzinfo=None)
    assert wall_time.to_instant(wall, dublin).instant == second - timedelta(hours=1)
    assert wall_time.to_instant(wall, dublin, before=second) == wall_time.Moment(second, "", "")
    other = wall + timedelta(minutes=15)
    assert wall_time.to_instant(other, dublin, before=second).adjustment == "fold"


@pytest.mark.parametrize(("old", "new"), [("Asia/Calcutta", "Asia/Kolkata"), ("Europe/Kiev", "Europe/Kyiv")])
def test_a_zone_that_was_renamed_is_known_by_both_names_and_means_the_same(old, new):
    assert wall_time.is_zone(old) and wall_time.is_zone(new)
    for month in range(1, 13):
        for hour in range(24):
            wall = datetime(2026, month, 29, hour, 30) if month != 2 else datetime(2026, 2, 28, hour, 30)
            found = [wall_time.to_instant(wall, wall_time.zone(name)) for name in (old, new)]
            assert (found[0].instant, found[0].adjustment) == (found[1].instant, found[1].adjustment)


def test_a_series_in_a_renamed_zone_has_the_same_dates_and_clashes_with_the_new_name(cast):
    former = book_weekly(cast, time_zone="Asia/Calcutta")
    with pytest.raises(ConflictError, match="Cleo Marten|Tess North"):
        book_weekly(cast, time_zone="Asia/Kolkata")
    starts = former.occurrences.order_by("starts_at").values_list("starts_at", flat=True)
    wall = [each.astimezone(ZoneInfo("Asia/Kolkata")).time() for each in starts]
    assert wall == [former.wall_time] * len(starts)
