"""What the calendar announces and a practitioner earns by."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.dispatch import receiver

from billing.wages.actions.entries import enter_wage
from billing.wages.models import WageEntry
from core.scheduling.models import Appointment, Cancellation, Completion
from core.scheduling.signals import appointment_cancelled, appointment_completed, participant_cancelled


@receiver(appointment_completed, dispatch_uid="wages.completed")
def enter_completed(
    appointment: Appointment, completion: Completion, charged_minutes: int, by: Any, now: datetime, **_: Any
) -> None:
    """The part of the wage that follows from what became of the appointment."""
    attendances = completion.attendances.select_related("participant__client")
    enter_wage(
        appointment,
        [attendance.participant.client for attendance in attendances],
        minutes=charged_minutes,
        part=Decimal(completion.wage_share),
        completion=completion.completion_type.own_name,
        by=by,
        now=now,
    )


@receiver(appointment_cancelled, dispatch_uid="wages.cancelled")
@receiver(participant_cancelled, dispatch_uid="wages.participant_cancelled")
def enter_cancelled(appointment: Appointment, cancellation: Cancellation, by: Any, now: datetime, **_: Any) -> None:
    """The part that the policy of the booking gives for what was cancelled late; nothing where nothing is charged."""
    if cancellation.completion_type is None:
        return
    place = cancellation.participant
    enter_wage(
        appointment,
        list(cancellation.clients),
        minutes=appointment.minutes,
        part=Decimal(cancellation.wage_share),
        completion=cancellation.completion_type.own_name,
        kind=WageEntry.Kind.CANCELLATION,
        place_of=place.client_id if place else None,
        by=by,
        now=now,
    )
