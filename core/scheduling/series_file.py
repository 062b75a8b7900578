"""A whole series as one calendar object for one person (RFC 5545): the rule, the dates that are left out, and those that are otherwise.

Each person has the dates that they take part in, and no others: somebody who joined later has a series that begins later. A date whose time the
clocks jump over or show twice says its instant beside the rule (RECURRENCE-ID), because programs do not agree about such dates. The UID of a series
is fixed; SEQUENCE grows with every change of the series, and with those of single dates.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
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


@dataclass(frozen=True, slots=True)
class Repeated:
    """The dates of a series that stand in a file, in order, and how each is shown. `goes_on`: so do those that are still to be made.

    `entry_of_all` shows what they have in common, given as an appointment that is not stored.
    """

    series: AppointmentSeries
    attended: Sequence[Appointment]
    goes_on: bool
    entry_of: Callable[[Appointment], Entry]
    entry_of_all: Callable[[Appointment], Entry]

    @property
    def begins(self) -> datetime:
        return min([nominal(self.series, self.series.first_on), *(each.starts_at for each in self.attended)])

    @property
    def ends(self) -> datetime:
        """Up to when the clock of its zone is needed."""
        return max([self.begins, *(each.ends_at for each in self.attended)]) + (AHEAD if self.goes_on else timedelta(0))


def whole_series(entry: SeriesEntry, *, method: Method, now: datetime) -> bytes:
    """The file: the master, and each date that is otherwise."""
    series, zone = entry.series, wall_time.zone(entry.series.time_zone)
    calendar = calendar_file.new_calendar(method)
    shown = partial(Entry, recipient=entry.recipient)
    repeated = Repeated(series, entry.attended, entry.goes_on, shown, shown)
    if zone.key != "UTC":
        begins = repeated.begins.astimezone(UTC)
        calendar.add_component(calendar_file.timezone(zone, begins - AROUND, repeated.ends + AROUND))
    if method == "CANCEL" or not (repeated.attended or repeated.goes_on):
        calendar.add_component(_master(repeated, series.first_on, is_cancelled=True, method=method, now=now))
        return calendar.to_ical()
    for event in events_of(repeated, method=method, now=now):
        calendar.add_component(event)
    return calendar.to_ical()


def events_of(repeated: Repeated, *, method: Method, now: datetime) -> list[Event]:
    """The master, and each date that is otherwise."""
    series, zone = repeated.series, wall_time.zone(repeated.series.time_zone)
    first = repeated.attended[0].occurrence_on if repeated.attended else series.first_on
    assert first is not None
    master = _master(repeated, first, is_cancelled=False, method=method, now=now)
    _repeat(master, repeated, first)
    found = [master]
    for each in repeated.attended:
        shown_in = calendar_file.clear_zone(each, zone)
        part = calendar_file.event(repeated.entry_of(each), method=method, zone=shown_in, now=now)
        is_unclear = each.occurrence_on is not None and bool(_adjustment(series, each.occurrence_on))
        if is_unclear or _is_otherwise(each, series) or part["summary"] != master["summary"]:
            part["sequence"] = max(each.sequence, series.sequence)
            found.append(part)
    return found


def _master(repeated: Repeated, first: date, *, is_cancelled: bool, method: Method, now: datetime) -> Event:
    """The event of the rule, made of what its dates have in common."""
    series = repeated.series
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
        replace(repeated.entry_of_all(common), is_cancelled=is_cancelled), method=method, zone=zone, now=now,
        page=calendar_file.page_of_series(series),
    )  # fmt: skip
    # On the wall as the rule says it, also on a day on which the clocks jump over that time: programs count it by the clock before the jump.
    del event["dtstart"], event["dtend"]
    wall = datetime.combine(first, series.wall_time, zone)
    event.add("dtstart", wall)
    event.add("duration", series.length)
    return event


def _repeat(master: Event, repeated: Repeated, first: date) -> None:
    """The rule with its end, and the dates between that this person has not."""
    series, attended = repeated.series, {each.occurrence_on: each for each in repeated.attended}
    zone, rule = wall_time.zone(series.time_zone), _rule(series)
    last = series.made_until if repeated.goes_on else max(day for day in attended if day)
    if not repeated.goes_on:
        rule["UNTIL"] = [nominal(series, last).astimezone(UTC)]
    master.add("rrule", rule)
    for day in series.days_by_rule(last):
        if day < first:
            continue
        wall = datetime.combine(day, series.wall_time)
        if day not in attended:
            master.add("exdate", wall.replace(tzinfo=zone))
            if _adjustment(series, day) == "gap":
                master.add("exdate", nominal(series, day))


def _adjustment(series: AppointmentSeries, day: date) -> str:
    """Whether the clock there jumps over the series' time that day (gap), or shows it twice (fold)."""
    wall = datetime.combine(day, series.wall_time)
    return wall_time.to_instant(wall, wall_time.zone(series.time_zone)).adjustment


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
