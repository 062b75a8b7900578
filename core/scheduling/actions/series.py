"""Book a series: all its dates that are known today, or none of them; and make the next dates of those without an end."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.actions import ensure_assigned
from core.people.models import Client, StaffMember
from core.scheduling import notifications, series_notifications, signals
from core.scheduling.actions import booking_checks, calendar_locks
from core.scheduling.actions.booking import BY_FIRST_APPOINTMENT
from core.scheduling.actions.series_checks import (
    SeriesDate,
    SeriesPlan,
    horizon,
    look,
    plan_of,
    planned,
    refuse_clashes,
    refuse_unexplained,
)
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import (
    Appointment,
    AppointmentSeries,
    AvailabilityOverride,
    BookableResource,
    Participant,
    Reservation,
)
from core.scheduling.queries import policy_in_force
from core.scheduling.rules import wall_time

logger = logging.getLogger(__name__)

AT_ONCE = 500  # rows in one INSERT


def book_series(
    plan: SeriesPlan,
    *,
    override_reason: str = "",
    large_group_confirmed: bool = False,
    leave_out_busy: bool = False,
    by: Any,
    now: datetime,
) -> AppointmentSeries:
    """Put every date of the plan that is not skipped on the practitioner's schedule, in one transaction, and tell each person once.

    `leave_out_busy`: dates that are no longer free are skipped instead of refused. Raises PermissionDenied, DomainError, or ConflictError that
    names the dates on which somebody is not free.
    """
    if not wall_time.is_zone(plan.time_zone):
        raise DomainError("unknown_zone", translate("Choose a time zone from the list."), field="time_zone")
    days = plan.dates(now=now)
    if plan.clients or not plan.is_open_group:
        booking_checks.check_size(len({client.pk for client in plan.clients}), confirmed=large_group_confirmed)
    with calendar_locks.calendar_transaction():
        calendar_locks.lock_calendars(_calendars(plan))
        plan = _as_it_is_now(plan)
        booking_checks.check_may_add(by, plan.practitioner, plan.clients)
        booking_checks.check_usable(plan.resources)
        dates = look(plan, planned(plan, days), by=by, now=now)
        kept = [each for each in dates if each.day not in plan.skipped]
        if leave_out_busy:
            kept = [each for each in kept if not each.clashes]
        refuse_clashes(kept, zone=plan.time_zone)
        refuse_unexplained(kept, reason=override_reason, zone=plan.time_zone)
        if not kept:
            raise DomainError("series_empty", translate("No date is left. Keep at least one."), field="dates")
        series = _create(plan, dates, kept, override_reason, by=by, now=now)
        made = make_appointments(series, plan, kept, reason=override_reason, by=by, now=now)
        for client in plan.clients:
            ensure_assigned(client=client, practitioner=plan.practitioner, by=by, now=now, reason=BY_FIRST_APPOINTMENT)
        audit.record(
            SchedulingAudit.SERIES_BOOKED,
            by=by,
            subject=series,
            changes=_facts(series, plan, made),
            reason=override_reason,
        )
        notifications.promise_reminders_of(made, by=by, now=now)
        series_notifications.booked(series, by=by, now=now)
        for each in made if series.is_open_group else ():
            signals.places_freed.send(Appointment, appointment=each, left=[], by=by, now=now)
    return series


def extend_series(pk: UUID, *, now: datetime) -> list[Appointment]:
    """Make the dates of an open-ended series up to the horizon, in one transaction; what is not free by then is left out, and said."""
    with calendar_locks.calendar_transaction():
        series = calendar_locks.lock_series(pk)
        last = horizon(now=now)
        if not series.is_open_ended or series.made_until >= last:
            return []
        plan = plan_of(series)
        if not plan.can_go_on:
            return _stop(series, now=now)
        days = days_to_make(series, series.days_until(last))
        dates = look(plan, planned(plan, days), by=audit.SYSTEM, now=now)
        blocked = [each for each in dates if each.clashes or each.is_closed]
        kept = [each for each in dates if each not in blocked and each.span.starts_at > now]
        made = make_appointments(series, plan, kept, reason=series.override_reason, by=series.booked_by, now=now)
        series.exdates = sorted({*series.exdates, *(each.day for each in blocked)})
        series.made_until = last
        series.sequence += bool(blocked)
        series.save(update_fields=["exdates", "made_until", "sequence"])
        if days:
            changes = {"dates": [None, len(made)], "left_out": [None, [each.day.isoformat() for each in blocked]]}
            audit.record(SchedulingAudit.SERIES_EXTENDED, by=audit.SYSTEM, subject=series, changes=changes)
        notifications.promise_reminders_of(made, by=series.booked_by, now=now)
        if blocked:
            series_notifications.left_out(series, blocked, now=now)
        for each in made if series.is_open_group else ():
            signals.places_freed.send(Appointment, appointment=each, left=[], by=audit.SYSTEM, now=now)
    return made


def _stop(series: AppointmentSeries, *, now: datetime) -> list[Appointment]:
    """Nobody runs it, or nobody comes any more: it ends with the last date that was made."""
    series.until_on, series.sequence = max(series.made_until, series.first_on), series.sequence + 1
    series.save(update_fields=["until_on", "sequence"])
    changes = {"until_on": [None, series.until_on.isoformat()]}
    audit.record(SchedulingAudit.SERIES_STOPPED, by=audit.SYSTEM, subject=series, changes=changes)
    series_notifications.stopped(series, now=now)
    return []


def make_dates_ahead(*, now: datetime) -> None:
    """Each night: the next dates of every series without an end."""
    last = horizon(now=now)
    waiting = AppointmentSeries.objects.filter(until_on=None, made_until__lt=last).order_by("pk")
    failed: Exception | None = None
    for pk in list(waiting.values_list("pk", flat=True)):
        try:
            extend_series(pk, now=now)
        except Exception as error:
            logger.exception("the next dates of series %s were not made", pk)
            failed = error
    if failed is not None:  # once the others are done, so that operators hear of it
        raise failed


def days_to_make(series: AppointmentSeries, days: Iterable[date]) -> list[date]:
    """Those of these days of its rule that are not made yet; one that is left out, or was cancelled by itself, is not made again."""
    there = set(series.occurrences.filter(occurrence_on__gt=series.made_until).values_list("occurrence_on", flat=True))
    return [day for day in days if day > series.made_until and day not in series.exdates and day not in there]


def make_appointments(
    series: AppointmentSeries,
    plan: SeriesPlan,
    dates: Sequence[SeriesDate],
    *,
    reason: str,
    by: Any,
    now: datetime,
) -> list[Appointment]:
    """The appointments of these dates with their places and reservations, in few statements. The caller has looked that they are free."""
    made = [_appointment(series, plan, each, by=by, now=now) for each in dates]
    Appointment.objects.bulk_create(made, batch_size=AT_ONCE)
    Participant.objects.bulk_create(
        (Participant(client=client, **_time(each)) for each in made for client in plan.clients), batch_size=AT_ONCE
    )
    Reservation.objects.bulk_create(
        (Reservation(resource=resource, **_time(each)) for each in made for resource in plan.resources),
        batch_size=AT_ONCE,
    )
    AvailabilityOverride.objects.bulk_create(
        AvailabilityOverride(
            appointment=appointment,
            against=list(each.against),
            reason=reason,
            given_by_id=getattr(by, "pk", None),
            given_by_name=str(by)[:150],
            given_at=now,
        )
        for appointment, each in zip(made, dates, strict=True)
        if each.against
    )
    return made


def _appointment(
    series: AppointmentSeries, plan: SeriesPlan, each: SeriesDate, *, by: Any, now: datetime
) -> Appointment:
    return Appointment(
        series=series,
        occurrence_on=each.day,
        is_exception=each.is_moved,
        practitioner=plan.practitioner,
        starts_at=each.span.starts_at,
        ends_at=each.span.ends_at,
        time_zone=plan.time_zone,
        service_id=plan.service_id,
        service_name=plan.service_name,
        other_service_names=dict(plan.other_service_names),
        mode=plan.mode,
        location=plan.location,
        note=plan.note,
        is_open_group=plan.is_open_group,
        policy_id=series.policy_id,
        sequence=series.sequence,
        booked_by=by,
        booked_at=now,
    )


def _time(appointment: Appointment) -> dict[str, Any]:
    return {"appointment": appointment, "starts_at": appointment.starts_at, "ends_at": appointment.ends_at}


def _create(
    plan: SeriesPlan, dates: Sequence[SeriesDate], kept: Sequence[SeriesDate], reason: str, *, by: Any, now: datetime
) -> AppointmentSeries:
    series = AppointmentSeries.objects.create(
        rrule=plan.pattern.rrule,
        first_on=dates[0].day,
        wall_time=plan.at,
        time_zone=plan.time_zone,
        minutes=plan.minutes,
        until_on=plan.until_on and dates[-1].day,
        made_until=horizon(now=now) if plan.until_on is None else dates[-1].day,
        exdates=sorted({each.day for each in dates} - {each.day for each in kept}),
        practitioner=plan.practitioner,
        mode=plan.mode,
        location=plan.location,
        service_id=plan.service_id,
        service_name=plan.service_name,
        other_service_names=dict(plan.other_service_names),
        note=plan.note,
        is_open_group=plan.is_open_group,
        override_reason=reason.strip(),
        policy=policy_in_force(),
        booked_by=by,
        booked_at=now,
    )
    series.clients.set(plan.clients)
    series.resources.set(plan.resources)
    return series


def _calendars(plan: SeriesPlan) -> Iterable[UUID]:
    return [plan.practitioner.pk, *(each.pk for each in (*plan.clients, *plan.resources))]


def _as_it_is_now(plan: SeriesPlan) -> SeriesPlan:
    """The same with its people as the database has them: not the form decides who is active."""
    return replace(
        plan,
        practitioner=StaffMember.objects.select_related("user").get(pk=plan.practitioner.pk),
        clients=list(Client.objects.filter(pk__in={client.pk for client in plan.clients})),
        resources=list(BookableResource.objects.filter(pk__in={resource.pk for resource in plan.resources})),
    )


def _facts(series: AppointmentSeries, plan: SeriesPlan, made: Sequence[Appointment]) -> dict[str, Any]:
    return {
        "rrule": [None, series.rrule],
        "starts_at": [None, made[0].starts_at.isoformat()],
        "until_on": [None, series.until_on.isoformat() if series.until_on else None],
        "dates": [None, len(made)],
        "practitioner": [None, str(plan.practitioner.pk)],
        "clients": [None, [str(client.pk) for client in plan.clients]],
        "service": [None, series.service_name],
    }
