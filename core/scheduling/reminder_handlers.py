"""The reminders, sent when the outbox says so: to whom, of what and in whose word is looked up at that moment."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.kernel import clock, outbox, turns
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail, notices, text_messages
from core.notifications.channels import channels_of, channels_of_each, texted_among
from core.notifications.languages import in_language_of
from core.notifications.messages import Channel, Content, Topic
from core.notifications.text_messages import reader_of
from core.people.models import User
from core.scheduling import notifications, outbox_names, reminder_messages, text_templates
from core.scheduling.mail_contents import page_of, reminder_content, reminder_values, schedule_content, text_link
from core.scheduling.models import Appointment, ChannelReminder, Participant, Reminder
from core.scheduling.permissions import clients_with_news_for
from core.scheduling.promises import ABOUT_APPOINTMENT, appointment_of, attending, check_still_ahead
from core.scheduling.recipients import AppointmentRecipient, audience_of
from core.scheduling.reminder_queries import ReminderWords, appointments_to_plan
from core.scheduling.rules import quiet_hours, reminders, wall_time
from tenants.absolute_urls import path_of

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
    wanted = [each.user for each in told if _is_wanted(words, each, appointment, minutes)]
    channels = channels_of_each([user.pk for user in wanted], Topic.REMINDERS)
    for channel, name in PROMISES.items():
        those = [_promise(user, appointment, minutes, channel) for user in wanted if channel in channels[user.pk]]
        outbox.enqueue_all(name, those, author=message.author_id)


def _promise(
    user: User, appointment: Appointment, minutes: int, channel: Channel, *, held: datetime | None = None
) -> outbox.Promise:
    key = reminders.key_of_login(
        user.pk,
        appointment.pk,
        appointment.starts_at,
        sequence=appointment.sequence,
        minutes=minutes,
        channel="" if channel == Channel.EMAIL else channel.value,
    )
    facts = {
        "appointment": str(appointment.pk),
        "user": str(user.pk),
        "starts_at": appointment.starts_at.isoformat(),
        "minutes": minutes,
    }
    if held is None:
        return outbox.Promise(outbox.AT_ONCE, key, appointment, facts)
    return outbox.Promise(held, f"{key}:{held:%Y%m%dT%H%M}", appointment, facts)


def _is_wanted(words: ReminderWords, recipient: AppointmentRecipient, appointment: Appointment, minutes: int) -> bool:
    """Whether anybody's word for this person names this time."""
    user, service = recipient.user.pk, appointment.service_id
    if not recipient.clients:
        return minutes in words.of_schedule(user).minutes
    return any(minutes in words.of_place(user, client.pk, service).minutes for client in recipient.clients)


@outbox.handler(outbox_names.SEND_REMINDER, label=gettext_noop("Mail: reminder"), is_mail=True, **ABOUT_APPOINTMENT)
def send_reminder(message: OutboxMessage) -> None:
    """Mail one login the agenda that this appointment triggers, unless it was reminded of it so long before already."""
    now = clock.now()
    agenda = _agenda_of(message, Channel.EMAIL, now=now)
    if _is_held_in_quiet_hours(agenda, message, now=now):
        return
    user, places, recipient = agenda.user, agenda.places(), agenda.recipient
    mail.send(
        message,
        reminder_messages.REMINDER if agenda.is_of_clients else reminder_messages.SCHEDULE_REMINDER,
        to=recipient.mail_recipient,
        content=lambda: (
            reminder_content(places, user)
            if agenda.is_of_clients
            else schedule_content([place.appointment for place in places], user)
        ),
        about=agenda.appointment,
    )
    agenda.note_told(places)


@outbox.handler(outbox_names.POST_REMINDER, label=gettext_noop("Reminder in the app"), **ABOUT_APPOINTMENT)
def post_reminder(message: OutboxMessage) -> None:
    """The same behind the bell, from where it goes to the devices that take push. It waits for no quiet hours; push of it does."""
    agenda = _agenda_of(message, Channel.IN_APP, now=clock.now())
    places, user = agenda.places(), agenda.user
    with in_language_of(user):
        notices.post(
            reminder_messages.REMINDER_NOTICE if agenda.is_of_clients else reminder_messages.SCHEDULE_REMINDER_NOTICE,
            user_id=user.pk,
            path=agenda.path_to(places),
            happens_at=agenda.appointment.starts_at,
            about=agenda.appointment,
            **reminder_values(places, user, is_of_clients=agenda.is_of_clients),
        )
    agenda.note_told(places)


@outbox.handler(outbox_names.TEXT_REMINDER, label=gettext_noop("Text message: reminder"), **ABOUT_APPOINTMENT)
def text_reminder(message: OutboxMessage) -> None:
    """The same as a text message: when, and the link to answer by. It waits for quiet hours as the mail does."""
    now = clock.now()
    agenda = _agenda_of(message, Channel.SMS, now=now)
    if _is_held_in_quiet_hours(agenda, message, now=now):
        return
    places, user = agenda.places(), agenda.user
    to = reader_of(user.pk, time_zone=agenda.recipient.zone, language=user.reads, topic=Topic.REMINDERS)
    if to is None:
        raise outbox.Obsolete("they do not want it by text message")
    text_messages.send(
        message,
        text_templates.REMINDER_TEXT if agenda.is_of_clients else text_templates.SCHEDULE_REMINDER_TEXT,
        to=to,
        content=lambda: Content(
            values={
                **reminder_values(places, user, is_of_clients=agenda.is_of_clients),
                "link": text_link(places[0].appointment, agenda.recipient, now=now),
            }
        ),
        about=agenda.appointment,
    )
    agenda.note_told(places)


PROMISES = {
    Channel.SMS: outbox_names.TEXT_REMINDER,
    Channel.EMAIL: outbox_names.SEND_REMINDER,
    Channel.IN_APP: outbox_names.POST_REMINDER,
}


def _agenda_of(message: OutboxMessage, channel: Channel, *, now: datetime) -> "_Agenda":
    """What the promise is about, as things stand now. Obsolete when nothing is to be told any more."""
    facts = message.payload
    # Because two reminders of one login that fall due together must not both find that nothing was sent.
    # Its row stays free: a provider may take long.
    turns.hold_until_commit(f"remind:{channel}:{facts['user']}")
    user = User.objects.filter(pk=facts["user"], is_active=True).first()
    if user is None:
        raise outbox.Obsolete("the login is gone")
    appointment = appointment_of(facts["appointment"])
    check_still_ahead(appointment, facts, now=now)
    return _Agenda(user, appointment, facts, channel, now=now)


class _Agenda:
    """What one reminder tells one login of by one channel: places of its clients, or on its own schedule."""

    def __init__(
        self, user: User, appointment: Appointment, facts: dict[str, Any], channel: Channel, *, now: datetime
    ) -> None:
        self.user, self.appointment, self.channel, self.now = user, appointment, channel, now
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
        present = theirs or appointment.attending or [_nobody_in(appointment)]
        wanted = theirs if self.is_again else [place for place in present if self._wants(place)]
        if not wanted and not self.is_again:
            raise outbox.Obsolete("they are not reminded so long before any more")
        self.trigger = wanted[0] if wanted else present[0]

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
        places = [*found, *(() if self.is_of_clients else self._without_anybody())]
        if self.trigger.client_id is None:
            places = [place for place in places if place.appointment_id != self.appointment.pk] + [self.trigger]
        return [place for place in places if self._wants(place) or place.pk == self.trigger.pk]

    def _without_anybody(self) -> list[Participant]:
        """Groups on their schedule that nobody has joined yet."""
        joined = Participant.objects.filter(appointment=OuterRef("pk"), is_attending=True)
        groups = Appointment.objects.filter(
            ~Exists(joined),
            practitioner__user=self.user,
            is_open_group=True,
            status=Appointment.Status.BOOKED,
            starts_at__gt=self.now,
            starts_at__lt=self.appointment.starts_at + AHEAD,
        )
        loaded = groups.select_related("practitioner__user").prefetch_related(
            "reservations__resource", "participants__client"
        )
        return [_nobody_in(group) for group in loaded]

    def _entry(self, place: Participant) -> reminders.Entry:
        zone = place.client.time_zone if self.is_of_clients else self.user.time_zone
        client = place.client_id if self.is_of_clients else None
        return reminders.Entry(place.appointment_id, client, wall_time.zone(zone), place.starts_at)

    def _is_reminded(self) -> bool:
        at = {"appointment": self.appointment, "starts_at": self.appointment.starts_at}
        return self._told.filter(**at).exists()

    @property
    def _told(self) -> "QuerySet[Reminder] | QuerySet[ChannelReminder]":
        facts = {"user": self.user, "minutes_before": self.minutes}
        if self.channel == Channel.EMAIL:
            return Reminder.objects.filter(**facts)
        return ChannelReminder.objects.filter(**facts, channel=self.channel)

    def path_to(self, places: Iterable[Participant]) -> str:
        """The page of the only one, else where they all stand."""
        if len({place.appointment_id for place in places}) == 1:
            return page_of(self.appointment)
        return path_of("scheduling:list" if self.is_of_clients else "scheduling:calendar")

    def note_told(self, places: Iterable[Participant]) -> None:
        """They were reminded of these."""
        starts = [(place.appointment_id, place.starts_at) for place in places]
        _note_reminded(self.user, starts, self.minutes, self.channel, now=self.now)

    def _reminded(self, places: Iterable[Participant]) -> set[Start]:
        """What no second agenda repeats."""
        known = self._told.filter(appointment__in=[place.appointment_id for place in places])
        return set(known.values_list("appointment_id", "starts_at"))


def _nobody_in(group: Appointment) -> Participant:
    """Its line in the agenda of whoever runs it, before anybody has joined. It is not stored."""
    return Participant(appointment=group, starts_at=group.starts_at, ends_at=group.ends_at)


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
    promise = _promise(agenda.user, agenda.appointment, agenda.minutes, agenda.channel, held=held)
    outbox.enqueue_all(PROMISES[agenda.channel], [promise], author=message.author_id)
    message.outcome = f"held in quiet hours until {held:%Y-%m-%d %H:%M} UTC"
    return True


def note_reminded_by_news(
    recipient: AppointmentRecipient, appointment: Appointment, *, is_mailed: bool, now: datetime
) -> None:
    """News about a booking or a move that come so late are the reminder, too, by whatever channel they come.

    Where no mail of them left, because the person has muted it, the reminder leaves now by the channels that they want for that. A text message
    about them stands in for that of the reminder alone: whether it leaves is not known yet, and it says less than a mail.
    """
    user, words = recipient.user, ReminderWords([recipient.user.pk])
    minutes = set(words.of_schedule(user.pk).minutes) if not recipient.clients else set()
    for client in recipient.clients:
        minutes |= set(words.of_place(user.pk, client.pk, appointment.service_id).minutes)
    late = [each for each in sorted(minutes) if _is_reminder_itself(appointment, each, now=now)]
    told = {Channel.IN_APP, *([Channel.SMS] if texted_among([user.pk], Topic.APPOINTMENTS) else [])}
    owed = set() if is_mailed else channels_of(user.pk, Topic.REMINDERS) & PROMISES.keys() - told
    for channel in owed if late else ():
        outbox.enqueue_all(PROMISES[channel], [_promise(user, appointment, late[0], channel)])
    for before in late:
        for channel in PROMISES.keys() - owed:
            _note_reminded(user, [(appointment.pk, appointment.starts_at)], before, channel, now=now)


def _is_reminder_itself(appointment: Appointment, minutes: int, *, now: datetime) -> bool:
    return reminders.is_reminder_itself(appointment.starts_at, now=now, lead=timedelta(minutes=minutes))


def _note_reminded(user: User, starts: Iterable[Start], minutes: int, channel: Channel, *, now: datetime) -> None:
    told = [
        {"user": user, "appointment_id": pk, "starts_at": at, "minutes_before": minutes, "sent_at": now}
        for pk, at in dict.fromkeys(starts)
    ]
    if channel == Channel.EMAIL:
        Reminder.objects.bulk_create([Reminder(**each) for each in told], ignore_conflicts=True)
    else:
        others = [ChannelReminder(**each, channel=channel) for each in told]
        ChannelReminder.objects.bulk_create(others, ignore_conflicts=True)


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
