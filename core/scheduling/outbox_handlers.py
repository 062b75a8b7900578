"""The mails about appointments, sent when the outbox says so.

Each looks again at the moment of sending, and says Obsolete when the promise no longer holds.
"""

from datetime import datetime, timedelta
from typing import Any

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.notifications import mail
from core.people.models import Client, User
from core.people.permissions import clients_acted_for
from core.scheduling import calendar_file, notifications, outbox_names
from core.scheduling.models import Appointment, Cancellation, Participant, Reminder
from core.scheduling.recipients import AppointmentRecipient, recipient_for
from core.scheduling.rules import reminders, wall_time


@outbox.handler(outbox_names.SEND_CHANGE)
def send_change(message: OutboxMessage) -> None:
    """Mail one person that an appointment was booked, moved or cancelled, with a calendar file of their own."""
    facts = message.payload
    appointment = _appointment(facts["appointment"])
    clients, is_cancelled = _concerned(appointment, facts), facts["kind"] == "cancelled"
    recipient = recipient_for(User.objects.get(pk=facts["user"]), appointment, clients)
    if recipient is None:
        raise outbox.Obsolete("it is no longer their business")
    entry = calendar_file.Entry(appointment, recipient, is_cancelled=is_cancelled)
    mail.send(
        message,
        template=notifications.MAILS[facts["kind"]],
        to=recipient.mail_recipient,
        context=notifications.change_mail_context(appointment, recipient, clients, facts),
        attachments=[calendar_file.mail_attachment(entry, now=clock.now())],
        about=appointment,
    )


@outbox.handler(outbox_names.SEND_REMINDER)
def send_reminder(message: OutboxMessage) -> None:
    """Mail one login the agenda of the day on which this appointment falls, unless it was reminded of it already."""
    now = clock.now()
    # Locked, because two reminders of one login that fall due together must not both find that nothing was sent.
    user = User.objects.select_for_update(no_key=True).get(pk=message.payload["user"])
    appointment = _appointment(message.payload["appointment"])
    trigger = _trigger(appointment, user, message.payload, now=now)
    participants = _participants_of(user, now=now, until=appointment.starts_at + timedelta(hours=48))
    entries = reminders.agenda(trigger, [_entry(participant) for participant in participants], now=now)
    listed = {(participant.appointment_id, participant.client_id): participant for participant in participants}
    recipient = AppointmentRecipient(user, (listed[trigger.appointment_id, trigger.client_id].client,))
    agenda = [listed[entry.appointment_id, entry.client_id] for entry in entries]
    mail.send(
        message,
        template="emails/appointment_reminder.mjml",
        to=recipient.mail_recipient,
        context=notifications.reminder_mail_context(agenda, user),
        about=appointment,
    )
    Reminder.objects.bulk_create(
        [
            Reminder(user=user, appointment_id=pk, starts_at=starts_at, sent_at=now)
            for pk, starts_at in dict.fromkeys((entry.appointment_id, entry.starts_at) for entry in entries)
        ],
        ignore_conflicts=True,
    )


def _appointment(pk: str) -> Appointment:
    found = (
        Appointment.objects.select_related("practitioner__user").prefetch_related("participants__client").filter(pk=pk)
    ).first()
    if found is None:
        raise outbox.Obsolete("the appointment is gone")
    return found


def _concerned(appointment: Appointment, facts: dict[str, Any]) -> list[Client]:
    """The clients whom the news is about, if it still holds."""
    if facts["kind"] == "cancelled":
        return Cancellation.objects.select_related("participant__client").get(pk=facts["cancellation"]).clients
    if not appointment.is_booked:
        raise outbox.Obsolete(f"the appointment is {appointment.status}")
    if appointment.starts_at != datetime.fromisoformat(facts["starts_at"]):
        raise outbox.Obsolete("the appointment was moved since")
    return [participant.client for participant in appointment.attending]


def _trigger(appointment: Appointment, user: User, facts: dict[str, Any], *, now: datetime) -> reminders.Entry:
    if not appointment.is_booked:
        raise outbox.Obsolete(f"the appointment is {appointment.status}")
    if appointment.starts_at != datetime.fromisoformat(facts["starts_at"]):
        raise outbox.Obsolete("the appointment was moved since")
    if appointment.starts_at <= now:
        raise outbox.Obsolete("it has begun")
    if Reminder.objects.filter(user=user, appointment=appointment, starts_at=appointment.starts_at).exists():
        raise outbox.Obsolete("reminded already, in an earlier agenda")
    own = set(clients_acted_for(user).values_list("pk", flat=True))
    participant = next((participant for participant in appointment.attending if participant.client_id in own), None)
    if participant is None or not user.is_active:
        raise outbox.Obsolete("it is no longer their business")
    return _entry(participant)


def _participants_of(user: User, *, now: datetime, until: datetime) -> list[Participant]:
    return list(
        Participant.objects.filter(
            client__in=clients_acted_for(user).order_by(),
            is_attending=True,
            appointment__status=Appointment.Status.BOOKED,
            starts_at__gt=now,
            starts_at__lt=until,
        ).select_related("client", "appointment__practitioner__user")
    )


def _entry(participant: Participant) -> reminders.Entry:
    return reminders.Entry(
        participant.appointment_id,
        participant.client_id,
        wall_time.zone(participant.client.time_zone),
        participant.starts_at,
    )
