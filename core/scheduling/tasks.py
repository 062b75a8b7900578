"""What the outbox calls by name. Each looks again at the moment of sending, and says Obsolete when the promise no longer holds."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import translation

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.notifications import mail
from core.people.models import Client, User
from core.people.permissions import clients_acted_for
from core.scheduling import calendar_file, notifications
from core.scheduling.models import Appointment, Cancellation, Participant, Reminder
from core.scheduling.paths import appointment_path, connection_test_path
from core.scheduling.recipients import Reader, reader_for
from core.scheduling.rules import reminders, wall_time
from core.scheduling.time_formats import when
from tenants import links


@outbox.handler(notifications.TELL)
def tell(message: OutboxMessage) -> None:
    """Mail one person that an appointment was booked, moved or cancelled, with a calendar file of their own."""
    facts = message.payload
    appointment = _appointment(facts["appointment"])
    clients, is_cancelled = _concerned(appointment, facts), facts["kind"] == "cancelled"
    reader = reader_for(User.objects.get(pk=facts["user"]), appointment, clients)
    if reader is None:
        raise outbox.Obsolete("it is no longer their business")
    with translation.override(reader.user.reads):
        entry = calendar_file.Entry(appointment, reader, is_cancelled=is_cancelled)
        method: calendar_file.Method = "CANCEL" if is_cancelled else "REQUEST"
        content = calendar_file.one_entry(entry, method=method, now=clock.now())
    attachment = mail.Attachment("appointment.ics", content, f"{calendar_file.MIME}; method={method}")
    mail.send(
        message,
        kind=f"appointment_{facts['kind']}",
        to=reader.recipient,
        context=_context(appointment, reader, clients, facts),
        attachments=[attachment],
        about=appointment,
    )


@outbox.handler(notifications.REMIND)
def remind(message: OutboxMessage) -> None:
    """Mail one login the agenda of the day on which this appointment falls, unless it was reminded of it already."""
    now = clock.now()
    # Locked, because two reminders of one login that fall due together must not both find that nothing was sent.
    user = User.objects.select_for_update(no_key=True).get(pk=message.payload["user"])
    appointment = _appointment(message.payload["appointment"])
    trigger = _trigger(appointment, user, message.payload, now=now)
    places = _places_of(user, now=now, until=appointment.starts_at + timedelta(hours=48))
    entries = reminders.agenda(trigger, [_entry(place) for place in places], now=now)
    listed = {(place.appointment_id, place.client_id): place for place in places}
    rows = [_agenda_row(listed[entry.appointment_id, entry.client_id], user) for entry in entries]
    reader = Reader(user, (listed[trigger.appointment_id, trigger.client_id].client,))
    mail.send(
        message,
        kind="appointment_reminder",
        to=reader.recipient,
        context={"rows": rows, "first": rows[0], "url": links.absolute("/appointments/")},
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
    return [place.client for place in appointment.attending]


def _context(appointment: Appointment, reader: Reader, clients: list[Client], facts: dict[str, Any]) -> dict[str, Any]:
    previous = None
    if starts_at := facts.get("previous_start"):
        start = datetime.fromisoformat(starts_at)
        previous = when(start, start + appointment.duration, zone=reader.zone, language=reader.user.reads)
    return {
        "appointment": appointment,
        "times": reader.times(appointment),
        "first": reader.when(appointment),
        "previous": previous,
        "names": [client.name for client in reader.clients or clients],
        "for_practitioner": not reader.clients,
        "url": links.absolute(appointment_path(appointment.pk)),
        "check_url": links.absolute(connection_test_path()) if appointment.mode == Appointment.Mode.ONLINE else "",
    }


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
    place = next((place for place in appointment.attending if place.client_id in own), None)
    if place is None or not user.is_active:
        raise outbox.Obsolete("it is no longer their business")
    return _entry(place)


def _places_of(user: User, *, now: datetime, until: datetime) -> list[Participant]:
    return list(
        Participant.objects.filter(
            client__in=clients_acted_for(user).order_by(),
            is_attending=True,
            appointment__status=Appointment.Status.BOOKED,
            starts_at__gt=now,
            starts_at__lt=until,
        ).select_related("client", "appointment__practitioner__user")
    )


def _entry(place: Participant) -> reminders.Entry:
    return reminders.Entry(
        place.appointment_id, place.client_id, wall_time.zone(place.client.time_zone), place.starts_at
    )


def _agenda_row(place: Participant, user: User) -> dict[str, Any]:
    appointment = place.appointment
    return {
        "appointment": appointment,
        "client": place.client,
        "when": when(place.starts_at, place.ends_at, zone=place.client.time_zone, language=user.reads),
        "url": links.absolute(appointment_path(appointment.pk)),
    }
