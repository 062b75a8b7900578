"""To which branch appointments and series belong: of their clients, else of who meets them."""

from uuid import UUID

from branding.speaking import register
from core.people.branches import branch_of_meeting
from core.scheduling.models import Appointment, AppointmentSeries


def _of_appointment(appointment: Appointment, user_id: str) -> UUID | None:
    return branch_of_meeting(appointment.clients.all(), appointment.practitioner, user_id)


def _of_series(series: AppointmentSeries, user_id: str) -> UUID | None:
    return branch_of_meeting(series.clients.all(), series.practitioner, user_id)


def register_appointments() -> None:
    """Let mail, files and live rooms ask. At start-up."""
    register("scheduling.appointment", _of_appointment)
    register("scheduling.appointmentseries", _of_series)
