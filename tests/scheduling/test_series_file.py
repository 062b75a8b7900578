"""The calendar object of a series, read back: every date is where the product has it, over every change of the clock."""

from datetime import UTC, date, datetime, time
from io import StringIO

import pytest
from dateutil.rrule import rrulestr
from dateutil.tz import tzical
from icalendar import Calendar

from core.kernel import clock
from core.scheduling import series_file
from core.scheduling.actions import cancel_appointment
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules.series import Pattern
from tests.factories.scheduling import book_weekly


def starts_in(content: bytes) -> list[datetime]:
    """The instants of the object, by its own rule, exceptions, additions and its own clock (VTIMEZONE): as a program without our zones reads it."""
    calendar = Calendar.from_ical(content)
    zones = tzical(StringIO(content.decode().replace("\r\n", "\n")))
    master, *others = calendar.events
    zone = zones.get()

    def instant(wall: datetime) -> datetime:
        return wall.replace(tzinfo=zone).astimezone(UTC)

    first = master["DTSTART"].dt.replace(tzinfo=None)
    until = master["RRULE"].pop("UNTIL", [None])[0]
    found = set()
    for wall in rrulestr(master["RRULE"].to_ical().decode(), dtstart=first):
        if instant(wall) > until:
            break
        if (
            zone.utcoffset(wall) is not None
            and instant(wall).astimezone(zone).replace(tzinfo=None) == wall
            or wall == first
        ):
            found.add(instant(wall))
    found -= {each.dt.astimezone(UTC) for each in _dates(master, "EXDATE")}
    found |= {each.dt.astimezone(UTC) for each in _dates(master, "RDATE")}
    for other in others:
        found.discard(other["RECURRENCE-ID"].dt.astimezone(UTC))
        found.add(other["DTSTART"].dt.astimezone(UTC))
    return sorted(found)


def _dates(event, name):
    found = event.get(name, [])
    return [each for part in (found if isinstance(found, list) else [found]) for each in part.dts]


@pytest.mark.parametrize(
    ("zone", "at", "first"),
    [
        ("Europe/Berlin", time(2, 30), date(2026, 3, 15)),
        ("America/New_York", time(1, 30), date(2026, 10, 18)),
        ("Australia/Lord_Howe", time(2, 15), date(2026, 9, 20)),
        ("Europe/Dublin", time(9), date(2026, 10, 4)),
        ("UTC", time(9), date(2026, 10, 4)),
    ],
)
def test_object_reads_back_as_the_dates_that_there_are(cast, monkeypatch, zone, at, first):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    series = book_weekly(cast, first=first, weeks=8, at=at, time_zone=zone, pattern=Pattern("weekly", 1, (6,)))
    rows = list(series.occurrences.order_by("starts_at"))
    cancel_appointment(rows[5], by=cast.nora, now=clock.now())
    entry = series_file.SeriesEntry(
        series, series_file.appointments_of(series), AppointmentRecipient(cast.gus, (cast.cleo,))
    )
    content = series_file.whole_series(entry, method="REQUEST", now=clock.now())
    if zone == "UTC":
        assert b"VTIMEZONE" not in content and content.count(b"EXDATE") == 1
        return
    assert starts_in(content) == [each.starts_at for each in rows if each.pk != rows[5].pk]
