"""Complete an appointment: say what became of it, which is what is charged and paid."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.scheduling import signals
from core.scheduling.actions import calendar_locks
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Appointment, Attendance, Completion, CompletionType, Participant, Reservation
from core.scheduling.permissions import can_run_schedule
from core.scheduling.rules import completion
from core.scheduling.rules.conflicts import held

MOST_MINUTES = 24 * 60


def complete_appointment(
    appointment: Appointment,
    *,
    completion_type: CompletionType,
    charged_minutes: int | None = None,
    per_client: Mapping[UUID, CompletionType] | None = None,
    note: str = "",
    was_held_before: bool = False,
    by: Any,
    now: datetime,
) -> Completion:
    """Record the end of an appointment that has begun, or that `was_held_before` its booked start, on the day of it (rules/completion.py).

    `charged_minutes`: None means as booked. `per_client` gives single clients of a group (by client id) another completion type; the
    practitioner's wage follows `completion_type`. Raises PermissionDenied, DomainError, or ConflictError (completed or cancelled already).
    """
    chosen = dict(per_client or {})
    for kind in (completion_type, *chosen.values()):
        _check_usable(kind)
    with calendar_locks.calendar_transaction():
        appointment = calendar_locks.lock_appointment(appointment.pk)
        if not can_run_schedule(by, appointment.practitioner):
            raise PermissionDenied("You do not have permission to complete appointments on this schedule.")
        minutes = appointment.minutes if charged_minutes is None else charged_minutes
        is_held = all(kind.outcome == CompletionType.Outcome.HELD for kind in (completion_type, *chosen.values()))
        _check_completable(appointment, minutes, was_held_before=was_held_before and is_held, now=now)
        appointment.status = Appointment.Status.COMPLETED
        appointment.free_from = _free_from(appointment, completion_type, now)
        appointment.save(update_fields=["status", "free_from"])
        _free_resources(appointment, completion_type, now)
        row = Completion.objects.create(
            appointment=appointment,
            completion_type=completion_type,
            wage_share=completion_type.wage_share,
            charged_minutes=minutes,
            note=note,
            completed_by_id=by.pk,
            completed_by_name=str(by),
            completed_at=now,
        )
        _attendances(row, appointment, completion_type, chosen)
        changes = {"status": ["booked", "completed"], "type": [None, completion_type.name], "minutes": [None, minutes]}
        audit.record(SchedulingAudit.APPOINTMENT_COMPLETED, by=by, subject=appointment, changes=changes)
        signals.appointment_completed.send(
            Appointment,
            appointment=appointment,
            completion=row,
            completion_type=completion_type,
            charged_minutes=minutes,
            by=by,
            now=now,
        )
    return row


def _check_usable(kind: CompletionType) -> None:
    if not kind.is_active or kind.outcome == CompletionType.Outcome.CANCELLED:
        raise DomainError(
            "unusable_type",
            translate("“%(kind)s” cannot be chosen for completing.", kind=kind),
            field="completion_type",
        )


def _check_completable(appointment: Appointment, minutes: int, *, was_held_before: bool, now: datetime) -> None:
    if not appointment.is_booked:
        state = appointment.get_status_display().lower()
        raise ConflictError("not_booked", translate("It is %(state)s already.", state=state))
    if not completion.can_complete(appointment.starts_at, was_held_before=was_held_before, now=now):
        raise DomainError(
            "not_begun",
            translate("It has not begun yet. Complete it when it is over, or say that it was held before its time."),
            field="was_held_before",
        )
    if not 0 <= minutes <= MOST_MINUTES:
        raise DomainError(
            "bad_minutes",
            translate("Minutes are between 0 and %(most_minutes)s.", most_minutes=MOST_MINUTES),
            field="charged_minutes",
        )


def _free_from(row: Appointment | Participant | Reservation, kind: CompletionType, now: datetime) -> datetime | None:
    """When who or what it ended so for is free again; None at its planned end. What was another's already stays so."""
    ends_at = held(row.span, completed_at=now, was_missed=kind.outcome == CompletionType.Outcome.MISSED).ends_at
    return ends_at if ends_at < row.ends_at else None


def _free_resources(appointment: Appointment, kind: CompletionType, now: datetime) -> None:
    reservations = list(appointment.reservations.all())
    for reservation in reservations:
        reservation.free_from = _free_from(reservation, kind, now)
    Reservation.objects.bulk_update(reservations, ["free_from"])


def _attendances(
    row: Completion,
    appointment: Appointment,
    completion_type: CompletionType,
    chosen: Mapping[UUID, CompletionType],
) -> None:
    rows, attending = [], appointment.attending
    for participant in attending:
        kind = chosen.get(participant.client_id, completion_type)
        participant.free_from = _free_from(participant, kind, row.completed_at)
        rows.append(
            Attendance(completion=row, participant=participant, completion_type=kind, client_share=kind.client_share)
        )
    Attendance.objects.bulk_create(rows)
    Participant.objects.bulk_update(attending, ["free_from"])
