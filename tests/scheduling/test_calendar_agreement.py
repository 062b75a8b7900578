"""Calendar files read by two programs that know nothing of our zones: every date of every series is where the product has it.

A few zones always; all of them, over every change of their clocks from 2024 to 2032, in `make test-hard`.
"""

import json
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
import recurring_ical_events
from icalendar import Calendar

from core.kernel import time_zones, zone_changes
from core.kernel.ids import new_id
from core.scheduling import calendar_file, series_file
from core.scheduling.calendar_file import Entry, nominal
from core.scheduling.models import Appointment, AppointmentSeries
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules import availability, wall_time
from core.scheduling.rules.availability import Hours, Window

BEGINS, ENDS = datetime(2024, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=366)
HALF, WEEK = timedelta(minutes=30), timedelta(weeks=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
READER = Path(__file__).with_name("read_calendars.mjs")
FEW = ("Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns")
ALL = sorted(available_timezones() - {"localtime", "Factory"})


def walls(zone: ZoneInfo, until: datetime) -> list[datetime]:
    """On the wall: shortly before and after each change, and at nine that day; where nothing changes, one in the middle."""
    found = []
    for change in zone_changes.changes(zone, after=BEGINS, until=until):
        old = change.on_the_old_clock
        found += [old - HALF, old + HALF, datetime(old.year, old.month, old.day, 9)]
    return found or [datetime(2028, 6, 1, 9)]


def series_around(wall: datetime, zone: str, practitioner) -> tuple[AppointmentSeries, list[Appointment]]:
    """Six weeks around this time, as they are booked: the third was moved, the fifth called off."""
    first = wall.date() - 3 * WEEK
    series = AppointmentSeries(
        id=new_id(), rrule=f"FREQ=WEEKLY;BYDAY={WEEKDAYS[first.weekday()]}", first_on=first, wall_time=wall.time(), time_zone=zone, minutes=50,
        until_on=first + 5 * WEEK, made_until=first + 5 * WEEK, practitioner=practitioner, service_name="x",
    )  # fmt: skip
    series._prefetched_objects_cache = {"resources": []}
    found = []
    for number, day in enumerate(series.days_by_rule(first + 5 * WEEK)):
        starts_at = nominal(series, day).astimezone(UTC) + (timedelta(minutes=90) if number == 2 else timedelta(0))
        row = Appointment(
            practitioner=practitioner,
            starts_at=starts_at,
            ends_at=starts_at + series.length,
            series=series,
            occurrence_on=day,
            service_name="x",
        )
        row._prefetched_objects_cache = {"reservations": []}
        if number != 4:
            found.append(row)
    return series, found


def file_of(zone: str, cast, until: datetime) -> tuple[str, dict[str, list[int]]]:
    """All series of a zone in one file, its zone under a name that nobody knows; and when they begin."""
    recipient = AppointmentRecipient(cast.gus, (cast.cleo,))
    calendar, expected = calendar_file.new_calendar("PUBLISH"), {}
    if zone != "UTC":
        calendar.add_component(calendar_file.timezone(ZoneInfo(zone), BEGINS - YEAR, ENDS + YEAR))

    def shown(appointment):
        return Entry(appointment, recipient, with_alarm=False)

    for wall in walls(ZoneInfo(zone), until):
        series, attended = series_around(wall, zone, cast.tess_staff)
        for event in series_file.events_of(
            series_file.Repeated(series, attended, False, shown, shown), method="PUBLISH", now=BEGINS
        ):
            calendar.add_component(event)
        expected[series.uid] = sorted({int(each.starts_at.timestamp()) for each in attended})
    text = calendar.to_ical().decode()
    own = f"Own {zone}"  # because programs keep a zone by its name
    return text.replace(f"TZID:{zone}\r", f"TZID:{own}\r").replace(f"TZID={zone}:", f"TZID={own}:"), expected


def read_by_icalendar(text: str) -> dict[str, list[int]]:
    found: dict[str, set[int]] = {}
    for event in recurring_ical_events.of(Calendar.from_ical(text)).between(BEGINS - YEAR, ENDS + YEAR):
        found.setdefault(str(event["UID"]), set()).add(int(event["DTSTART"].dt.timestamp()))
    return {uid: sorted(starts) for uid, starts in found.items()}


def read_by_ical_js(files: dict[str, str]) -> dict[str, dict[str, list[int]]]:
    node = shutil.which("node")
    assert node, "Node is needed to read the files as browsers' calendars do."
    done = subprocess.run([node, READER], input=json.dumps(files).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def disagreements(zones, cast, until=ENDS):
    files, expected = {}, {}
    for zone in zones:
        files[zone], expected[zone] = file_of(zone, cast, until)
    by_js = read_by_ical_js(files)
    found = {}
    for zone in zones:
        by_python = read_by_icalendar(files[zone])
        for uid, starts in expected[zone].items():
            if not starts == by_python.get(uid) == by_js[zone].get(uid):
                found[zone, uid] = (starts, by_python.get(uid), by_js[zone].get(uid))
    return found


def wall_clock_errors(zones, until=ENDS):
    """Days around each change on which nine to five is not what the clocks there show."""
    wrong = []
    for name in zones:
        zone = ZoneInfo(name)
        hours = Hours(zone, {day: [Window(540, 1020)] for day in range(7)})
        days = {wall.date() + timedelta(days=each) for wall in walls(zone, until) for each in (-1, 0, 1)}
        wrong += [(name, day) for day in sorted(days) if not is_nine_to_five(hours, day)]
    return wrong


def is_nine_to_five(hours: Hours, day: date) -> bool:
    edges = [datetime(day.year, day.month, day.day, hour) for hour in (9, 17)]
    wanted = [wall_time.to_instant(edge, hours.zone).instant for edge in edges]
    spans = availability.open_spans(hours, day)
    if wanted[0] >= wanted[1]:  # a day that was left out
        return spans == []
    shown = [at.astimezone(hours.zone).replace(tzinfo=None) for at in (spans[0].starts_at, spans[0].ends_at)]
    return [spans[0].starts_at, spans[0].ends_at] == wanted and shown == edges


def test_files_agree_in_a_few_zones(cast):
    assert disagreements(FEW, cast, until=datetime(2026, 1, 1, tzinfo=UTC)) == {}


def test_weekly_hours_are_those_on_the_wall_in_a_few_zones():
    assert wall_clock_errors(FEW, until=datetime(2026, 1, 1, tzinfo=UTC)) == []


@pytest.mark.hard
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("part", range(8))
def test_files_agree_in_all_zones(cast, part):
    assert disagreements(ALL[part::8], cast) == {}


@pytest.mark.hard
@pytest.mark.timeout(900)
def test_weekly_hours_are_those_on_the_wall_in_all_zones():
    assert {"Europe/Berlin"} <= set(ALL) and time_zones.known() <= set(ALL) | {"UTC"}
    assert wall_clock_errors(ALL) == []
