"""The reminders, sent when the outbox says so: to whom, of what and in whose word is looked up at that moment."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from core.people.models import User
from core.scheduling import notifications, outbox_names, reminder_messages
from core.scheduling.mail_contents import reminder_content, schedule_content
from core.scheduling.models import Appointment, Participant, Reminder
from core.scheduling.permissions import clients_with_news_for
from core.scheduling.promises import ABOUT_APPOINTMENT, appointment_of, attending, check_still_ahead
from core.scheduling.recipients import AppointmentRecipient, audience_of
from core.scheduling.reminder_queries import ReminderWords, appointments_to_plan
from core.scheduling.rules import quiet_hours, reminders, wall_time

Start = tuple[UUID, datetime]
PLANNED_AT_ONCE = 200
AHEAD = timedelta(hours=48)  # beyond its trigger, no local day reaches further


@outbox.handler(outbox_names.REMIND_PEOPLE, label=gettext_noop("Time to remind"), **ABOUT_APPOINTMENT)
def remind_people(message: OutboxMessage) -> None:
    """It is time: promise a reminder to everybody who is to be reminded so long before, as things stand now."""
    appointment, minutes = appointment_of(message.payload["appointment"]), message.payload.get("minutes", reminders.DAY)
    check_still_ahead(appointment, message.payload, now=clock.now())
    told = audience_of(appointment, attending(appointment)).told
    words = ReminderWords(recipient.user.pk for recipient in told)
    for recipient in told:
        if _is_wanted(words, recipient, appointment, minutes):
            _promise_one(recipient.user, appointment, minutes, author=message.author_id)


def _promise_one(
    user: User, appointment: Appointment, minutes: int, *, author: str, held: datetime | None = None
) -> None:
    key = reminders.key_of_login(
        user.pk, appointment.pk, appointment.starts_at, sequence=appointment.sequence, minutes=minutes
    )
    outbox.enqueue(
        outbox_names.SEND_REMINDER,
        due_at=held or outbox.AT_ONCE,
        key=f"{key}:{held:%Y%m%dT%H%M}" if held else key,
        about=appointment,
        author=author,
        appointment=str(appointment.pk),
        user=str(user.pk),
        starts_at=appointment.starts_at.isoformat(),
        minutes=minutes,
    )


def _is_wanted(words: ReminderWords, recipient: AppointmentRecipient, appointment: Appointment, minutes: int) -> bool:
    """Whether anybody's word for this person names this time."""
    user, service = recipient.user.pk, appointment.service_id
    if not recipient.clients:
        return minutes in words.of_schedule(user).minutes
    return any(minutes in words.of_place(user, client.pk, service).minutes for client in recipient.clients)


@outbox.handler(outbox_names.SEND_REMINDER, label=gettext_noop("Mail: reminder"), is_mail=True, **ABOUT_APPOINTMENT)
def send_reminder(message: OutboxMessage) -> None:
    """Mail one login the agenda that this appointment triggers, unless it was reminded of it so long before already."""
    now, facts = clock.now(), message.payload
    # Locked, because two reminders of one login that fall due together must not both find that nothing was sent.
    user = User.objects.select_for_update(no_key=True).filter(pk=facts["user"], is_active=True).first()
    if user is None:
        raise outbox.Obsolete("the login is gone")
    appointment = appointment_of(facts["appointment"])
    check_still_ahead(appointment, facts, now=now)
    agenda = _Agenda(user, appointment, facts, now=now)
    if _is_held_in_quiet_hours(agenda, message, now=now):
        return
    places, recipient = agenda.places(), agenda.recipient
    mail.send(
        message,
        reminder_messages.REMINDER if agenda.is_of_clients else reminder_messages.SCHEDULE_REMINDER,
        to=recipient.mail_recipient,
        content=lambda: (
            reminder_content(places, user)
            if agenda.is_of_clients
            else schedule_content([place.appointment for place in places], user)
        ),
        about=appointment,
    )
    starts = [(place.appointment_id, place.starts_at) for place in places]
    _note_reminded(user, starts, agenda.minutes, now=now)


class _Agenda:
    """What one reminder tells one login of: places of its clients, or on its own schedule."""

    def __init__(self, user: User, appointment: Appointment, facts: dict[str, Any], *, now: datetime) -> None:
        self.user, self.appointment, self.now = user, appointment, now
        self.minutes: int = facts.get("minutes", reminders.DAY)
        self.words = ReminderWords([user.pk])
        self.is_again = bool(facts.get("again"))
        if self._is_reminded() and not self.is_again:
            raise outbox.Obsolete("reminded already, in an earlier agenda")
        own = set(clients_with_news_for(user).values_list("pk", flat=True))
        theirs = [place for place in appointment.attending if place.client_id in own]
        self.is_of_clients = bool(theirs)
        if not theirs and appointment.practitioner.user_id != user.pk:
            raise outbox.Obsolete("it is no longer their business")
        wanted = theirs if self.is_again else [place for place in theirs or appointment.attending if self._wants(place)]
        if not wanted and not self.is_again:
            raise outbox.Obsolete("they are not reminded so long before any more")
        self.trigger = wanted[0] if wanted else appointment.attending[0]

    @property
    def recipient(self) -> AppointmentRecipient:
        return AppointmentRecipient(self.user, (self.trigger.client,) if self.is_of_clients else ())

    def places(self) -> list[Participant]:
        """In order of time, what has begun and what was told left out."""
        known = self._found()
        entries = reminders.agenda(
            self._entry(self.trigger),
            [self._entry(place) for place in known],
            now=self.now,
            lead=timedelta(minutes=self.minutes),
            reminded=self._reminded(known) - {(self.appointment.pk, self.appointment.starts_at)},
        )
        by_entry = {(entry.appointment_id, entry.client_id): place for place in known for entry in [self._entry(place)]}
        return [by_entry[entry.appointment_id, entry.client_id] for entry in dict.fromkeys(entries)]

    def _wants(self, place: Participant) -> bool:
        """Whether this place is to be reminded of so long before."""
        if not self.is_of_clients:
            return self.minutes in self.words.of_schedule(self.user.pk).minutes
        service = place.appointment.service_id
        return self.minutes in self.words.of_place(self.user.pk, place.client_id, service).minutes

    def _found(self) -> list[Participant]:
        """The places that may belong to the agenda, and the trigger in any case."""
        mine = (
            Q(client__in=clients_with_news_for(self.user).order_by())
            if self.is_of_clients
            else Q(appointment__practitioner__user=self.user)
        )
        found = (
            Participant.objects.filter(
                mine,
                is_attending=True,
                appointment__status=Appointment.Status.BOOKED,
                starts_at__gt=self.now,
                starts_at__lt=self.appointment.starts_at + AHEAD,
            )
            .select_related("client", "appointment__practitioner__user")
            .prefetch_related("appointment__reservations__resource", "appointment__participants__client")
        )
        return [place for place in found if self._wants(place) or place.pk == self.trigger.pk]

    def _entry(self, place: Participant) -> reminders.Entry:
        zone = place.client.time_zone if self.is_of_clients else self.user.time_zone
        client = place.client_id if self.is_of_clients else None
        return reminders.Entry(place.appointment_id, client, wall_time.zone(zone), place.starts_at)

    def _is_reminded(self) -> bool:
        at = {"appointment": self.appointment, "starts_at": self.appointment.starts_at}
        return Reminder.objects.filter(user=self.user, minutes_before=self.minutes, **at).exists()

    def _reminded(self, places: Iterable[Participant]) -> set[Start]:
        """What no second agenda repeats."""
        known = Reminder.objects.filter(user=self.user, minutes_before=self.minutes)
        known = known.filter(appointment__in=[place.appointment_id for place in places])
        return set(known.values_list("appointment_id", "starts_at"))


def _is_held_in_quiet_hours(agenda: _Agenda, message: OutboxMessage, *, now: datetime) -> bool:
    """Promise it anew for the end of the reader's quiet hours, where it lies in them and can wait. What somebody asked for again does not."""
    if agenda.is_again:
        return False
    zone = wall_time.zone(agenda.recipient.zone)
    quiet = agenda.words.quiet_hours(agenda.user.pk)
    held = quiet_hours.held_until(quiet, zone, starts_at=agenda.appointment.starts_at, now=now)
    if held is None:
        return False
    # And not Obsolete, which would take the new promise back, too.
    _promise_one(agenda.user, agenda.appointment, agenda.minutes, author=message.author_id, held=held)
    message.outcome = f"held in quiet hours until {held:%Y-%m-%d %H:%M} UTC"
    return True


def note_reminded_by_news(recipient: AppointmentRecipient, appointment: Appointment, *, now: datetime) -> None:
    """A mail about a booking or a move that leaves so late is the reminder, too."""
    user, words = recipient.user, ReminderWords([recipient.user.pk])
    minutes = set(words.of_schedule(user.pk).minutes) if not recipient.clients else set()
    for client in recipient.clients:
        minutes |= set(words.of_place(user.pk, client.pk, appointment.service_id).minutes)
    for before in minutes:
        lead = timedelta(minutes=before)
        if reminders.is_reminder_itself(appointment.starts_at, now=now, lead=lead):
            _note_reminded(user, [(appointment.pk, appointment.starts_at)], before, now=now)


def _note_reminded(user: User, starts: Iterable[Start], minutes: int, *, now: datetime) -> None:
    Reminder.objects.bulk_create(
        [
            Reminder(user=user, appointment_id=pk, starts_at=at, minutes_before=minutes, sent_at=now)
            for pk, at in dict.fromkeys(starts)
        ],
        ignore_conflicts=True,
    )


@outbox.handler(outbox_names.PLAN_REMINDERS, label=gettext_noop("Plan reminders anew"))
def plan_reminders(message: OutboxMessage) -> None:
    """A setting was changed: promise what is missing for what is booked already, some at a time. What is too much finds nobody when it is due."""
    facts, now = message.payload, clock.now()
    ahead = appointments_to_plan(facts, now=now).order_by("pk")
    if after := facts.get("after"):
        ahead = ahead.filter(pk__gt=after)
    found = list(ahead.select_related("practitioner__user").prefetch_related("participants__client")[:PLANNED_AT_ONCE])
    for appointment in found:
        notifications.promise_reminders(appointment, by=None, now=now)
    if len(found) == PLANNED_AT_ONCE:
        scope = {name: facts[name] for name in ("service", "user") if name in facts}
        outbox.enqueue(outbox_names.PLAN_REMINDERS, author=message.author_id, **scope, after=str(found[-1].pk))
