"""What every handler of a promise about an appointment looks up first: that it is still so."""

from datetime import datetime
from typing import Any

from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.notifications import still_so
from core.people.models import Client, User
from core.scheduling.models import Appointment
from core.scheduling.recipients import recipient_for
from tenants.absolute_urls import path_of


def _page(message: OutboxMessage) -> str:
    return path_of("scheduling:appointment", message.payload["appointment"])


def _practitioner(message: OutboxMessage) -> list[Any]:
    """Who answers for it when nobody made it by hand."""
    found = Appointment.objects.filter(pk=message.payload["appointment"])
    return list(found.values_list("practitioner__user_id", flat=True))


ABOUT_APPOINTMENT: dict[str, Any] = {"page": _page, "answerable": _practitioner}


def appointment_of(pk: str) -> Appointment:
    """The appointment with its people. Obsolete when it is gone."""
    found = (
        Appointment.objects.select_related("practitioner__user")
        .prefetch_related("participants__client", "reservations__resource")
        .filter(pk=pk)
    ).first()
    if found is None:
        raise outbox.Obsolete("the appointment is gone")
    return found


def attending(appointment: Appointment) -> list[Client]:
    return [participant.client for participant in appointment.attending]


def check_at_this_time(appointment: Appointment, facts: dict[str, Any]) -> None:
    """Obsolete unless it is booked, at the time of which the promise speaks."""
    if not appointment.is_booked:
        raise outbox.Obsolete(f"the appointment is {appointment.status}")
    for field in ("starts_at", "ends_at"):
        if field in facts and getattr(appointment, field) != datetime.fromisoformat(facts[field]):
            raise outbox.Obsolete("the appointment was moved since")


def check_still_ahead(appointment: Appointment, facts: dict[str, Any], *, now: datetime) -> None:
    """The same, and Obsolete when it has begun."""
    check_at_this_time(appointment, facts)
    if appointment.starts_at <= now:
        raise outbox.Obsolete("it has begun")


def check_still_so(pk: str, user_id: Any, happens_at: datetime | None) -> None:
    """Obsolete when push of this appointment, at this time, is nothing for this login any more (`core.notifications.still_so`)."""
    appointment = appointment_of(pk)
    check_at_this_time(appointment, {"starts_at": happens_at.isoformat()} if happens_at else {})
    user = User.objects.filter(pk=user_id).first()
    if user is None or recipient_for(user, appointment, attending(appointment)) is None:
        raise outbox.Obsolete("it is no longer their business")


still_so.register(Appointment._meta.label_lower, check_still_so)
