"""The mails about appointments, sent when the outbox says so.

Each looks again at the moment of sending, and says Obsolete when the promise no longer holds.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.people.models import Client, User
from core.scheduling import calendar_file, messages, notifications, outbox_names
from core.scheduling.mail_contents import change_content, reminder_content
from core.scheduling.models import Appointment, Cancellation, Participant, Reminder
from core.scheduling.permissions import clients_with_news_for
from core.scheduling.recipients import AppointmentRecipient, audience_of, recipient_for
from core.scheduling.rules import reminders, wall_time
from tenants.absolute_urls import path_of


def _page(message: OutboxMessage) -> str:
    return path_of("scheduling:appointment", message.payload["appointment"])


def _practitioner(message: OutboxMessage) -> list[Any]:
    """Who answers for it when nobody made it by hand."""
    found = Appointment.objects.filter(pk=message.payload["appointment"])
    return list(found.values_list("practitioner__user_id", flat=True))


_APPOINTMENT: dict[str, Any] = {"page": _page, "answerable": _practitioner}


@outbox.handler(
    outbox_names.SEND_CHANGE,
    label=gettext_noop("Mail: booked, moved, changed or cancelled"),
    is_mail=True,
    **_APPOINTMENT,
)
def send_change(message: OutboxMessage) -> None:
    """Mail one person that an appointment was booked, moved, changed or cancelled, with a calendar file of their own."""
    facts, now = message.payload, clock.now()
    appointment = _appointment(facts["appointment"])
    clients, is_out = _concerned(appointment, facts), facts["kind"] in messages.OUT
    user = User.objects.filter(pk=facts["user"]).first()
    recipient = user and _recipient(user, appointment, clients, kind=facts["kind"])
    if user is None or recipient is None:
        raise outbox.Obsolete("it is no longer their business")
    still = recipient_for(user, appointment, _attending(appointment)) if is_out and appointment.is_booked else None
    entry = calendar_file.Entry(appointment, still or recipient, is_cancelled=is_out and still is None)
    mail.send(
        message,
        notifications.change_message(facts["kind"], recipient),
        to=recipient.mail_recipient,
        content=lambda: change_content(appointment, recipient, clients, facts, stays=still is not None),
        attachments=lambda: [calendar_file.mail_attachment(entry, now=now)],
        about=appointment,
    )
    if recipient.clients and not is_out and reminders.is_reminder_itself(appointment.starts_at, now=now):
        _note_reminded(recipient.user, [(appointment.pk, appointment.starts_at)], now=now)


@outbox.handler(outbox_names.REMIND_PEOPLE, label=gettext_noop("Time to remind"), **_APPOINTMENT)
def remind_people(message: OutboxMessage) -> None:
    """It is time: promise a reminder to every login that is concerned now, whenever it came to it."""
    appointment, now = _appointment(message.payload["appointment"]), clock.now()
    _check_still_ahead(appointment, message.payload, now=now)
    for recipient in audience_of(appointment, _attending(appointment)).told:
        if recipient.clients:
            outbox.enqueue(
                outbox_names.SEND_REMINDER,
                key=reminders.key_of_login(
                    recipient.user.pk, appointment.pk, appointment.starts_at, sequence=appointment.sequence
                ),
                about=appointment,
                author=message.author_id,
                appointment=str(appointment.pk),
                user=str(recipient.user.pk),
                starts_at=appointment.starts_at.isoformat(),
            )


@outbox.handler(outbox_names.SEND_REMINDER, label=gettext_noop("Mail: reminder"), is_mail=True, **_APPOINTMENT)
def send_reminder(message: OutboxMessage) -> None:
    """Mail one login the agenda of the day on which this appointment falls, unless it was reminded of it already."""
    now = clock.now()
    # Locked, because two reminders of one login that fall due together must not both find that nothing was sent.
    user = User.objects.select_for_update(no_key=True).filter(pk=message.payload["user"]).first()
    if user is None:
        raise outbox.Obsolete("the login is gone")
    appointment = _appointment(message.payload["appointment"])
    trigger = _trigger(appointment, user, message.payload, now=now)
    participants = _participants_of(user, now=now, until=appointment.starts_at + timedelta(hours=48))
    entries = reminders.agenda(
        trigger,
        [_entry(participant) for participant in participants],
        now=now,
        reminded=_reminded(user, participants) - {(trigger.appointment_id, trigger.starts_at)},
    )
    listed = {(participant.appointment_id, participant.client_id): participant for participant in participants}
    recipient = AppointmentRecipient(user, (listed[trigger.appointment_id, trigger.client_id].client,))
    agenda = [listed[entry.appointment_id, entry.client_id] for entry in entries]
    mail.send(
        message,
        messages.REMINDER,
        to=recipient.mail_recipient,
        content=lambda: reminder_content(agenda, user),
        about=appointment,
    )
    _note_reminded(user, [(entry.appointment_id, entry.starts_at) for entry in entries], now=now)


def _note_reminded(user: User, starts: Iterable[tuple[UUID, datetime]], *, now: datetime) -> None:
    Reminder.objects.bulk_create(
        [Reminder(user=user, appointment_id=pk, starts_at=at, sent_at=now) for pk, at in dict.fromkeys(starts)],
        ignore_conflicts=True,
    )


def _reminded(user: User, participants: Iterable[Participant]) -> set[tuple[UUID, datetime]]:
    """What no second agenda repeats."""
    known = Reminder.objects.filter(user=user, appointment__in=[row.appointment_id for row in participants])
    return set(known.values_list("appointment_id", "starts_at"))


def _appointment(pk: str) -> Appointment:
    found = (
        Appointment.objects.select_related("practitioner__user")
        .prefetch_related("participants__client", "reservations__resource")
        .filter(pk=pk)
    ).first()
    if found is None:
        raise outbox.Obsolete("the appointment is gone")
    return found


def _concerned(appointment: Appointment, facts: dict[str, Any]) -> list[Client]:
    """The clients whom the news is about, if it still holds."""
    attending = _attending(appointment)
    if facts["kind"] == "removed":
        return [client for client in Client.objects.filter(pk__in=facts["gone"]) if client not in attending]
    if facts["kind"] == "cancelled":
        found = Cancellation.objects.select_related("participant__client").filter(pk=facts["cancellation"]).first()
        if found is None:
            raise outbox.Obsolete("they have their place again")
        return found.clients
    if facts["kind"] != "handed_over":
        _check_at_this_time(appointment, facts)
    return attending


def _recipient(
    user: User, appointment: Appointment, clients: list[Client], *, kind: str
) -> AppointmentRecipient | None:
    """Who is told: for their clients, as whoever runs it, or as whoever ran it before."""
    if kind == "handed_over":
        runs_it_again = appointment.practitioner.user_id == user.pk
        return AppointmentRecipient(user, ()) if user.is_active and user.staff and not runs_it_again else None
    return recipient_for(user, appointment, clients, is_cancelled=kind in messages.OUT)


def _attending(appointment: Appointment) -> list[Client]:
    return [participant.client for participant in appointment.attending]


def _check_at_this_time(appointment: Appointment, facts: dict[str, Any]) -> None:
    if not appointment.is_booked:
        raise outbox.Obsolete(f"the appointment is {appointment.status}")
    for field in ("starts_at", "ends_at"):
        if field in facts and getattr(appointment, field) != datetime.fromisoformat(facts[field]):
            raise outbox.Obsolete("the appointment was moved since")


def _check_still_ahead(appointment: Appointment, facts: dict[str, Any], *, now: datetime) -> None:
    _check_at_this_time(appointment, facts)
    if appointment.starts_at <= now:
        raise outbox.Obsolete("it has begun")


def _trigger(appointment: Appointment, user: User, facts: dict[str, Any], *, now: datetime) -> reminders.Entry:
    _check_still_ahead(appointment, facts, now=now)
    known = Reminder.objects.filter(user=user, appointment=appointment, starts_at=appointment.starts_at)
    if known.exists() and not facts.get("again"):
        raise outbox.Obsolete("reminded already, in an earlier agenda")
    own = set(clients_with_news_for(user).values_list("pk", flat=True))
    participant = next((participant for participant in appointment.attending if participant.client_id in own), None)
    if participant is None:
        raise outbox.Obsolete("it is no longer their business")
    return _entry(participant)


def _participants_of(user: User, *, now: datetime, until: datetime) -> list[Participant]:
    return list(
        Participant.objects.filter(
            client__in=clients_with_news_for(user).order_by(),
            is_attending=True,
            appointment__status=Appointment.Status.BOOKED,
            starts_at__gt=now,
            starts_at__lt=until,
        )
        .select_related("client", "appointment__practitioner__user")
        .prefetch_related("appointment__reservations__resource")
    )


def _entry(participant: Participant) -> reminders.Entry:
    return reminders.Entry(
        participant.appointment_id,
        participant.client_id,
        wall_time.zone(participant.client.time_zone),
        participant.starts_at,
    )
