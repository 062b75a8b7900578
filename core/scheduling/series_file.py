"""A whole series as one calendar object for one person (RFC 5545): the rule, the dates that are left out, and those that are otherwise.

Each person has the dates that they take part in, and no others: somebody who joined later has a series that begins later. A date whose time the
clocks jump over stands beside the rule (RDATE), because programs leave such dates out. The UID of a series is fixed; SEQUENCE grows with every
change of the series, and with those of single dates.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import translation
from icalendar import Event

from core.notifications.mail import Attachment
from core.scheduling import calendar_file
from core.scheduling.calendar_file import AROUND, MIME, Entry, Method, nominal
from core.scheduling.models import Appointment, AppointmentSeries
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules import wall_time
from core.scheduling.rules.conflicts import Span

AHEAD = timedelta(days=3660)  # for how long the clock of an open-ended series is written out


@dataclass(frozen=True, slots=True)
class SeriesEntry:
    """A series as one person's calendar shows it. `appointments`: all of it that were made, with people and places loaded."""

    series: AppointmentSeries
    appointments: tuple[Appointment, ...]
    recipient: AppointmentRecipient
    sees_all: bool = False  # whoever runs the schedule, for a file of their own

    def is_theirs(self, appointment: Appointment) -> bool:
        """Whether this person has that date."""
        if appointment.status == Appointment.Status.CANCELLED:
            return False
        if not self.recipient.clients:
            return self.sees_all or appointment.practitioner.user_id == self.recipient.user.pk
        theirs = {client.pk for client in self.recipient.clients}
        return any(place.client_id in theirs for place in appointment.attending)

    @property
    def attended(self) -> list[Appointment]:
        return [each for each in self.appointments if self.is_theirs(each)]

    @property
    def goes_on(self) -> bool:
        """Whether this person has the dates that are still to be made."""
        if not self.series.is_open_ended:
            return False
        if not self.recipient.clients:
            return self.sees_all or self.series.practitioner.user_id == self.recipient.user.pk
        theirs = {client.pk for client in self.recipient.clients}
        return any(client.pk in theirs for client in self.series.clients.all())


def appointments_of(series: AppointmentSeries) -> tuple[Appointment, ...]:
    """What was made of it, in order, with people and places loaded."""
    found = series.occurrences.select_related("practitioner__user").prefetch_related(
        "participants__client", "reservations__resource"
    )
    rows = tuple(found.order_by("occurrence_on"))
    for row in rows:
        row.series = series
    return rows


def series_attachment(entry: SeriesEntry, *, now: datetime) -> Attachment:
    """The file as a mail carries it: it puts the series into the recipient's calendar, brings it up to date, or takes it out."""
    method: Method = "REQUEST" if entry.attended or entry.goes_on else "CANCEL"
    with translation.override(entry.recipient.user.reads):
        content = whole_series(entry, method=method, now=now)
    return Attachment("series.ics", content, f"{MIME}; method={method}")


def whole_series(entry: SeriesEntry, *, method: Method, now: datetime) -> bytes:
    """The file: the master, and each date that is otherwise."""
    series, zone = entry.series, wall_time.zone(entry.series.time_zone)
    calendar = calendar_file.new_calendar(method)
    attended = entry.attended
    begins = min([nominal(series, series.first_on), *(each.starts_at for each in attended)])
    ends = max([begins, *(each.ends_at for each in attended)]) + (AHEAD if entry.goes_on else timedelta(0))
    if zone.key != "UTC":
        calendar.add_component(calendar_file.timezone(zone, begins.astimezone(UTC) - AROUND, ends + AROUND))
    if method == "CANCEL" or not (attended or entry.goes_on):
        calendar.add_component(_master(entry, series.first_on, is_cancelled=True, method=method, now=now))
        return calendar.to_ical()
    first = attended[0].occurrence_on if attended else series.first_on
    assert first is not None
    master = _master(entry, first, is_cancelled=False, method=method, now=now)
    _repeat(master, entry, first)
    calendar.add_component(master)
    for each in attended:
        if _is_otherwise(each, series):
            part = calendar_file.event(Entry(each, entry.recipient), method=method, zone=zone, now=now)
            part["sequence"] = max(each.sequence, series.sequence)
            calendar.add_component(part)
    return calendar.to_ical()


def _master(entry: SeriesEntry, first: date, *, is_cancelled: bool, method: Method, now: datetime) -> Event:
    """The event of the rule, made of what its dates have in common."""
    series = entry.series
    zone = wall_time.zone(series.time_zone)
    starts_at = nominal(series, first).astimezone(UTC)
    common = Appointment(
        practitioner=series.practitioner,
        starts_at=starts_at,
        ends_at=starts_at + series.length,
        time_zone=series.time_zone,
        mode=series.mode,
        location=series.location,
        service_name=series.service_name,
        other_service_names=series.other_service_names,
        uid=series.uid,
        sequence=series.sequence,
        pk=series.pk,
    )
    common.__dict__["room_names"] = sorted(each.name for each in series.resources.all() if each.kind == "room")
    event = calendar_file.event(
        Entry(common, entry.recipient, is_cancelled=is_cancelled), method=method, zone=zone, now=now,
        page=calendar_file.page_of_series(series),
    )  # fmt: skip
    # On the wall as the rule says it, also on a day on which the clocks jump over that time: programs count it by the clock before the jump.
    del event["dtstart"], event["dtend"]
    wall = datetime.combine(first, series.wall_time, zone)
    event.add("dtstart", wall)
    event.add("duration", series.length)
    return event


def _repeat(master: Event, entry: SeriesEntry, first: date) -> None:
    """The rule with its end, the dates between that this person has not, and those that no clock shows."""
    series, attended = entry.series, {each.occurrence_on: each for each in entry.attended}
    zone, rule = wall_time.zone(series.time_zone), _rule(series)
    last = series.made_until if entry.goes_on else max(day for day in attended if day)
    if not entry.goes_on:
        rule["UNTIL"] = [nominal(series, last).astimezone(UTC)]
    master.add("rrule", rule)
    for day in series.days_by_rule(last):
        if day < first:
            continue
        wall = datetime.combine(day, series.wall_time)
        is_gap = wall_time.to_instant(wall, zone).adjustment == "gap"
        if day not in attended:
            master.add("exdate", wall.replace(tzinfo=zone))
            if is_gap:
                master.add("exdate", nominal(series, day))
        elif is_gap and day != first:
            master.add("rdate", nominal(series, day))


def _rule(series: AppointmentSeries) -> dict[str, Any]:
    parts = dict(part.split("=") for part in series.rrule.split(";"))
    return {name: value.split(",") for name, value in parts.items()}


def _is_otherwise(appointment: Appointment, series: AppointmentSeries) -> bool:
    """Whether something about this date is not as the series says."""
    assert appointment.occurrence_on is not None
    starts_at = nominal(series, appointment.occurrence_on)
    by_rule = Span(starts_at, starts_at + series.length)
    facts = ("practitioner_id", "mode", "location", "service_name")
    return (
        Span(appointment.starts_at, appointment.ends_at) != by_rule
        or any(getattr(appointment, name) != getattr(series, name) for name in facts)
        or _rooms(appointment.resources) != _rooms(series.resources.all())
    )


def _rooms(resources: Iterable[Any]) -> set[Any]:
    return {resource.pk for resource in resources if resource.kind == "room"}
