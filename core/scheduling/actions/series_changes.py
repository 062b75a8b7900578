"""Change several dates of a series at once: this and those that follow, or all that are still to come.

What has begun, is completed or cancelled never changes. Facts of the dates are changed by the same acts as those of one appointment, each with its
own line in the history; whoever is concerned is told once. Where earlier dates stay as they were, the series ends before the first that changes,
and another one continues it: a calendar program could not show both otherwise. Only people come and go without that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.scheduling import notifications, series_notifications
from core.scheduling.actions import calendar_locks
from core.scheduling.actions.cancellation import cancel_appointment
from core.scheduling.actions.edit import ServiceChosen, edit_appointment
from core.scheduling.actions.series import days_to_make, make_appointments
from core.scheduling.actions.series_checks import (
    MOST_SAID,
    SeriesDate,
    SeriesPlan,
    day_of,
    horizon,
    look,
    plan_of,
    planned,
    refuse_clashes,
    refuse_unexplained,
    too_many,
)
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Appointment, AppointmentSeries, AvailabilityOverride, Cancellation
from core.scheduling.models.appointments import new_uid
from core.scheduling.permissions import can_run_schedule
from core.scheduling.rules import series as rule
from core.scheduling.rules.conflicts import Span

PLAIN = ("mode", "location", "note")


class Scope(StrEnum):
    """Which dates an act is about."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


def affected_by(appointment: Appointment, scope: str, *, by: Any = None, now: datetime) -> list[Appointment]:
    """The dates that the act is about, in order: booked, not begun, from this one on or all.

    With `by`: without those that were handed to somebody whose schedule `by` does not run. They stay as they are.
    """
    if appointment.series_id is None or scope == Scope.ONE:
        return [appointment]
    found = Appointment.objects.filter(
        series=appointment.series_id, status=Appointment.Status.BOOKED, starts_at__gt=now
    )
    if scope == Scope.FOLLOWING:
        found = found.filter(occurrence_on__gte=appointment.occurrence_on)
    loaded = found.select_related("practitioner__user").prefetch_related(
        "participants__client", "reservations__resource"
    )
    rows = list(loaded.order_by("occurrence_on"))
    return rows if by is None else _run_by(by, rows)


def edit_series(
    appointment: Appointment,
    *,
    scope: str,
    with_exceptions: bool = False,
    tell: bool = True,
    by: Any,
    now: datetime,
    **facts: Any,
) -> notifications.Edited:
    """Change facts of several dates, and of those that are still to be made. `facts`: as `edit_appointment` takes them.

    Raises what that raises, with the dates named.
    """
    also = {
        each.pk
        for each in (facts.get("practitioner"), *(facts.get("clients") or ()), *(facts.get("resources") or ()))
        if each
    }
    with calendar_locks.calendar_transaction():
        series = _locked(appointment, by=by, also=also)
        rows = affected_by(appointment, scope, by=by, now=now)
        _check_any(rows)
        opened = calendar_locks.load_appointment(appointment.pk)
        former, facts = series.practitioner, _with_changes_of_people(_news(facts, opened), opened)
        done = _each(
            rows,
            lambda each: edit_appointment(
                each,
                **_facts_for(each, facts, series, with_exceptions or each.pk == opened.pk),
                tell=False,
                by=by,
                now=now,
            ),
        )
        of_opened = (edited for row, edited in zip(rows, done, strict=True) if row.pk == opened.pk)
        changed = next((edited for edited in (*of_opened, *done) if edited.changes), None)
        if changed is None:
            return notifications.Edited()
        old = None
        if set(changed.changes) - {"clients"}:
            series, old = _continued(series, rows[0])
        _write_facts(series, facts)
        _restart(series)
        audit.record(
            SchedulingAudit.SERIES_CHANGED,
            by=by,
            subject=series,
            changes=changed.changes,
            reason=facts.get("reason", ""),
        )
        if tell:
            fresh, of_all = calendar_locks.load_series(series.pk), list(rows_now(rows))
            if old is not None:  # another series for the calendars of all, of what was left to colleagues too
                of_all = list(rows_now(series.occurrences.filter(status=Appointment.Status.BOOKED, starts_at__gt=now)))
            is_handed_over = fresh.practitioner_id != former.pk
            series_notifications.changed(
                fresh, clients=_all_clients(of_all), rows=of_all, also=old, changes=changed.changes,
                former=former.user if is_handed_over else None, by=by, now=now,
            )  # fmt: skip
            series_notifications.taken_out(fresh, list(zip(rows, done, strict=True)), told=former, also=old, by=by)
    return changed


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
        series = _locked(appointment, by=by)
        appointment = Appointment.objects.get(pk=appointment.pk)
        rows = affected_by(appointment, scope, now=now)
        own = {each.pk for each in _run_by(by, rows)}
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
        clients, before = _all_clients(rows), [going[0].starts_at, going[0].ends_at]
        series, old = _continued(series, rows[0])
        _write_rule(series, plan, days, rows)
        _restart(series)
        _write_times(series, rows, wanted, stays, days, time_zone)
        _keep_reasons(going, looked, override_reason, by=by, now=now)
        changes = {
            "starts_at": [before[0].isoformat(), wanted[going[0].pk].span.starts_at.isoformat()],
            "ends_at": [before[1].isoformat(), wanted[going[0].pk].span.ends_at.isoformat()],
            "dates": [None, len(going)],
        }
        audit.record(SchedulingAudit.SERIES_MOVED, by=by, subject=series, changes=changes)
        fresh = list(rows_now(going))
        notifications.promise_reminders_of(fresh, by=by, now=now)
        series_notifications.changed(
            calendar_locks.load_series(series.pk), clients=clients, rows=rows, also=old, by=by, now=now
        )
    return series


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
        series = _locked(appointment, by=by)
        rows = affected_by(appointment, scope, by=by, now=now)
        _check_any(rows)
        clients = _all_clients(rows)
        facts = {"party": party, "reason": reason, "waiver_reason": waiver_reason}
        done = _each(rows, lambda each: cancel_appointment(each, **facts, tell=False, by=by, now=now))
        assert rows[0].occurrence_on is not None
        ends = max(rows[0].occurrence_on, series.first_on) - timedelta(days=1)
        series.until_on = min(ends, series.until_on or ends)
        series.made_until = min(series.made_until, series.until_on)
        _cut_off(rows)
        _restart(series)
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
        off = _run_by(by, _after(series, until_on, now=now))
        clients = _all_clients(off) or list(series.clients.all())
        _each(off, lambda each: cancel_appointment(each, party=Cancellation.Party.PRACTICE, tell=False, by=by, now=now))
        made = _make_until(series, until_on, last, leave_out_busy, override_reason, by=by, now=now)
        series.until_on = until_on
        series.made_until = min(last, series.made_until) if off else max(last, series.made_until)
        _cut_off(off)
        _restart(series)
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
    if not plan.practitioner.is_active or not plan.clients:
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


def _locked(appointment: Appointment, *, by: Any, also: Iterable[UUID] = ()) -> AppointmentSeries:
    """The series, everything in it locked, for whoever runs its schedule."""
    assert appointment.series_id is not None
    series = calendar_locks.lock_series(appointment.series_id, also=also)
    if not can_run_schedule(by, series.practitioner):
        raise PermissionDenied("You do not have permission to change appointments on this schedule.")
    if not Appointment.objects.filter(pk=appointment.pk, series=series).exists():
        raise ConflictError(
            "changed_meanwhile", translate("The series was changed meanwhile. Look at it, then send the form again.")
        )
    return series


def _run_by(by: Any, rows: Sequence[Appointment]) -> list[Appointment]:
    """Those on schedules that `by` runs: one that was handed to somebody else is theirs to change."""
    may = {each.practitioner for each in rows}
    may = {each for each in may if can_run_schedule(by, each)}
    return [each for each in rows if each.practitioner in may]


def rows_now(rows: Iterable[Appointment]) -> "QuerySet[Appointment]":
    """The same appointments as they stand now, with their people."""
    found = Appointment.objects.filter(pk__in=[each.pk for each in rows]).select_related("practitioner__user")
    return found.prefetch_related("participants__client")


def _cut_off(rows: Sequence[Appointment]) -> None:
    """What was cancelled with the end is no day of the rule any more: it can be made again when the series goes on."""
    Appointment.objects.filter(pk__in=[each.pk for each in rows]).update(occurrence_on=None)


def _look_at_each(
    plan: SeriesPlan, rows: Sequence[Appointment], wanted: Mapping[Any, SeriesDate], *, by: Any, now: datetime
) -> list[SeriesDate]:
    """Each date looked at with whoever runs it, its own people and things: few questions for all that have the same."""
    _check_any(rows)
    alike: dict[Any, list[Appointment]] = {}
    for each in rows:
        people = (frozenset(place.client_id for place in each.attending), frozenset(each.resources))
        alike.setdefault((each.practitioner_id, *people, each.mode, each.service_id), []).append(each)
    apart_from, found = [each.pk for each in rows], {}
    for group in alike.values():
        first = group[0]
        own = replace(
            plan, practitioner=first.practitioner, clients=_attending(first), resources=first.resources,
            mode=first.mode, service_id=first.service_id,
        )  # fmt: skip
        looked = look(own, [wanted[each.pk] for each in group], by=by, apart_from=apart_from, now=now)
        found.update(zip((each.pk for each in group), looked, strict=True))
    return [found[each.pk] for each in rows]


def _check_any(rows: Sequence[Appointment]) -> None:
    if not rows:
        raise ConflictError("nothing_to_come", translate("None of these dates is still to come."))


def _each(rows: Sequence[Appointment], act: Any) -> list[Any]:
    """Do it with each date; what is refused is refused for all, with the dates named."""
    done, refusals = [], []
    for each in rows:
        try:
            done.append(act(each))
        except DomainError as refusal:
            refusals.append((each, refusal))
    if not refusals:
        return done
    first = refusals[0][1]
    if len({refusal.message for _, refusal in refusals}) == 1 and len(refusals) > 1:
        raise first
    said = [f"{day_of(each.span, zone=each.time_zone)}: {refusal.message}" for each, refusal in refusals[:MOST_SAID]]
    raise type(first)(first.code, " ".join(said), field=first.field)


def _all_clients(rows: Sequence[Appointment]) -> list[Any]:
    return series_notifications.clients_of(rows)


def _news(facts: dict[str, Any], opened: Appointment) -> dict[str, Any]:
    """The facts that are others than those of the date that was opened: what somebody has left as it was there is not meant for the others."""
    same = {name for name in PLAIN if facts.get(name) == getattr(opened, name)}
    if (practitioner := facts.get("practitioner")) is not None and practitioner.pk == opened.practitioner_id:
        same.add("practitioner")
    if facts.get("service") == ServiceChosen(opened.service_name, opened.service_id):
        same.add("service")
    if facts.get("resources") is not None and set(facts["resources"]) == set(opened.resources):
        same.add("resources")
    if facts.get("clients") is not None and set(facts["clients"]) == set(_attending(opened)):
        same.add("clients")
    return {name: value for name, value in facts.items() if name not in same}


def _with_changes_of_people(facts: dict[str, Any], appointment: Appointment) -> dict[str, Any]:
    """Who comes in and who goes, by comparison with the date on which it was chosen: others of single dates stay in them."""
    if facts.get("clients") is None:
        return facts
    wanted, present = list(facts["clients"]), _attending(appointment)
    return {
        **facts,
        "added": [each for each in wanted if each not in present],
        "removed": [each for each in present if each not in wanted],
    }


def _facts_for(
    appointment: Appointment, facts: dict[str, Any], series: AppointmentSeries, with_exceptions: bool
) -> dict[str, Any]:
    """What is changed of one date: not what had been changed of this date alone, unless that is wanted."""
    own = set() if with_exceptions else _changed_apart(appointment, series)
    found = {name: value for name, value in facts.items() if name not in ("added", "removed", *own)}
    if facts.get("clients") is not None:
        present = _attending(appointment)
        added = [each for each in facts["added"] if each not in present]
        found["clients"] = [*(each for each in present if each not in facts["removed"]), *added]
    return found


def _changed_apart(appointment: Appointment, series: AppointmentSeries) -> set[str]:
    """The facts that are others on this date than the series has them."""
    found = {name for name in PLAIN if getattr(appointment, name) != getattr(series, name)}
    if appointment.practitioner_id != series.practitioner_id:
        found.add("practitioner")
    if (appointment.service_id, appointment.service_name) != (series.service_id, series.service_name):
        found.add("service")
    if {each.pk for each in appointment.resources} != {each.pk for each in series.resources.all()}:
        found.add("resources")
    return found


def _attending(appointment: Appointment) -> list[Any]:
    return [place.client for place in appointment.attending]


def _write_facts(series: AppointmentSeries, facts: dict[str, Any]) -> None:
    """What holds for the dates that are still to be made."""
    if facts.get("practitioner") is not None:
        series.practitioner = facts["practitioner"]
    if (service := facts.get("service")) is not None:
        assert isinstance(service, ServiceChosen)
        series.service_id, series.service_name = service.id, service.name
        series.other_service_names = dict(service.other_names)
    for name in PLAIN:
        if facts.get(name) is not None:
            setattr(series, name, facts[name])
    if facts.get("override_reason"):
        series.override_reason = facts["override_reason"]
    series.save()
    if facts.get("resources") is not None:
        series.resources.set(facts["resources"])
    if facts.get("clients") is not None:
        series.clients.remove(*facts["removed"])
        series.clients.add(*facts["added"])


def _continued(series: AppointmentSeries, first: Appointment) -> tuple[AppointmentSeries, AppointmentSeries | None]:
    """The series whose first date this is: itself, or a new one that continues it, with the old one, which ends before."""
    assert first.occurrence_on is not None
    earlier = series.occurrences.filter(occurrence_on__lt=first.occurrence_on)
    if not earlier.exists():
        return series, None
    old = calendar_locks.load_series(series.pk)
    clients, resources = list(series.clients.all()), list(series.resources.all())
    later = getattr(series, "continued_by", None)
    new = calendar_locks.load_series(series.pk)
    new.pk, new._state.adding, new.uid, new.sequence = None, True, new_uid(), 0
    new.pk = AppointmentSeries._meta.pk.get_default()
    new.continues, new.first_on = old, first.occurrence_on
    new.first_number = old.first_number + earlier.count()
    new.exdates = [day for day in old.exdates if day >= first.occurrence_on]
    old.exdates = [day for day in old.exdates if day < first.occurrence_on]
    ends = first.occurrence_on - timedelta(days=1)
    if old.until_on is not None and old.until_on < ends:  # it is one that had stayed behind the end
        new.until_on = new.made_until = first.occurrence_on
    old.until_on = min(ends, old.until_on or ends)
    old.made_until = min(old.made_until, old.until_on)
    if later is not None:
        AppointmentSeries.objects.filter(pk=later.pk).update(continues=None)
    new.save(force_insert=True)
    if later is not None:
        AppointmentSeries.objects.filter(pk=later.pk).update(continues=new)
    new.clients.set(clients)
    new.resources.set(resources)
    Appointment.objects.filter(series=old, occurrence_on__gte=first.occurrence_on).update(series=new)
    _restart(old)
    return new, old


def _restart(series: AppointmentSeries) -> None:
    """Another SEQUENCE, beyond those of its single dates."""
    single = max(series.occurrences.values_list("sequence", flat=True), default=0)
    series.sequence = max(series.sequence, single) + 1
    series.save()


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


def _after(series: AppointmentSeries, until_on: date | None, *, now: datetime) -> list[Appointment]:
    if until_on is None:
        return []
    found = series.occurrences.filter(status=Appointment.Status.BOOKED, starts_at__gt=now, occurrence_on__gt=until_on)
    loaded = found.select_related("practitioner__user").prefetch_related("participants__client")
    return list(loaded.order_by("occurrence_on"))


def _start(appointment: Appointment) -> datetime:
    return appointment.starts_at
