"""Who is told what: promises in the outbox, made in the transaction of the act, one per person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from branding.queries import vocabulary
from core.kernel import outbox
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.people.models import LinkedLogin, User
from core.scheduling.models import Appointment, Cancellation
from core.scheduling.paths import appointment_path
from core.scheduling.rules import reminders
from core.scheduling.time_formats import when

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
    people = User.objects.in_bulk(users)
    for user in dict.fromkeys(users):
        _notice(kind, appointment, people[user])
        outbox.enqueue(
            TELL,
            key=f"tell:{kind}:{appointment.pk}:{appointment.sequence}:{user}",
            kind=kind,
            appointment=str(appointment.pk),
            user=str(user),
            starts_at=appointment.starts_at.isoformat(),
            **facts,
        )


def _notice(kind: str, appointment: Appointment, user: User) -> None:
    """The same news behind the bell, in the person's own language and zone."""
    with in_language_of(user) as language:
        noun = vocabulary(language).get("appointment")
        titles = {
            "booked": _("New %(noun)s: %(day)s, %(start)s"),
            "moved": _("Your %(noun)s was moved to %(day)s, %(start)s"),
            "cancelled": _("Your %(noun)s on %(day)s, %(start)s was cancelled"),
        }
        span = when(appointment.starts_at, appointment.ends_at, zone=user.time_zone, language=language)
        title = titles[kind] % {"noun": noun, "day": span.short_day, "start": span.start}
        body = f"{appointment.service_name}. {span.zone}"
    notices.post(
        user_id=user.pk, kind=f"appointment_{kind}", title=title, body=body, path=appointment_path(appointment.pk)
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
