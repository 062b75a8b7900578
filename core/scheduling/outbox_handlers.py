"""The mails about appointments, sent when the outbox says so.

Each looks again at the moment of sending, and says Obsolete when the promise no longer holds.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.people.models import Client, User
from core.scheduling import (
    calendar_file,
    messages,
    notifications,
    outbox_names,
    series_file,
    series_messages,
    series_notifications,
)
from core.scheduling.mail_contents import change_content
from core.scheduling.models import Appointment, AppointmentSeries, Cancellation
from core.scheduling.promises import ABOUT_APPOINTMENT, appointment_of, attending, check_at_this_time
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


@outbox.handler(
    outbox_names.SEND_SERIES,
    label=gettext_noop("Mail: a series booked, changed or ended"),
    is_mail=True,
    **ABOUT_APPOINTMENT,
)
def send_series(message: OutboxMessage) -> None:
    """Mail one person about a series, with their own calendar object of it; of a continued one, with that of what it continues."""
    facts, now = message.payload, clock.now()
    series = _series(facts["series"])
    clients = list(Client.objects.filter(pk__in=facts["clients"]))
    user = User.objects.filter(pk=facts["user"]).first()
    recipient = user and (
        recipient_for(user, series, clients, is_cancelled=facts["kind"] != "booked") or _colleague(user, facts)
    )
    if user is None or recipient is None:
        raise outbox.Obsolete("it is no longer their business")
    if facts["kind"] != "ended" and series_notifications.is_told(user, series, since=facts["sequence"]):
        raise outbox.Obsolete("the series was changed since, and a mail says so")
    entry = series_file.SeriesEntry(series, series_file.appointments_of(series), recipient)
    shown = _shown(entry, facts, now=now)
    if not shown:
        raise outbox.Obsolete("nothing of it is to come")
    also = _series(facts["also"]) if facts.get("also") else None
    entries = [entry, *([replace(entry, series=also, appointments=series_file.appointments_of(also))] if also else [])]
    entries = [replace(each, recipient=_with_all_clients(each, clients)) for each in entries]
    mail.send(
        message,
        series_messages.MAILS[facts["kind"]],
        to=recipient.mail_recipient,
        content=lambda: series_content(series, shown, recipient, facts),
        attachments=lambda: [series_file.series_attachment(each, now=now) for each in entries],
        about=shown[0],
    )
    if facts["kind"] != "ended":
        for each in (each for each in shown if each.starts_at <= now + SOON):
            note_reminded_by_news(recipient, each, now=now)


def _series(pk: str) -> AppointmentSeries:
    found = AppointmentSeries.objects.select_related("practitioner__user").prefetch_related("clients", "resources")
    return found.get(pk=pk)


def _shown(entry: series_file.SeriesEntry, facts: dict[str, Any], *, now: datetime) -> list[Appointment]:
    """The dates that the mail is about: those that are off, or those of this person that are to come; for a colleague all, where none is theirs."""
    if facts["kind"] == "ended":
        return sorted((each for each in entry.appointments if str(each.pk) in facts["off"]), key=_start)
    coming = [each for each in entry.appointments if each.is_booked and each.ends_at > now]
    theirs = [each for each in coming if entry.is_theirs(each)]
    return sorted(theirs if theirs or entry.recipient.clients else coming, key=_start)


def _colleague(user: User, facts: dict[str, Any]) -> AppointmentRecipient | None:
    """Whoever ran it before, or runs or ran single dates of it."""
    return AppointmentRecipient(user, ()) if facts.get("is_colleague") and user.is_active and user.staff else None


def _with_all_clients(entry: series_file.SeriesEntry, clients: list[Client]) -> AppointmentRecipient:
    """The same person for all their clients in the series, because there is one object of it in their calendar, whomever the news is about."""
    if not entry.recipient.clients:
        return entry.recipient
    places = {place.client_id: place.client for each in entry.appointments for place in each.attending}
    everybody = list({**places, **{client.pk: client for client in clients}}.values())
    return recipient_for(entry.recipient.user, entry.series, everybody, is_cancelled=True) or entry.recipient


def _start(appointment: Appointment) -> datetime:
    return appointment.starts_at


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
