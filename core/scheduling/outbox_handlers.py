"""The mails about appointments, sent when the outbox says so.

Each looks again at the moment of sending, and says Obsolete when the promise no longer holds.
"""

from dataclasses import replace
from datetime import timedelta

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.notifications.models import Delivery
from core.people.models import Client
from core.scheduling import (
    calendar_file,
    delay_messages,
    delay_notifications,
    messages,
    notifications,
    outbox_names,
    series_file,
    series_messages,
)
from core.scheduling.mail_contents import change_content
from core.scheduling.news import dates_of, delay_of, news_of, series_news_of, series_of
from core.scheduling.promises import ABOUT_APPOINTMENT, attending
from core.scheduling.recipients import AppointmentRecipient, recipient_for
from core.scheduling.reminder_handlers import note_reminded_by_news
from core.scheduling.series_contents import series_content

SOON = timedelta(days=14)  # nobody is reminded earlier


@outbox.handler(
    outbox_names.SEND_CHANGE,
    label=gettext_noop("Mail: booked, moved, changed or cancelled"),
    is_mail=True,
    **ABOUT_APPOINTMENT,
)
def send_change(message: OutboxMessage) -> None:
    """Mail one person that an appointment was booked, moved, changed or cancelled, with a calendar file of their own."""
    facts, now = message.payload, clock.now()
    appointment, clients, recipient = news_of(facts)
    user, is_out = recipient.user, facts["kind"] in messages.OUT
    still = recipient_for(user, appointment, attending(appointment)) if is_out and appointment.is_booked else None
    entry = calendar_file.Entry(appointment, still or recipient, is_cancelled=is_out and still is None)
    sent = mail.send(
        message,
        notifications.change_message(facts["kind"], recipient),
        to=recipient.mail_recipient,
        content=lambda: change_content(appointment, recipient, clients, facts, stays=still is not None),
        attachments=lambda: [calendar_file.mail_attachment(entry, now=now)],
        about=appointment,
    )
    if not is_out:
        note_reminded_by_news(recipient, appointment, is_mailed=sent.state == Delivery.State.SENT, now=now)


@outbox.handler(
    outbox_names.SEND_SERIES,
    label=gettext_noop("Mail: a series booked, changed or ended"),
    is_mail=True,
    **ABOUT_APPOINTMENT,
)
def send_series(message: OutboxMessage) -> None:
    """Mail one person about a series, with their own calendar object of it; of a continued one, with that of what it continues."""
    facts, now = message.payload, clock.now()
    series, clients, recipient, entry = series_news_of(facts)
    shown = dates_of(entry, facts, now=now)
    also = series_of(facts["also"]) if facts.get("also") else None
    entries = [entry, *([replace(entry, series=also, appointments=series_file.appointments_of(also))] if also else [])]
    entries = [replace(each, recipient=_with_all_clients(each, clients)) for each in entries]
    sent = mail.send(
        message,
        series_messages.MAILS[facts["kind"]],
        to=recipient.mail_recipient,
        content=lambda: series_content(series, shown, recipient, facts),
        attachments=lambda: [series_file.series_attachment(each, now=now) for each in entries],
        about=shown[0],
    )
    if facts["kind"] != "ended":
        for each in (each for each in shown if each.starts_at <= now + SOON):
            note_reminded_by_news(recipient, each, is_mailed=sent.state == Delivery.State.SENT, now=now)


@outbox.handler(outbox_names.SEND_DELAY, label=gettext_noop("Mail: may begin later"), is_mail=True, **ABOUT_APPOINTMENT)
def send_delay(message: OutboxMessage) -> None:
    """Mail one person that it may begin later, or on time after all, as long as that is so."""
    facts, now = message.payload, clock.now()
    appointment, recipient, until = delay_of(facts, now=now)
    mail.send(
        message,
        delay_messages.DELAYED,
        to=recipient.mail_recipient,
        content=lambda: delay_notifications.delay_content(appointment, recipient, until),
        about=appointment,
    )


def _with_all_clients(entry: series_file.SeriesEntry, clients: list[Client]) -> AppointmentRecipient:
    """The same person for all their clients in the series, because there is one object of it in their calendar, whomever the news is about."""
    if not entry.recipient.clients:
        return entry.recipient
    places = {place.client_id: place.client for each in entry.appointments for place in each.attending}
    everybody = list({**places, **{client.pk: client for client in clients}}.values())
    return recipient_for(entry.recipient.user, entry.series, everybody, is_cancelled=True) or entry.recipient
