"""Give an appointment another time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.people.actions import ensure_assigned
from core.people.models import Client, StaffMember
from core.scheduling import notifications, signals
from core.scheduling.actions import booking_checks, calendar_locks
from core.scheduling.actions.availability_checks import check_available
from core.scheduling.actions.edit import BY_FIRST_APPOINTMENT
from core.scheduling.actions.extension import hold_only_own_time
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Appointment
from core.scheduling.permissions import can_run_schedule
from core.scheduling.rules import wall_time
from core.scheduling.rules.conflicts import Span


def move_appointment(
    appointment: Appointment,
    *,
    starts_at: datetime,
    ends_at: datetime,
    time_zone: str = "",
    practitioner: StaffMember | None = None,
    override_reason: str = "",
    is_by_those_concerned: bool = False,
    by: Any,
    now: datetime,
) -> Appointment:
    """Move (or stretch) a booked appointment; everybody concerned is told, old reminders are void.

    `time_zone`: the IANA zone in which the new time was meant, if it is another one. `practitioner`: who runs it from then on, if somebody
    else; both are one act, because each alone may be impossible. The same again changes nothing.
    `is_by_those_concerned`: by those whom it is for, whose right to it the caller has looked at (`core.booking`).
    Raises PermissionDenied, DomainError, or ConflictError when somebody is not free or the appointment is not booked any more.
    """
    booking_checks.check_times(starts_at, ends_at, now=now)
    if time_zone and not wall_time.is_zone(time_zone):
        raise DomainError("unknown_zone", translate("Choose a time zone from the list."), field="time_zone")
    with calendar_locks.calendar_transaction():
        also = {practitioner.pk} if practitioner else set()
        appointment = calendar_locks.lock_appointment(appointment.pk, also=also)
        if not is_by_those_concerned and not can_run_schedule(by, appointment.practitioner):
            raise PermissionDenied("You do not have permission to move appointments on this schedule.")
        _check_booked(appointment)
        before = appointment.starts_at, appointment.ends_at
        former = _former(appointment, practitioner)
        if before == (starts_at, ends_at) and former is None:
            return appointment
        people = [participant.client for participant in appointment.attending]
        _check_anybody_active(people)
        runs = _checked(practitioner, people, by=by) if former and practitioner else appointment.practitioner
        booking_checks.check_free(
            by=by,
            practitioner=runs,
            clients=people,
            starts_at=starts_at,
            ends_at=ends_at,
            resources=appointment.resources,
            apart_from=appointment.pk,
        )
        override = check_available(
            runs,
            Span(starts_at, ends_at),
            mode=appointment.mode,
            service_id=appointment.service_id,
            reason=override_reason,
            now=now,
            apart_from=appointment.pk,
        )
        hold_only_own_time(appointment)
        appointment.practitioner = runs
        _write(appointment, starts_at, ends_at, time_zone)
        changes: dict[str, Any] = {
            "starts_at": [before[0].isoformat(), starts_at.isoformat()],
            "ends_at": [before[1].isoformat(), ends_at.isoformat()],
        }
        if former:
            changes["practitioner"] = [str(former.pk), str(runs.pk)]
            for client in people:
                ensure_assigned(client=client, practitioner=runs, by=by, now=now, reason=BY_FIRST_APPOINTMENT)
        audit.record(SchedulingAudit.APPOINTMENT_MOVED, by=by, subject=appointment, changes=changes)
        override.keep(appointment, by=by, now=now)
        signals.appointment_time_changed.send(Appointment, appointment=appointment, by=by, now=now)
        signals.appointment_moved.send(
            Appointment, appointment=appointment, previous=Span(*before), left=former or runs, by=by, now=now
        )
        _tell(appointment, before, changes, former, by=by, now=now)
        if appointment.is_open_group:
            signals.places_freed.send(Appointment, appointment=appointment, left=[], by=by, now=now)
    return appointment


def _former(appointment: Appointment, practitioner: StaffMember | None) -> StaffMember | None:
    """Who has run it until now, if somebody else shall."""
    return appointment.practitioner if practitioner and practitioner.pk != appointment.practitioner_id else None


def _checked(practitioner: StaffMember, people: Sequence[Client], *, by: Any) -> StaffMember:
    """The new practitioner as they stand in the database, if `by` may give them this, as in an edit."""
    fresh = StaffMember.objects.select_related("user").get(pk=practitioner.pk)
    booking_checks.check_may_run(by, fresh)
    booking_checks.check_assigned(by, fresh, people)
    return fresh


def _tell(
    appointment: Appointment,
    before: tuple[datetime, datetime],
    changes: dict[str, Any],
    former: StaffMember | None,
    *,
    by: Any,
    now: datetime,
) -> None:
    """Of the new time and of whoever runs it then, in one mail; who runs it, if somebody else does, hears of it as of a booking."""
    is_moved = before != (appointment.starts_at, appointment.ends_at)
    news = {"practitioner": changes["practitioner"]} if former else {}
    if is_moved:
        notifications.moved(
            appointment,
            previous_start=before[0],
            previous_end=before[1],
            handed_over=bool(former),
            changes=news,
            by=by,
            now=now,
        )
    if former:
        appointment = calendar_locks.load_appointment(appointment.pk)
        handed = notifications.Edited(news, former, is_told_with_move=is_moved)
        notifications.edited(appointment, handed, by=by, now=now)


def _check_booked(appointment: Appointment) -> None:
    if not appointment.is_booked:
        state = appointment.get_status_display().lower()
        raise ConflictError("not_booked", translate("It is %(state)s and cannot be moved any more.", state=state))


def _check_anybody_active(people: Sequence[Client]) -> None:
    """One of a group who is not active moves along with the others; a time for nobody but them is not made."""
    if not any(client.is_active for client in people):
        booking_checks.check_active(people)


def _write(appointment: Appointment, starts_at: datetime, ends_at: datetime, time_zone: str) -> None:
    """One UPDATE; the places follow by their foreign key's cascade."""
    appointment.starts_at, appointment.ends_at = starts_at, ends_at
    appointment.time_zone = time_zone or appointment.time_zone
    appointment.sequence += 1
    appointment.is_exception = appointment.series_id is not None
    appointment.save(update_fields=["practitioner", "starts_at", "ends_at", "time_zone", "sequence", "is_exception"])
    for participant in appointment.participants.all():
        participant.starts_at, participant.ends_at = starts_at, ends_at
