"""Calendar files as other programs read them: two readers that know the zone from the file alone, against the zone database."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from icalendar import Calendar

from core.kernel import time_zones, zone_changes
from core.scheduling import calendar_file
from core.scheduling.calendar_file import Entry
from core.scheduling.models import Appointment
from core.scheduling.recipients import AppointmentRecipient

# Half an hour of summer, a summer that is the law's standard, two hours of it, a month of fasting, a change at midnight, none at all,
# the day before the day, 45 minutes.
ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "America/Asuncion", "America/New_York", "America/Nuuk", "America/Santiago",
    "America/Sao_Paulo", "America/Scoresbysund", "America/St_Johns", "Antarctica/Troll", "Asia/Almaty", "Asia/Beirut", "Asia/Gaza",
    "Asia/Kolkata", "Atlantic/Azores", "Australia/Lord_Howe", "Europe/Berlin", "Europe/Dublin", "Europe/London", "Pacific/Apia",
    "Pacific/Chatham", "Pacific/Easter", "Pacific/Norfolk",
)  # fmt: skip
BEGINS, ENDS = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)


def spans(zone):
    """(start, minutes): four a year for ten years, and four around each change of the clocks."""
    at = BEGINS.replace(hour=13)
    while at < ENDS:
        yield at, 45
        at += timedelta(days=91, hours=5)
    for change in zone_changes.changes(ZoneInfo(zone), after=BEGINS, until=ENDS):
        for minutes, length in ((-30, 45), (-90, 45), (15, 45), (75, 600)):
            yield change.at + timedelta(minutes=minutes), length


def written(cast, zone, starts_at, minutes):
    """The bytes of the file for a client in that zone."""
    cast.cleo.time_zone = zone
    appointment = Appointment(
        practitioner=cast.tess_staff,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        service_name="x",
    )
    entry = Entry(appointment, AppointmentRecipient(cast.gus, (cast.cleo,)))
    return calendar_file.one_entry(entry, method="REQUEST", now=starts_at)


def last_onset(calendar, local):
    """The offset as RFC 5545 has it: of the last observance whose onset is not after the local time."""
    parts = [part for zone in calendar.walk("VTIMEZONE") for part in zone.subcomponents]
    return max((part["DTSTART"].dt, part["TZOFFSETTO"].td) for part in parts if part["DTSTART"].dt <= local)[1]


@pytest.mark.parametrize("zone", ZONES)
def test_programs_that_know_the_file_alone_find_the_right_instants(cast, zone):
    for starts_at, minutes in spans(zone):
        raw = written(cast, zone, starts_at, minutes)
        calendar = Calendar.from_ical(raw)
        event, ends_at = calendar.events[0], starts_at + timedelta(minutes=minutes)
        rules = tzical(io.StringIO(raw.decode())) if b"VTIMEZONE" in raw else None
        for found, meant in ((event["DTSTART"], starts_at), (event["DTEND"], ends_at)):
            local = found.dt.replace(tzinfo=None)
            if found.dt.tzinfo is UTC or found.dt.tzname() == "UTC":
                assert found.dt == meant
                continue
            assert local - last_onset(calendar, local) == meant.replace(tzinfo=None), (zone, meant)
            assert local.replace(tzinfo=rules.get(zone)) == meant, (zone, meant)
        assert event["DTEND"].dt.replace(tzinfo=None) > event["DTSTART"].dt.replace(tzinfo=None), (zone, starts_at)


@pytest.mark.parametrize("zone", ZONES)
def test_onset_is_written_on_the_clock_that_ends_then(cast, zone):
    """And there is one for every change that the zone database knows, the last second of the old clock included."""
    at = datetime(2027, 6, 1, 12, tzinfo=UTC)
    parts = [
        part
        for each in Calendar.from_ical(written(cast, zone, at, 45)).walk("VTIMEZONE")
        for part in each.subcomponents
    ]
    for part in parts[1:]:
        change = (part["DTSTART"].dt - part["TZOFFSETFROM"].td).replace(tzinfo=UTC)
        before, after = (change - timedelta(seconds=1)).astimezone(ZoneInfo(zone)), change.astimezone(ZoneInfo(zone))
        assert (before.utcoffset(), after.utcoffset()) == (part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
    hours = range(int(calendar_file.AROUND.total_seconds() // 3600) * 2)
    offsets = [
        (at - calendar_file.AROUND + timedelta(hours=hour)).astimezone(ZoneInfo(zone)).utcoffset() for hour in hours
    ]
    assert len(parts) == 1 + sum(one != other for one, other in zip(offsets, offsets[1:], strict=False))


def test_fasting_is_in_the_rules_of_a_zone_that_keeps_it(cast):
    calendar = Calendar.from_ical(written(cast, "Africa/Casablanca", datetime(2027, 2, 10, 10, tzinfo=UTC), 45))
    assert calendar.events[0]["DTSTART"].dt.replace(tzinfo=None) == datetime(2027, 2, 10, 10)
    onsets = [(part.name, part["DTSTART"].dt.isoformat()) for part in calendar.walk("VTIMEZONE")[0].subcomponents]
    assert onsets[1:] == [("STANDARD", "2027-02-07T03:00:00"), ("DAYLIGHT", "2027-03-14T02:00:00")]


@pytest.mark.parametrize(
    ("zone", "starts_at"),
    [
        ("Africa/Casablanca", datetime(2027, 2, 7, 1, 30, tzinfo=UTC)),
        ("Europe/Dublin", datetime(2027, 10, 31, 1, 15, tzinfo=UTC)),
        ("Europe/Dublin", datetime(2027, 10, 31, 0, 15, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 4, 3, 14, 35, tzinfo=UTC)),
        ("Antarctica/Troll", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_times_that_a_clock_shows_twice_are_written_in_utc(cast, zone, starts_at):
    raw = written(cast, zone, starts_at, 45)
    event = Calendar.from_ical(raw).events[0]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (starts_at, starts_at + timedelta(minutes=45))
    assert b"VTIMEZONE" not in raw and f"DTSTART:{starts_at:%Y%m%dT%H%M%SZ}".encode() in raw


@pytest.mark.parametrize("zone", ["Europe/Dublin", "Africa/Casablanca", "Europe/Berlin", "Australia/Lord_Howe"])
def test_daylight_is_the_clock_that_is_forward(cast, zone):
    calendar = Calendar.from_ical(written(cast, zone, datetime(2026, 6, 1, tzinfo=UTC), 45))
    parts = calendar.walk("VTIMEZONE")[0].subcomponents
    standard = {part["TZOFFSETTO"].td for part in parts if part.name == "STANDARD"}
    daylight = {part["TZOFFSETTO"].td for part in parts if part.name == "DAYLIGHT"}
    assert len(standard) == 1 and daylight and all(offset > max(standard) for offset in daylight)


def test_every_zone_that_is_offered_can_be_written(cast):
    for zone in sorted(time_zones.known()):
        raw = written(cast, zone, datetime(2027, 6, 1, 12, tzinfo=UTC), 45)
        assert Calendar.from_ical(raw).events[0]["DTSTART"].dt.replace(tzinfo=None) == datetime.fromisoformat(
            "2027-06-01T12:00"
        ) + (datetime(2027, 6, 1, 12, tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()), zone
