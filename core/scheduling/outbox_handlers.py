"""The mails about appointments, sent when the outbox says so.

Each looks again at the moment of sending, and says Obsolete when the promise no longer holds.
"""

from typing import Any

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.people.models import Client, User
from core.scheduling import calendar_file, messages, notifications, outbox_names
from core.scheduling.mail_contents import change_content
from core.scheduling.models import Appointment, Cancellation
from core.scheduling.promises import ABOUT_APPOINTMENT, appointment_of, attending, check_at_this_time
from core.scheduling.recipients import AppointmentRecipient, recipient_for
from core.scheduling.reminder_handlers import note_reminded_by_news


@outbox.handler(
    outbox_names.SEND_CHANGE,
    label=gettext_noop("Mail: booked, moved, changed or cancelled"),
    is_mail=True,
    **ABOUT_APPOINTMENT,
)
def send_change(message: OutboxMessage) -> None:
    """Mail one person that an appointment was booked, moved, changed or cancelled, with a calendar file of their own."""
    facts, now = message.payload, clock.now()
    appointment = appointment_of(facts["appointment"])
    clients, is_out = _concerned(appointment, facts), facts["kind"] in messages.OUT
    user = User.objects.filter(pk=facts["user"]).first()
    recipient = user and _recipient(user, appointment, clients, kind=facts["kind"])
    if user is None or recipient is None:
        raise outbox.Obsolete("it is no longer their business")
    still = recipient_for(user, appointment, attending(appointment)) if is_out and appointment.is_booked else None
    entry = calendar_file.Entry(appointment, still or recipient, is_cancelled=is_out and still is None)
    mail.send(
        message,
        notifications.change_message(facts["kind"], recipient),
        to=recipient.mail_recipient,
        content=lambda: change_content(appointment, recipient, clients, facts, stays=still is not None),
        attachments=lambda: [calendar_file.mail_attachment(entry, now=now)],
        about=appointment,
    )
    if not is_out:
        note_reminded_by_news(recipient, appointment, now=now)


def _concerned(appointment: Appointment, facts: dict[str, Any]) -> list[Client]:
    """The clients whom the news is about, if it still holds."""
    present = attending(appointment)
    if facts["kind"] == "removed":
        return [client for client in Client.objects.filter(pk__in=facts["gone"]) if client not in present]
    if facts["kind"] == "cancelled":
        found = Cancellation.objects.select_related("participant__client").filter(pk=facts["cancellation"]).first()
        if found is None:
            raise outbox.Obsolete("they have their place again")
        return found.clients
    if facts["kind"] != "handed_over":
        check_at_this_time(appointment, facts)
    return present


def _recipient(
    user: User, appointment: Appointment, clients: list[Client], *, kind: str
) -> AppointmentRecipient | None:
    """Who is told: for their clients, as whoever runs it, or as whoever ran it before."""
    if kind == "handed_over":
        runs_it_again = appointment.practitioner.user_id == user.pk
        return AppointmentRecipient(user, ()) if user.is_active and user.staff and not runs_it_again else None
    return recipient_for(user, appointment, clients, is_cancelled=kind in messages.OUT)
