"""Say when somebody works and when not: working hours, other hours of a day, time off, and what the organization closes for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.actions.changes import is_system
from core.people.models import StaffMember
from core.people.roles import Permission
from core.scheduling import public_holidays
from core.scheduling.actions import calendar_locks
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Closure, DayHours, ScheduleSettings, SchedulingSettings, TimeOff, WorkingHours
from core.scheduling.permissions import can_manage_closures, can_run_schedule
from core.scheduling.rules import availability, wall_time
from core.scheduling.rules.availability import FURTHEST, Window
from core.scheduling.signals import hours_opened

MOST_WINDOWS = 6  # of one day
MOST_MINUTES = 240  # around an appointment
SOON = timedelta(days=28)  # of the hours of every week
MOST_DAYS = 732  # of a time off or a closure


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a practitioner wants appointments to lie."""

    time_zone: str = ""
    buffer_before: int = 0
    buffer_after: int = 0
    most_per_day: int | None = None
    most_per_week: int | None = None


def set_working_hours(
    practitioner: StaffMember, *, weekly: Mapping[int, Sequence[Window]], wishes: Wishes, by: Any, now: datetime
) -> None:
    """Replace the hours of every week, and the wishes about how appointments lie. What is booked stays as it is."""
    _check_runs(by, practitioner)
    _check_wishes(wishes)
    for day in availability.WEEK:
        check_windows(weekly.get(day, ()), field=f"day_{day}")
    with calendar_locks.calendar_transaction():
        calendar_locks.lock_calendars([practitioner.pk])
        before = _written(practitioner)
        WorkingHours.objects.filter(practitioner=practitioner).delete()
        WorkingHours.objects.bulk_create(
            WorkingHours(
                practitioner=practitioner, weekday=day, starts=window.starts, ends=window.ends, mode=window.mode,
                service_ids=sorted(window.services),
            )
            for day in availability.WEEK
            for window in weekly.get(day, ())
        )  # fmt: skip
        ScheduleSettings.objects.update_or_create(
            practitioner=practitioner,
            defaults={name: getattr(wishes, name) for name in Wishes.__slots__},
        )
        after = _written(practitioner)
        changes = {name: [before.get(name), after[name]] for name in after if before.get(name) != after[name]}
        if changes:
            audit.record(SchedulingAudit.WORKING_HOURS_SET, by=by, subject=practitioner, changes=changes)
            today = now.date()
            _say_opened(practitioner, today, today + SOON, by=by, now=now)


def set_day_hours(
    practitioner: StaffMember, *, day: date, windows: Sequence[Window] | None, by: Any, now: datetime
) -> None:
    """Other hours on one date; an empty list is a day on which nothing is worked, None the hours of the week again."""
    _check_runs(by, practitioner)
    check_windows(windows or (), field="windows")
    with calendar_locks.calendar_transaction():
        calendar_locks.lock_calendars([practitioner.pk])
        rows = DayHours.objects.filter(practitioner=practitioner, day=day)
        before = [text_of(row) for row in rows]
        rows.delete()
        made = [
            DayHours(practitioner=practitioner, day=day, starts=each.starts, ends=each.ends) for each in windows or ()
        ]
        if windows is not None and not made:
            made = [DayHours(practitioner=practitioner, day=day)]
        DayHours.objects.bulk_create(made)
        changes = {"day": [None, day.isoformat()], "hours": [before, [text_of(row) for row in made]]}
        audit.record(SchedulingAudit.DAY_HOURS_SET, by=by, subject=practitioner, changes=changes)
        _say_opened(practitioner, day, day, by=by, now=now)


def add_time_off(off: TimeOff, *, by: Any, now: datetime) -> TimeOff:
    """Note that somebody is away. What is booked then stays, and is there to be moved or cancelled."""
    _check_runs(by, off.practitioner)
    check_days(off.first_on, off.last_on, field="last_on", now=now)
    if problem := availability.problem_of(off.starts, off.ends):
        raise DomainError(f"window_{problem}", sentence_of(problem), field="ends")
    with calendar_locks.calendar_transaction():
        calendar_locks.lock_calendars([off.practitioner.pk])
        off.save()
        changes = {"days": [None, [off.first_on.isoformat(), off.last_on.isoformat()]], "hours": [None, text_of(off)]}
        audit.record(SchedulingAudit.TIME_OFF_ADDED, by=by, subject=off.practitioner, changes=changes)
    return off


@transaction.atomic
def remove_time_off(off: TimeOff, *, by: Any, now: datetime) -> None:
    """They are there after all."""
    _check_runs(by, off.practitioner)
    changes = {"days": [[off.first_on.isoformat(), off.last_on.isoformat()], None], "hours": [text_of(off), None]}
    audit.record(SchedulingAudit.TIME_OFF_REMOVED, by=by, subject=off.practitioner, changes=changes)
    off.delete()
    _say_opened(off.practitioner, off.first_on, off.last_on, by=by, now=now)


@transaction.atomic
def add_closure(closure: Closure, *, by: Any, now: datetime) -> Closure:
    """Nobody works here on these days."""
    _check_may_close(by)
    check_days(closure.first_on, closure.last_on, field="last_on", now=now)
    closure.save()
    days = [closure.first_on.isoformat(), closure.last_on.isoformat()]
    audit.record(
        SchedulingAudit.CLOSURE_ADDED,
        by=by,
        subject=closure,
        changes={"name": [None, closure.name], "days": [None, days]},
    )
    return closure


@transaction.atomic
def remove_closure(closure: Closure, *, by: Any, now: datetime) -> None:
    """It is worked on these days after all."""
    _check_may_close(by)
    audit.record(SchedulingAudit.CLOSURE_REMOVED, by=by, subject=closure, changes={"name": [closure.name, None]})
    closure.delete()
    _say_opened(None, closure.first_on, closure.last_on, by=by, now=now)


def _say_opened(practitioner: StaffMember | None, first_on: date, last_on: date, *, by: Any, now: datetime) -> None:
    hours_opened.send(StaffMember, practitioner=practitioner, first_on=first_on, last_on=last_on, by=by, now=now)


@transaction.atomic
def keep_public_holidays(
    *, country: str, region: str = "", worked: Iterable[date] = (), by: Any, now: datetime
) -> SchedulingSettings:
    """Close on the public holidays of a country (empty: on none) and its region, apart from those that are worked."""
    _check_may_close(by)
    known = public_holidays.countries()
    if country and country not in known:
        raise DomainError("unknown_country", translate("Choose a country from the list."), field="country")
    if region and region not in known.get(country, ()):
        raise DomainError("unknown_region", translate("Choose a region of this country."), field="region")
    settings = SchedulingSettings.current()
    after = {"holiday_country": country, "holiday_region": region, "worked_holidays": sorted(set(worked))}
    changes = {
        name: [_plain(getattr(settings, name)), _plain(value)]
        for name, value in after.items()
        if getattr(settings, name) != value
    }
    for name, value in after.items():
        setattr(settings, name, value)
    settings.save()
    if changes:
        audit.record(SchedulingAudit.SCHEDULING_SETTINGS_CHANGED, by=by, subject=settings, changes=changes)
    return settings


def check_windows(windows: Sequence[Window], *, field: str) -> None:
    """DomainError when one ends before it starts, two share time, or there are too many."""
    for window in windows:
        if problem := availability.problem_of(window.starts, window.ends):
            raise DomainError(f"window_{problem}", sentence_of(problem), field=field)
    if len(windows) > MOST_WINDOWS:
        raise DomainError(
            "many_windows", translate("A day has at most %(most)s windows.", most=MOST_WINDOWS), field=field
        )
    if availability.overlap(windows):
        raise DomainError("windows_overlap", translate("Two windows of this day share time."), field=field)


def check_days(first: date, last: date, *, field: str, now: datetime) -> None:
    """DomainError unless the last day is not before the first, and not years away from it or from now."""
    if last < first:
        raise DomainError("days_backwards", translate("The last day is before the first."), field=field)
    if (last - first).days > MOST_DAYS:
        raise DomainError("many_days", translate("That is more than two years."), field=field)
    if last > (now + FURTHEST).date():
        raise DomainError(
            "far_days", translate("That is more than five years ahead. Please check the date."), field=field
        )


def sentence_of(problem: str) -> str:
    """What is wrong with a window, by its code."""
    if problem == "empty":
        return translate("It ends when it starts.")
    return translate(
        "It ends before it starts. Time past midnight is two windows: until 24:00, and from 0:00 of the next day."
    )


def text_of(row: Any) -> str:
    """A window as the audit writes it: 09:00-12:30."""
    if row.starts is None:
        return ""
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (row.starts, row.ends))


def _written(practitioner: StaffMember) -> dict[str, Any]:
    found: dict[str, Any] = {f"day_{day}": [] for day in availability.WEEK}
    for row in WorkingHours.objects.filter(practitioner=practitioner):
        parts = (text_of(row), row.mode, *(str(service) for service in row.service_ids))
        found[f"day_{row.weekday}"].append(" ".join(part for part in parts if part))
    settings = ScheduleSettings.objects.filter(practitioner=practitioner).first() or ScheduleSettings()
    return found | {name: getattr(settings, name) for name in Wishes.__slots__}


def _check_wishes(wishes: Wishes) -> None:
    if wishes.time_zone and not wall_time.is_zone(wishes.time_zone):
        raise DomainError("unknown_zone", translate("Choose a time zone from the list."), field="time_zone")
    for name in ("buffer_before", "buffer_after"):
        if not 0 <= getattr(wishes, name) <= MOST_MINUTES:
            raise DomainError(
                "bad_minutes",
                translate("Minutes are between 0 and %(most_minutes)s.", most_minutes=MOST_MINUTES),
                field=name,
            )


def _check_runs(by: Any, practitioner: StaffMember) -> None:
    if not (is_system(by) and Permission.OWN_SCHEDULE in practitioner.permissions) and not can_run_schedule(
        by, practitioner
    ):
        raise PermissionDenied("You do not have permission to change these hours.")


def _check_may_close(by: Any) -> None:
    if not can_manage_closures(by):
        raise PermissionDenied("You do not have permission to change when everybody works.")


def _plain(value: Any) -> Any:
    return [day.isoformat() for day in value] if isinstance(value, list) else value
