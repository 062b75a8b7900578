"""Let a series end earlier, or go on: dates are cancelled with it, or booked."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.scheduling import notifications, series_notifications, signals
from core.scheduling.actions import calendar_locks
from core.scheduling.actions.cancellation import cancel_appointment
from core.scheduling.actions.series import days_to_make, make_appointments
from core.scheduling.actions.series_checks import (
    horizon,
    look,
    plan_of,
    planned,
    refuse_clashes,
    refuse_unexplained,
    too_many,
)
from core.scheduling.actions.series_scope import (
    affected_by,
    all_clients,
    check_any,
    cut_off,
    do_each,
    locked,
    restart,
    run_by,
)
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Appointment, AppointmentSeries, Cancellation
from core.scheduling.permissions import can_run_schedule
from core.scheduling.rules import series as rule


def cancel_series(
    appointment: Appointment,
    *,
    scope: str,
    party: str = Cancellation.Party.CLIENT,
    reason: str = "",
    waiver_reason: str = "",
    by: Any,
    now: datetime,
) -> list[Cancellation]:
    """Cancel several dates, each by the policy of its booking, and make no more. Exceptions among them too: the series is over from then on."""
    with calendar_locks.calendar_transaction():
        series = locked(appointment, by=by)
        rows = affected_by(appointment, scope, by=by, now=now)
        check_any(rows)
        clients = all_clients(rows)
        facts = {"party": party, "reason": reason, "waiver_reason": waiver_reason}
        done = do_each(rows, lambda each: cancel_appointment(each, **facts, tell=False, by=by, now=now))
        assert rows[0].occurrence_on is not None
        ends = max(rows[0].occurrence_on, series.first_on) - timedelta(days=1)
        series.until_on = min(ends, series.until_on or ends)
        series.made_until = min(series.made_until, series.until_on)
        cut_off(rows)
        restart(series)
        changes = {"until_on": [None, series.until_on.isoformat()], "dates": [None, len(done)]}
        audit.record(
            SchedulingAudit.SERIES_ENDED, by=by, subject=series, changes=changes, reason=waiver_reason or reason
        )
        series_notifications.ended(calendar_locks.load_series(series.pk), rows, clients=clients, by=by)
    return done


def set_end_of_series(
    series: AppointmentSeries,
    *,
    until_on: date | None,
    leave_out_busy: bool = False,
    override_reason: str = "",
    by: Any,
    now: datetime,
) -> AppointmentSeries:
    """Let a series go until another day (none: without an end). Dates up to then are booked, dates after it are cancelled on the practice's side.

    Raises PermissionDenied, DomainError, or ConflictError that names the dates on which somebody is not free.
    """
    with calendar_locks.calendar_transaction():
        series = calendar_locks.lock_series(series.pk)
        if not can_run_schedule(by, series.practitioner):
            raise PermissionDenied("You do not have permission to change appointments on this schedule.")
        if hasattr(series, "continued_by"):
            raise ConflictError(
                "series_continued", translate("Another series continues this one. Change the end of that one.")
            )
        before, last = series.until_on, until_on or horizon(now=now)
        if until_on is not None and until_on < now.date():
            raise DomainError("end_passed", translate("That day has passed. Choose a later one."), field="until")
        if last > (now + rule.FURTHEST).date():
            raise DomainError(
                "too_late",
                translate("A series ends within two years. Choose an earlier day, or no end."),
                field="until",
            )
        if until_on is not None:  # an end before the first date leaves none
            until_on = max(until_on, series.first_on - timedelta(days=1))
        off = run_by(by, _after(series, until_on, now=now))
        clients = all_clients(off) or list(series.clients.all())
        do_each(
            off, lambda each: cancel_appointment(each, party=Cancellation.Party.PRACTICE, tell=False, by=by, now=now)
        )
        made = _make_until(series, until_on, last, leave_out_busy, override_reason, by=by, now=now)
        series.until_on = until_on
        series.made_until = min(last, series.made_until) if off else max(last, series.made_until)
        cut_off(off)
        restart(series)
        changes = {
            "until_on": [before and before.isoformat(), until_on and until_on.isoformat()],
            "dates": [None, len(made)],
        }
        audit.record(
            SchedulingAudit.SERIES_ENDED if off else SchedulingAudit.SERIES_CHANGED,
            by=by,
            subject=series,
            changes=changes,
        )
        notifications.promise_reminders_of(made, by=by, now=now)
        for each in made if series.is_open_group else ():
            signals.places_freed.send(Appointment, appointment=each, left=[], by=by, now=now)
        series = calendar_locks.load_series(series.pk)
        if off:
            series_notifications.ended(series, off, clients=clients, by=by)
        elif before != until_on:
            series_notifications.changed(series, clients=clients, by=by, now=now)
    return series


def _make_until(
    series: AppointmentSeries,
    until_on: date | None,
    last: date,
    leave_out_busy: bool,
    reason: str,
    *,
    by: Any,
    now: datetime,
) -> list[Appointment]:
    """The dates that are not made yet, up to a day."""
    plan = replace(plan_of(series), until_on=until_on)
    if last <= series.made_until:
        return []
    if not plan.can_go_on:
        raise DomainError("series_over", translate("Nobody runs it, or nobody comes any more: no dates can be added."))
    found = series.days_by_rule(last)
    if until_on is not None and len(found) > rule.MOST:
        raise DomainError("series_too_long", too_many(), field="until")
    days = days_to_make(series, found)
    dates = [each for each in look(plan, planned(plan, days), by=by, now=now) if each.span.starts_at > now]
    busy = [each for each in dates if each.clashes]
    if not leave_out_busy:
        refuse_clashes(busy, zone=plan.time_zone)
    kept = [each for each in dates if each not in busy]
    refuse_unexplained(kept, reason=reason or series.override_reason, zone=plan.time_zone)
    series.exdates = sorted({*series.exdates, *(each.day for each in busy)})
    return make_appointments(series, plan, kept, reason=reason or series.override_reason, by=by, now=now)


def _after(series: AppointmentSeries, until_on: date | None, *, now: datetime) -> list[Appointment]:
    if until_on is None:
        return []
    found = series.occurrences.filter(status=Appointment.Status.BOOKED, starts_at__gt=now, occurrence_on__gt=until_on)
    loaded = found.select_related("practitioner__user").prefetch_related("participants__client")
    return list(loaded.order_by("occurrence_on"))
