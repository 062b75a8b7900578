"""Note at the front desk that somebody has come, or take that back."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.scheduling.actions.calendar_locks import calendar_transaction, lock_appointment
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Appointment, Arrival, Participant
from core.scheduling.permissions import can_run_schedule

EARLIEST = timedelta(hours=12)  # before the start: nobody comes the day before


def note_arrival(place: Participant, *, by: Any, now: datetime) -> Arrival:
    """Somebody is here. A second time changes nothing.

    PermissionDenied for whoever does not run the schedule; DomainError long before the start; ConflictError when it is not booked any more.
    """
    with calendar_transaction():
        appointment, place = _held(place, by=by)
        if appointment.starts_at - now > EARLIEST:
            raise DomainError("too_early", translate("It is not today. Arrivals are noted on the day."))
        arrival, is_new = Arrival.objects.get_or_create(
            participant=place,
            starts_at=appointment.starts_at,
            defaults={"arrived_at": now, "noted_by_id": by.pk, "noted_by_name": str(by)},
        )
        if is_new:
            _note(SchedulingAudit.APPOINTMENT_ARRIVED, appointment, place, by=by)
    return arrival


def take_back_arrival(place: Participant, *, by: Any, now: datetime) -> None:
    """It was somebody else, or a slip of the hand. Without an arrival it changes nothing; refused as above."""
    with calendar_transaction():
        appointment, place = _held(place, by=by)
        gone, _ = Arrival.objects.filter(participant=place, starts_at=appointment.starts_at).delete()
        if gone:
            _note(SchedulingAudit.APPOINTMENT_ARRIVAL_REMOVED, appointment, place, by=by)


def _held(place: Participant, *, by: Any) -> tuple[Appointment, Participant]:
    """Appointment and place as they stand now, locked."""
    appointment = lock_appointment(place.appointment_id)
    if not can_run_schedule(by, appointment.practitioner):
        raise PermissionDenied("You do not have permission to note arrivals on this schedule.")
    fresh = next((each for each in appointment.attending if each.pk == place.pk), None)
    if fresh is None or not appointment.is_booked:
        state = appointment.get_status_display().lower()
        raise ConflictError("not_booked", translate("It is %(state)s and cannot be changed any more.", state=state))
    return appointment, fresh


def _note(code: SchedulingAudit, appointment: Appointment, place: Participant, *, by: Any) -> None:
    audit.record(code, by=by, subject=appointment, changes={"person": [None, place.client.name]})
