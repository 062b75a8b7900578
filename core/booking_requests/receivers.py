"""What happens to an appointment otherwise settles the requests to move it."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from core.booking_requests.actions import settle_overtaken
from core.scheduling.models import Appointment
from core.scheduling.rules.conflicts import Span
from core.scheduling.signals import (
    appointment_cancelled,
    appointment_completed,
    appointment_moved,
    participant_cancelled,
)


@receiver(
    [appointment_moved, appointment_cancelled, appointment_completed, participant_cancelled],
    dispatch_uid="booking_requests.overtaken",
)
def overtaken(*, appointment: Appointment, previous: Span | None = None, by: Any, now: datetime, **_: Any) -> None:
    """It was moved, cancelled or completed: nobody answers the request any more."""
    was_moved = previous not in (None, Span(appointment.starts_at, appointment.ends_at))
    settle_overtaken(appointment, was_moved=was_moved, by=by, now=now)
