"""Who fits whom, read from the database for the rule: a fixed number of questions, however many practitioners and clients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from core.booking.queries import AROUND, calendars_of
from core.booking.rules import slots
from core.booking.rules.pairing import WEEKS, Contender
from core.booking.rules.slots import Busy, Calendar, Offer
from core.people.models import Assignment, Client, LinkedLogin, StaffMember
from core.scheduling.client_availability_queries import times_of
from core.scheduling.models import Appointment, Participant
from core.scheduling.rules import availability
from core.scheduling.rules.client_availability import ClientTimes

STEP = 30  # minutes between two times
WEEK = timedelta(days=7)
MOST_COMPARED = 50  # clients who wait; the longest first

Languages = Mapping[UUID, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for: so long, in this way, of this service, from now on."""

    minutes: int
    now: datetime
    mode: str = ""
    service: UUID | None = None

    @property
    def offer(self) -> Offer:
        latest = self.now + WEEKS * WEEK
        return Offer(timedelta(minutes=self.minutes), STEP, self.now, latest, self.mode, self.service)

    @property
    def within(self) -> tuple[datetime, datetime]:
        return self.now - AROUND, self.now + WEEKS * WEEK + AROUND


def practitioners_for(
    client: Client,
    practitioners: Sequence[StaffMember],
    wish: Wish,
    *,
    times: ClientTimes | None,
    languages: Languages,
) -> list[Contender]:
    """Each of them, with the times that fit the client, and what they are to one another.

    `times`: when the client can come, for a reader who may know that.
    """
    if not practitioners:
        return []
    closed = _closed(times, wish)
    calendars = calendars_of(practitioners, wish.within, now=wish.now, client=client, taken=closed)
    met = _met(client, practitioners, now=wish.now)
    assigned = set(Assignment.objects.filter(client=client).values_list("practitioner_id", flat=True))
    spoken = _languages([client]).get(client.pk, frozenset())
    return [
        Contender(
            key=person.pk,
            name=str(person),
            starts=_starts(calendars[person.pk], wish.offer),
            met_since=met[person.pk][0].date() if person.pk in met else None,
            met=met[person.pk][1] if person.pk in met else 0,
            is_assigned=person.pk in assigned,
            shared_languages=spoken & languages.get(person.pk, frozenset()),
            booked=_booked_ahead(calendars[person.pk], wish.now),
            works=_works_ahead(calendars[person.pk], wish.now),
        )
        for person in practitioners
    ]


def clients_for(
    practitioner: StaffMember, clients: QuerySet[Client], wish: Wish, *, languages: frozenset[str]
) -> list[Contender]:
    """Those of these clients, whose times the reader may read, who are with nobody yet; the longest first, with the times that fit both."""
    alone = clients.filter(assignments=None).order_by("created_at", "pk")
    people = list(alone[:MOST_COMPARED])
    if not people:
        return []
    calendar = calendars_of([practitioner], wish.within, now=wish.now)[practitioner.pk]
    known, spoken = times_of(people), _languages(people)
    return [
        Contender(
            key=client.pk,
            name=client.name,
            starts=_starts(
                replace(calendar, taken=[*calendar.taken, *_closed(known.get(client.pk), wish)]), wish.offer
            ),
            shared_languages=spoken.get(client.pk, frozenset()) & languages,
            waiting_weeks=max(0, (wish.now - client.created_at) // WEEK),
        )
        for client in people
    ]


def _starts(calendar: Calendar, offer: Offer) -> list[datetime]:
    return [slots.at(minutes) for minutes in slots.free_times(calendar, offer)]


def _closed(times: ClientTimes | None, wish: Wish) -> list[Busy]:
    """When the client cannot come; nothing where that is not known."""
    if times is None or not times.is_known:
        return []
    spans = availability.closed_spans(times.hours, wish.within[0].date(), wish.within[1].date())
    return [(slots.number_of(span.starts_at), slots.number_of(span.ends_at)) for span in spans]


def _met(client: Client, practitioners: Sequence[StaffMember], *, now: datetime) -> dict[Any, tuple[datetime, int]]:
    places = Participant.objects.filter(client=client, is_attending=True, appointment__practitioner__in=practitioners)
    places = (
        places.filter(appointment__starts_at__lt=now)
        .exclude(appointment__status=Appointment.Status.CANCELLED)
        .order_by()
    )
    rows = places.values_list("appointment__practitioner_id").annotate(Min("appointment__starts_at"), Count("pk"))
    return {key: (since, number) for key, since, number in rows}


def _languages(clients: Sequence[Client]) -> dict[Any, frozenset[str]]:
    found: dict[Any, set[str]] = {}
    rows = LinkedLogin.objects.filter(client__in=[client.pk for client in clients])
    for key, language in rows.values_list("client_id", "user__language"):
        found.setdefault(key, set()).add(language)
    return {key: frozenset(languages) for key, languages in found.items()}


def _booked_ahead(calendar: Calendar, now: datetime) -> int:
    """Minutes that are booked in the seven days from now on."""
    first, last = slots.number_of(now), slots.number_of(now + WEEK)
    return sum(max(0, min(ends, last) - max(begins, first)) for begins, ends in calendar.booked)


def _works_ahead(calendar: Calendar, now: datetime) -> int:
    """Minutes that are worked on the seven days from today on; none for whoever has set no hours of the week."""
    if not any(calendar.hours.weekly.values()):
        return 0
    today = now.astimezone(calendar.hours.zone).date()
    days = availability.days_between(today, today + WEEK - timedelta(days=1))
    spans = [span for day in days for span in availability.open_spans(calendar.hours, day)]
    return int(sum((span.ends_at - span.starts_at).total_seconds() for span in spans)) // 60
