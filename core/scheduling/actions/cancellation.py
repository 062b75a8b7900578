"""Cancel an appointment, or one client's place in a group."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.scheduling import notifications, signals
from core.scheduling.actions import calendar_locks
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Appointment, Cancellation, Participant, Reservation
from core.scheduling.permissions import can_run_schedule, cancellable_participants
from core.scheduling.queries import consequence_of
from core.scheduling.rules.cancellation import Consequence


def cancel_appointment(
    appointment: Appointment,
    *,
    party: str = Cancellation.Party.CLIENT,
    participant: Participant | None = None,
    reason: str = "",
    waiver_reason: str = "",
    tell: bool = True,
    by: Any,
    now: datetime,
) -> Cancellation:
    """Cancel the whole appointment, or only `participant`'s place in a group.

    `party` says who gave the time up: for the practice nothing is charged; for a client the policy of the booking counts, unless whoever
    runs the schedule waives it with a reason. Without `tell`, the caller tells.
    A client's login cancels for its own clients only, never for the practice, and cannot waive. The product itself cancels what was not paid.
    Raises PermissionDenied, DomainError (begun already), ConflictError (not booked any more).
    """
    with calendar_locks.calendar_transaction():
        appointment = calendar_locks.lock_appointment(appointment.pk)
        _check_cancellable(appointment, now=now)
        if not (isinstance(by, audit.System) or can_run_schedule(by, appointment.practitioner)):
            participant = _own_participant(by, appointment, participant)
            party, waiver_reason = Cancellation.Party.CLIENT, ""
        participant = _participant_or_all(appointment, participant)
        found = consequence_of(appointment, now=now)
        if not appointment.attending:  # nobody has given it up but whoever runs it
            party, waiver_reason = Cancellation.Party.PRACTICE, ""
        charged = party == Cancellation.Party.CLIENT and not waiver_reason
        cancellation = _record(
            appointment,
            participant,
            found,
            charged,
            party=party,
            reason=reason,
            waiver_reason=waiver_reason,
            by=by,
            now=now,
        )
        _release(appointment, participant)
        changes = {
            "status": ["booked", "cancelled"],
            "level_hours": [None, cancellation.hours_before],
            "waived": [None, bool(waiver_reason)],
            "client": [None, str(participant.client_id) if participant else None],
        }
        audit.record(
            SchedulingAudit.APPOINTMENT_CANCELLED,
            by=by,
            subject=appointment,
            changes=changes,
            reason=waiver_reason or reason,
        )
        _announce(appointment, cancellation, tell=tell, by=by, now=now)
    return cancellation


def _check_cancellable(appointment: Appointment, *, now: datetime) -> None:
    if not appointment.is_booked:
        state = appointment.get_status_display().lower()
        raise ConflictError("not_booked", translate("It is %(state)s already.", state=state))
    if appointment.starts_at <= now:
        raise DomainError(
            "already_begun", translate("It has begun. It can be completed as missed, but not cancelled any more.")
        )


def _own_participant(by: Any, appointment: Appointment, participant: Participant | None) -> Participant:
    """The place a client's login gives up: the one named, or its only one. PermissionDenied unless both gates are open."""
    own = cancellable_participants(by, appointment)
    if participant is not None:
        own = [each for each in own if each.pk == participant.pk]
    if not own:
        raise PermissionDenied("You do not have permission to cancel this appointment.")
    if len(own) > 1:
        raise DomainError("whose_place", translate("Say for whom you want to cancel."), field="participant")
    return own[0]


def _participant_or_all(appointment: Appointment, participant: Participant | None) -> Participant | None:
    """None when it comes down to the whole appointment: nobody named, or the last one in what does not stand with nobody in it."""
    if participant is None:
        return None
    attending = appointment.attending
    found = next((each for each in attending if each.pk == participant.pk), None)
    if found is None:
        raise ConflictError("not_attending", translate("This place was given up already."))
    return found if len(attending) > 1 or appointment.is_open_group else None


def _record(
    appointment: Appointment,
    participant: Participant | None,
    found: Consequence,
    charged: bool,
    *,
    by: Any,
    now: datetime,
    **facts: Any,
) -> Cancellation:
    level = found.level
    if level is None or facts["party"] == Cancellation.Party.PRACTICE:  # because there is nothing to waive
        level, facts["waiver_reason"] = None, ""
    costs = {}
    if level is not None and charged:
        costs = {
            "completion_type_id": level.completion_type_id,
            "client_share": level.client_share,
            "wage_share": level.wage_share,
        }
    return Cancellation.objects.create(
        appointment=appointment,
        participant=participant,
        hours_before=level.hours_before if level else None,
        cancelled_by_id=by.pk,
        cancelled_by_name=str(by),
        cancelled_at=now,
        **costs,
        **facts,
    )


def _release(appointment: Appointment, participant: Participant | None) -> None:
    participants = appointment.participants.all()
    for each in participants:
        if participant is None or each.pk == participant.pk:
            each.is_attending = False
    leaving = [each.pk for each in participants if not each.is_attending]
    Participant.objects.filter(pk__in=leaving).update(is_attending=False)
    appointment.sequence += 1
    if participant is None:
        appointment.status = Appointment.Status.CANCELLED
        Reservation.objects.filter(appointment=appointment).update(is_held=False)
    appointment.save(update_fields=["status", "sequence"])


def _announce(appointment: Appointment, cancellation: Cancellation, *, tell: bool, by: Any, now: datetime) -> None:
    news = {"appointment": appointment, "cancellation": cancellation, "by": by, "now": now}
    if cancellation.participant is None:
        signals.appointment_cancelled.send(Appointment, **news)
    else:
        signals.participant_cancelled.send(Appointment, participant=cancellation.participant, **news)
    if tell:
        notifications.cancelled(appointment, cancellation, by=by, now=now)
