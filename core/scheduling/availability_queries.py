"""When somebody works, read from the database for the rule: a fixed number of questions, however many people and days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from core.people.models import StaffMember
from core.scheduling import public_holidays
from core.scheduling.models import (
    Appointment,
    BusyTime,
    Closure,
    DayHours,
    ScheduleSettings,
    SchedulingSettings,
    TimeOff,
    WorkingHours,
)
from core.scheduling.queries import with_people
from core.scheduling.rules import availability, wall_time
from core.scheduling.rules.availability import Hours, Window
from core.scheduling.rules.conflicts import Span

DAY = timedelta(days=1)
WEEK = timedelta(days=8)  # around an appointment: its week on any clock


def hours_of(practitioner: StaffMember, first: date, last: date) -> Hours:
    """What decides when one practitioner works between these days."""
    return hours_of_many([practitioner], first, last)[practitioner.pk]


def hours_of_many(
    practitioners: Sequence[StaffMember], first: date, last: date, *, with_busy: bool = True
) -> dict[UUID, Hours]:
    """The same of several: six questions, and that for the organization's closed days."""
    keys = [person.pk for person in practitioners]
    closed = closed_days(first, last)
    settings = {row.practitioner_id: row for row in ScheduleSettings.objects.filter(practitioner__in=keys)}
    weekly, days, off = _weekly(keys), _days(keys, first, last), _off(keys, first, last)
    busy = _busy(keys, first, last) if with_busy else defaultdict(list)
    return {
        person.pk: replace(
            _hours(person, settings.get(person.pk), weekly[person.pk], days[person.pk], off[person.pk], closed),
            busy=busy[person.pk],
        )
        for person in practitioners
    }


def closed_days(first: date, last: date) -> dict[date, str]:
    """The days on which nobody works, with their names: closures, and public holidays where the organization keeps them."""
    found = public_holidays.between(SchedulingSettings.current(), first, last)
    for closure in Closure.objects.filter(first_on__lte=last, last_on__gte=first):
        begins, ends = max(first, closure.first_on), min(last, closure.last_on)
        found |= dict.fromkeys(availability.days_between(begins, ends), closure.name)
    return found


def others_around(practitioner: StaffMember, wanted: Span, *, apart_from: UUID | None = None) -> list[Span]:
    """When the practitioner's other appointments of that week are."""
    near = Appointment.objects.filter(
        practitioner=practitioner, starts_at__lt=wanted.ends_at + WEEK, ends_at__gt=wanted.starts_at - WEEK
    )
    near = near.exclude(status=Appointment.Status.CANCELLED).exclude(pk=apart_from)
    return [appointment.span for appointment in near if appointment.span.starts_at < appointment.span.ends_at]


def appointments_in(times: Sequence[TimeOff], *, now: datetime) -> dict[UUID, list[Appointment]]:
    """What is booked and yet to come in each of these times off of one practitioner, by their ids."""
    if not times:
        return {}
    practitioner = times[0].practitioner
    zone = wall_time.zone(zone_of(practitioner, ScheduleSettings.objects.filter(practitioner=practitioner).first()))
    latest = (now + availability.FURTHEST).date()
    begins = wall_time.day_bounds(min(latest, *(off.first_on for off in times)), zone)[0]
    ends = wall_time.day_bounds(min(latest, max(off.last_on for off in times)), zone)[1]
    booked = Appointment.objects.filter(practitioner=practitioner, status=Appointment.Status.BOOKED)
    rows = list(with_people(booked.filter(starts_at__lt=ends, ends_at__gt=max(begins, now))))
    return {
        off.pk: [row for row in rows if "off" in availability.why_not(Hours(zone, off=[_as_off(off)]), row.span)]
        for off in times
    }


def zone_of(practitioner: StaffMember, settings: ScheduleSettings | None) -> str:
    """The clock on which somebody's hours are meant."""
    return (settings.time_zone if settings else "") or practitioner.user.time_zone


def _hours(
    person: StaffMember,
    settings: ScheduleSettings | None,
    weekly: Mapping[int, Sequence[Window]],
    days: Mapping[date, Sequence[Window]],
    off: Sequence[availability.TimeOff],
    closed: Mapping[date, str],
) -> Hours:
    settings = settings or ScheduleSettings()
    return Hours(
        zone=wall_time.zone(zone_of(person, settings)),
        weekly=weekly,
        days=days,
        off=off,
        closed=closed,
        buffer_before=timedelta(minutes=settings.buffer_before),
        buffer_after=timedelta(minutes=settings.buffer_after),
        most_per_day=settings.most_per_day,
        most_per_week=settings.most_per_week,
    )


def _weekly(keys: Iterable[UUID]) -> dict[UUID, dict[int, list[Window]]]:
    found: dict[UUID, dict[int, list[Window]]] = defaultdict(dict)
    for row in WorkingHours.objects.filter(practitioner__in=keys):
        window = Window(row.starts, row.ends, row.mode, frozenset(row.service_ids))
        found[row.practitioner_id].setdefault(row.weekday, []).append(window)
    return found


def _days(keys: Iterable[UUID], first: date, last: date) -> dict[UUID, dict[date, list[Window]]]:
    found: dict[UUID, dict[date, list[Window]]] = defaultdict(dict)
    for row in DayHours.objects.filter(practitioner__in=keys, day__gte=first, day__lte=last):
        windows = found[row.practitioner_id].setdefault(row.day, [])
        if row.starts is not None and row.ends is not None:
            windows.append(Window(row.starts, row.ends))
    return found


def _off(keys: Iterable[UUID], first: date, last: date) -> dict[UUID, list[availability.TimeOff]]:
    found: dict[UUID, list[availability.TimeOff]] = defaultdict(list)
    for row in TimeOff.objects.filter(practitioner__in=keys, first_on__lte=last, last_on__gte=first):
        found[row.practitioner_id].append(_as_off(row))
    return found


def _busy(keys: Iterable[UUID], first: date, last: date) -> dict[UUID, list[Span]]:
    """When they are busy elsewhere, on these days of any clock."""
    found: dict[UUID, list[Span]] = defaultdict(list)
    begins, ends = (datetime.combine(day, time.min, UTC) for day in (first - DAY, last + 2 * DAY))
    rows = BusyTime.objects.filter(practitioner__in=keys, starts_at__lt=ends, ends_at__gt=begins)
    for key, *span in rows.values_list("practitioner_id", "starts_at", "ends_at"):
        found[key].append(Span(*span))
    return found


def _as_off(row: TimeOff) -> availability.TimeOff:
    return availability.TimeOff(row.first_on, row.last_on, row.starts, row.ends, frozenset(row.weekdays))
