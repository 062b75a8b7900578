"""Give several dates of a series another time: by as many days, and to one hour."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from core.kernel import audit
from core.scheduling import notifications, series_notifications, signals
from core.scheduling.actions import calendar_locks
from core.scheduling.actions.series_checks import (
    SeriesDate,
    SeriesPlan,
    look,
    plan_of,
    planned,
    refuse_clashes,
    refuse_unexplained,
)
from core.scheduling.actions.series_scope import (
    affected_by,
    all_clients,
    attending_in,
    check_any,
    continued,
    locked,
    restart,
    rows_now,
    run_by,
)
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Appointment, AppointmentSeries, AvailabilityOverride
from core.scheduling.rules import series as rule
from core.scheduling.rules.conflicts import Span


def move_series(
    appointment: Appointment,
    *,
    scope: str,
    wall: datetime,
    minutes: int,
    time_zone: str,
    with_exceptions: bool = False,
    override_reason: str = "",
    by: Any,
    now: datetime,
) -> AppointmentSeries:
    """Move several dates by as many days and to this hour, as `appointment` is moved to `wall` (in `time_zone`). Returns the series as it is then.

    Raises PermissionDenied, DomainError, or ConflictError that names the dates on which somebody is not free.
    """
    with calendar_locks.calendar_transaction():
        series = locked(appointment, by=by)
        appointment = Appointment.objects.get(pk=appointment.pk)
        rows = affected_by(appointment, scope, now=now)
        own = {each.pk for each in run_by(by, rows)}
        assert appointment.occurrence_on is not None
        days = _days_after_move(series, rows, appointment.occurrence_on, wall.date(), now=now)
        moved_pattern = rule.moved(series.pattern, old=appointment.occurrence_on, new=wall.date())
        plan = replace(plan_of(series), pattern=moved_pattern, at=wall.time(), minutes=minutes, time_zone=time_zone)
        stays = {each.pk for each in rows if each.is_exception and not with_exceptions and each.pk != appointment.pk}
        stays |= {each.pk for each in rows} - own
        wanted = {
            each.pk: date_
            for each, date_ in zip(rows, planned(plan, [days[each.occurrence_on] for each in rows]), strict=True)
        }
        going = [each for each in rows if each.pk not in stays]
        looked = _look_at_each(plan, going, wanted, by=by, now=now)
        refuse_clashes(looked, zone=time_zone)
        refuse_unexplained(looked, reason=override_reason, zone=time_zone)
        clients, before = all_clients(rows), [going[0].starts_at, going[0].ends_at]
        series, old = continued(series, rows[0])
        _write_rule(series, plan, days, rows)
        restart(series)
        _write_times(series, rows, wanted, stays, days, time_zone)
        _keep_reasons(going, looked, override_reason, by=by, now=now)
        changes = {
            "starts_at": [before[0].isoformat(), wanted[going[0].pk].span.starts_at.isoformat()],
            "ends_at": [before[1].isoformat(), wanted[going[0].pk].span.ends_at.isoformat()],
            "dates": [None, len(going)],
        }
        audit.record(SchedulingAudit.SERIES_MOVED, by=by, subject=series, changes=changes)
        fresh = list(rows_now(going))
        was = {each.pk: each.span for each in going}
        for each in fresh:
            signals.appointment_moved.send(
                Appointment, appointment=each, previous=was[each.pk], left=each.practitioner, by=by, now=now
            )
            if each.is_open_group:
                signals.places_freed.send(Appointment, appointment=each, left=[], by=by, now=now)
        notifications.promise_reminders_of(fresh, by=by, now=now)
        series_notifications.changed(
            calendar_locks.load_series(series.pk), clients=clients, rows=rows, also=old, previous_start=before[0], by=by, now=now
        )  # fmt: skip
    return series


def _look_at_each(
    plan: SeriesPlan, rows: Sequence[Appointment], wanted: Mapping[Any, SeriesDate], *, by: Any, now: datetime
) -> list[SeriesDate]:
    """Each date looked at with whoever runs it, its own people and things: few questions for all that have the same."""
    check_any(rows)
    alike: dict[Any, list[Appointment]] = {}
    for each in rows:
        people = (frozenset(place.client_id for place in each.attending), frozenset(each.resources))
        alike.setdefault((each.practitioner_id, *people, each.mode, each.service_id), []).append(each)
    apart_from, found = [each.pk for each in rows], {}
    for group in alike.values():
        first = group[0]
        own = replace(
            plan, practitioner=first.practitioner, clients=attending_in(first), resources=first.resources,
            mode=first.mode, service_id=first.service_id,
        )  # fmt: skip
        looked = look(own, [wanted[each.pk] for each in group], by=by, apart_from=apart_from, now=now)
        found.update(zip((each.pk for each in group), looked, strict=True))
    return [found[each.pk] for each in rows]


def _days_after_move(
    series: AppointmentSeries, rows: Sequence[Appointment], old: date, new: date, *, now: datetime
) -> dict[date, date]:
    """Each day of the rule from the first that moves on, and the day that it becomes."""
    first = rows[0].occurrence_on
    assert first is not None
    known = {
        each.occurrence_on for each in series.occurrences.all() if each.occurrence_on and each.occurrence_on >= first
    }
    # All days of the rule as far as any date lies, because each of them becomes one of the new rule.
    far = max(series.made_until, *known)
    before = sorted({*known, *(day for day in series.days_by_rule(far) if day >= first)})
    begins = new + (first - old) if series.pattern.frequency == "weekly" else new
    pattern = rule.moved(series.pattern, old=old, new=new)
    if series.pattern.frequency == "monthly" and first < old:
        begins = new - (old - first)
        begins = next(rule.endless(replace(pattern, every=1), begins - timedelta(days=20)))
    after = [day for day, _ in zip(rule.endless(pattern, begins), before, strict=False)]
    return dict(zip(before, after, strict=True))


def _write_rule(
    series: AppointmentSeries, plan: SeriesPlan, days: dict[date, date], rows: Sequence[Appointment]
) -> None:
    """The new rule, its first day, and the days that are left out, all gone along."""
    first = rows[0].occurrence_on
    assert first is not None
    last_made = max((day for day in days if day <= series.made_until), default=first)
    series.rrule, series.wall_time = plan.pattern.rrule, plan.at
    series.minutes, series.time_zone = plan.minutes, plan.time_zone
    series.first_on = days[first]
    series.exdates = sorted(days[day] for day in series.exdates if day in days)
    if series.until_on is not None:
        series.until_on = days[max((day for day in days if day <= series.until_on), default=first)]
    series.made_until = days[last_made]


def _write_times(
    series: AppointmentSeries,
    rows: Sequence[Appointment],
    wanted: dict[Any, SeriesDate],
    stays: set[Any],
    days: dict[date, date],
    time_zone: str,
) -> None:
    """The later ones first where they go forward, so that none is written where the next one still lies."""
    # Dates that do not move (over, cancelled, or moved by themselves) are dates of the new rule from now on.
    others = [each for each in series.occurrences.all() if each.pk not in wanted or each.pk in stays]
    Appointment.objects.filter(pk__in=[*(each.pk for each in others), *wanted]).update(occurrence_on=None)
    for each in others:
        Appointment.objects.filter(pk=each.pk).update(occurrence_on=days.get(each.occurrence_on, each.occurrence_on))
    Appointment.objects.filter(pk__in=stays).update(is_exception=True)
    going = [each for each in rows if each.pk not in stays]
    forward = [each for each in going if wanted[each.pk].span.starts_at > each.starts_at]
    back = [each for each in going if each not in forward]
    for each in (*sorted(forward, key=_start, reverse=True), *sorted(back, key=_start)):
        span: Span = wanted[each.pk].span
        Appointment.objects.filter(pk=each.pk).update(
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            time_zone=time_zone,
            occurrence_on=wanted[each.pk].day,
            is_exception=False,
            sequence=series.sequence,
        )


def _keep_reasons(
    rows: Sequence[Appointment], dates: Sequence[SeriesDate], reason: str, *, by: Any, now: datetime
) -> None:
    AvailabilityOverride.objects.bulk_create(
        AvailabilityOverride(
            appointment=appointment, against=list(each.against), reason=reason, given_by_id=by.pk, given_by_name=str(by)[:150], given_at=now
        )
        for appointment, each in zip(rows, dates, strict=True)
        if each.against
    )  # fmt: skip


def _start(appointment: Appointment) -> datetime:
    return appointment.starts_at
