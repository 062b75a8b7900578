"""Who is told what: promises in the outbox, made in the transaction of the act, one per person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from core.kernel import outbox
from core.people.models import LinkedLogin, User
from core.scheduling.models import Appointment, Cancellation
from core.scheduling.rules import reminders

TELL, REMIND = "scheduling.tell", "scheduling.remind"


def booked(appointment: Appointment, *, by: Any, now: datetime) -> None:
    """Promise the confirmation and the reminders."""
    if appointment.starts_at <= now:  # because it is being recorded after the fact
        return
    logins = _logins([place.client_id for place in appointment.attending])
    _tell("booked", appointment, [*logins, *_practitioner(appointment, by)])
    _remind(appointment, logins, now=now)


def moved(appointment: Appointment, *, previous_start: datetime, by: Any, now: datetime) -> None:
    """Promise news of the new time and reminders of it. Those of the old one find at their time that it is void."""
    logins = _logins([place.client_id for place in appointment.attending])
    if appointment.starts_at <= now:
        return
    _tell("moved", appointment, [*logins, *_practitioner(appointment, by)], previous_start=previous_start.isoformat())
    _remind(appointment, logins, now=now)


def cancelled(appointment: Appointment, cancellation: Cancellation, *, by: Any, now: datetime) -> None:
    """Promise news to those whose place is given up, and to the practitioner."""
    told = [*_logins([client.pk for client in cancellation.clients]), *_practitioner(appointment, by)]
    _tell("cancelled", appointment, told, cancellation=str(cancellation.pk))


def _tell(kind: str, appointment: Appointment, users: list[UUID], **facts: str) -> None:
    for user in dict.fromkeys(users):
        outbox.enqueue(
            TELL,
            key=f"tell:{kind}:{appointment.pk}:{appointment.sequence}:{user}",
            kind=kind,
            appointment=str(appointment.pk),
            user=str(user),
            starts_at=appointment.starts_at.isoformat(),
            **facts,
        )


def _remind(appointment: Appointment, logins: list[UUID], *, now: datetime) -> None:
    due_at = reminders.due_at(appointment.starts_at, now=now)
    for login in logins:
        outbox.enqueue(
            REMIND,
            due_at=due_at,
            key=reminders.key(login, appointment.pk, appointment.starts_at, sequence=appointment.sequence),
            appointment=str(appointment.pk),
            user=str(login),
            starts_at=appointment.starts_at.isoformat(),
        )


def _logins(clients: list[UUID]) -> list[UUID]:
    links = LinkedLogin.objects.filter(client__in=clients, user__is_active=True).order_by("created_at")
    return list(dict.fromkeys(links.values_list("user_id", flat=True)))


def _practitioner(appointment: Appointment, by: Any) -> list[UUID]:
    """The practitioner's login, unless it was their own act."""
    user: User = appointment.practitioner.user
    return [user.pk] if user.is_active and user.pk != by.pk else []
