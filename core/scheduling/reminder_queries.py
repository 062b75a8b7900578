"""How long before somebody is reminded of an appointment, in whose word, and in which quiet hours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, prefetch_related_objects

from core.people.models import LinkedLogin, User
from core.scheduling.models import (
    Appointment,
    Participant,
    ReminderPreference,
    SchedulingSettings,
    ServiceReminders,
)
from core.scheduling.rules import reminders
from core.scheduling.rules.quiet_hours import QuietHours
from core.scheduling.rules.reminders import Source


@dataclass(frozen=True, slots=True)
class Word:
    """How many minutes before, the earliest first; and whose word it is."""

    minutes: tuple[int, ...]
    source: Source


class ReminderWords:
    """Everything that was said about reminders to these logins, loaded in three questions."""

    def __init__(self, user_ids: Iterable[Any]) -> None:
        self.settings = SchedulingSettings.current()
        self._services = dict(ServiceReminders.objects.values_list("service_id", "minutes_before"))
        found = ReminderPreference.objects.filter(user__in=list(user_ids))
        self._own = {(row.user_id, row.client_id): row for row in found}

    def of_place(self, user_id: Any, client_id: Any, service_id: UUID | None) -> Word:
        """For a login, about one client's place in what takes place."""
        login, client = self._own.get((user_id, None)), self._own.get((user_id, client_id))
        return Word(
            *reminders.leads_in_force(
                organization=self.settings.reminder_minutes,
                service=self._services.get(service_id) if service_id else None,
                login=login.minutes_before if login else None,
                client=client.minutes_before if client else None,
            )
        )

    def of_schedule(self, user_id: Any) -> Word:
        """For whoever runs it."""
        own = self._own.get((user_id, None))
        return Word(
            *reminders.leads_in_force(
                organization=self.settings.schedule_reminder_minutes,
                service=None,
                login=own.schedule_minutes_before if own else None,
                client=None,
            )
        )

    def quiet_hours(self, user_id: Any) -> QuietHours | None:
        own = self._own.get((user_id, None))
        return own.quiet_hours(self.settings.quiet_hours) if own else self.settings.quiet_hours


def minutes_to_plan(appointment: Appointment) -> list[int]:
    """Every time before the start at which anybody concerned now may be reminded."""
    return minutes_to_plan_of([appointment])[appointment.pk]


def minutes_to_plan_of(appointments: Sequence[Appointment]) -> dict[UUID, list[int]]:
    """The same of several, by their ids, in as many questions as of one."""
    prefetch_related_objects(list(appointments), "participants", "practitioner")
    clients = {place.client_id for each in appointments for place in each.attending}
    links: dict[UUID, list[Any]] = {}
    for user, client in LinkedLogin.objects.filter(client__in=clients).values_list("user_id", "client_id"):
        links.setdefault(client, []).append(user)
    practitioners = {each.practitioner.user_id for each in appointments}
    words = ReminderWords({*practitioners, *(user for users in links.values() for user in users)})
    found = {}
    for each in appointments:
        minutes = set(words.of_schedule(each.practitioner.user_id).minutes)
        # The organization's too, because a login may come to it later.
        minutes |= set(words.of_place(None, None, each.service_id).minutes)
        for place in each.attending:
            for user in links.get(place.client_id, ()):
                minutes |= set(words.of_place(user, place.client_id, each.service_id).minutes)
        found[each.pk] = sorted(minutes, reverse=True)
    return found


def appointments_to_plan(scope: dict[str, Any], *, now: datetime) -> QuerySet[Appointment]:
    """What is booked and has not begun, as far as a change of settings concerns it: of one service, one login, or everything."""
    ahead = Appointment.objects.filter(status=Appointment.Status.BOOKED, starts_at__gt=now)
    if service := scope.get("service"):
        ahead = ahead.filter(service_id=service)
    if user := scope.get("user"):
        theirs = LinkedLogin.objects.filter(user=user).values("client")
        places = Participant.objects.filter(client__in=theirs, is_attending=True, starts_at__gt=now)
        ahead = ahead.filter(Q(pk__in=places.values("appointment")) | Q(practitioner__user=user))
    return ahead


def service_words() -> dict[UUID, Sequence[int]]:
    """The services with a word of their own."""
    return dict(ServiceReminders.objects.values_list("service_id", "minutes_before"))


def preferences_of(user: User) -> dict[Any, ReminderPreference]:
    """What the login has said: for itself under None, else by client."""
    return {row.client_id: row for row in ReminderPreference.objects.filter(user=user)}
