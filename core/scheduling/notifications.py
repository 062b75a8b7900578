"""Who is told what about an appointment: the notice behind the bell, the promise of a mail, and the facts in that mail.

Promises are made in the transaction of the act, one per person; `outbox_handlers` keeps them and looks again before sending.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from branding.queries import vocabulary
from core.kernel import outbox
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.people.models import Client, LinkedLogin, User
from core.scheduling import outbox_names
from core.scheduling.models import Appointment, Cancellation, Participant
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules import reminders
from core.scheduling.time_formats import format_time_span
from tenants.absolute_urls import absolute_url

# What happened → the kind of notice, and the mail.
KINDS = {"booked": "appointment_booked", "moved": "appointment_moved", "cancelled": "appointment_cancelled"}
MAILS = {
    "booked": "emails/appointment_booked.mjml",
    "moved": "emails/appointment_moved.mjml",
    "cancelled": "emails/appointment_cancelled.mjml",
}


def booked(appointment: Appointment, *, by: Any, now: datetime) -> None:
    """Tell of a new appointment, and promise the reminders."""
    if appointment.starts_at <= now:  # because it is being recorded after the fact
        return
    logins = _logins_of([participant.client_id for participant in appointment.attending])
    _notify("booked", appointment, [*logins, *_practitioner(appointment, by)])
    _promise_reminders(appointment, logins, now=now)


def moved(appointment: Appointment, *, previous_start: datetime, by: Any, now: datetime) -> None:
    """Tell of the new time, and promise reminders of it. Those of the old one find at their time that it is void."""
    if appointment.starts_at <= now:
        return
    logins = _logins_of([participant.client_id for participant in appointment.attending])
    told = [*logins, *_practitioner(appointment, by)]
    _notify("moved", appointment, told, previous_start=previous_start.isoformat())
    _promise_reminders(appointment, logins, now=now)


def cancelled(appointment: Appointment, cancellation: Cancellation, *, by: Any, now: datetime) -> None:
    """Tell those whose place is given up, and the practitioner."""
    told = [*_logins_of([client.pk for client in cancellation.clients]), *_practitioner(appointment, by)]
    _notify("cancelled", appointment, told, cancellation=str(cancellation.pk))


def change_mail_context(
    appointment: Appointment, recipient: AppointmentRecipient, clients: Sequence[Client], facts: dict[str, Any]
) -> dict[str, Any]:
    """What the mails `appointment_booked`, `_moved` and `_cancelled` say. `facts`: the payload of the promise."""
    previous = None
    if starts_at := facts.get("previous_start"):
        start = datetime.fromisoformat(starts_at)
        previous = format_time_span(
            start, start + appointment.duration, zone=recipient.zone, language=recipient.user.reads
        )
    is_online = appointment.mode == Appointment.Mode.ONLINE
    return {
        "appointment": appointment,
        "times": recipient.times(appointment),
        "first": recipient.format_time(appointment),
        "previous": previous,
        "names": [client.name for client in recipient.clients or clients],
        "for_practitioner": not recipient.clients,
        "url": absolute_url(_page(appointment)),
        "check_url": absolute_url(reverse("live:connection_test")) if is_online else "",
    }


def reminder_mail_context(participants: Sequence[Participant], user: User) -> dict[str, Any]:
    """What the mail `appointment_reminder` says: the agenda of one day, each place in its client's zone."""
    rows = [
        {
            "appointment": participant.appointment,
            "client": participant.client,
            "when": format_time_span(
                participant.starts_at, participant.ends_at, zone=participant.client.time_zone, language=user.reads
            ),
            "url": absolute_url(_page(participant.appointment)),
        }
        for participant in participants
    ]
    return {"rows": rows, "first": rows[0], "url": absolute_url(reverse("scheduling:list"))}


def _notify(kind: str, appointment: Appointment, users: list[UUID], **facts: str) -> None:
    people = User.objects.in_bulk(users)
    for user in dict.fromkeys(users):
        _post_notice(kind, appointment, people[user])
        outbox.enqueue(
            outbox_names.SEND_CHANGE,
            key=f"tell:{kind}:{appointment.pk}:{appointment.sequence}:{user}",
            kind=kind,
            appointment=str(appointment.pk),
            user=str(user),
            starts_at=appointment.starts_at.isoformat(),
            **facts,
        )


def _post_notice(kind: str, appointment: Appointment, user: User) -> None:
    """The same behind the bell, in the person's own language and zone."""
    with in_language_of(user) as language:
        noun = vocabulary(language).get("appointment")
        titles = {
            "booked": _("New %(noun)s: %(day)s, %(start)s"),
            "moved": _("Your %(noun)s was moved to %(day)s, %(start)s"),
            "cancelled": _("Your %(noun)s on %(day)s, %(start)s was cancelled"),
        }
        span = format_time_span(appointment.starts_at, appointment.ends_at, zone=user.time_zone, language=language)
        title = titles[kind] % {"noun": noun, "day": span.short_day, "start": span.start}
        body = f"{appointment.service_name}. {span.zone}"
    notices.post(user_id=user.pk, kind=KINDS[kind], title=title, body=body, path=_page(appointment))


def _promise_reminders(appointment: Appointment, logins: list[UUID], *, now: datetime) -> None:
    due_at = reminders.due_at(appointment.starts_at, now=now)
    if due_at is None:
        return
    for login in logins:
        outbox.enqueue(
            outbox_names.SEND_REMINDER,
            due_at=due_at,
            key=reminders.key(login, appointment.pk, appointment.starts_at, sequence=appointment.sequence),
            appointment=str(appointment.pk),
            user=str(login),
            starts_at=appointment.starts_at.isoformat(),
        )


def _logins_of(clients: list[UUID]) -> list[UUID]:
    """The logins that read mail for these clients, each once."""
    links_of_clients = LinkedLogin.objects.filter(client__in=clients, user__is_active=True).order_by("created_at")
    return list(dict.fromkeys(links_of_clients.values_list("user_id", flat=True)))


def _practitioner(appointment: Appointment, by: Any) -> list[UUID]:
    """The practitioner's login, unless it was their own act."""
    user: User = appointment.practitioner.user
    return [user.pk] if user.is_active and user.pk != by.pk else []


def _page(appointment: Appointment) -> str:
    return reverse("scheduling:appointment", args=[appointment.pk])
