"""What can be booked, and when: a fixed number of questions, however many practitioners, days and appointments."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, IntegerField, QuerySet
from django.db.models.functions import Cast, Ceil, Coalesce, Extract, Floor

from core.booking.group_queries import groups_with_places, places_left_at, starts_of_groups
from core.booking.models import (
    BookablePractitioner,
    BookableService,
    BookingException,
    BookingSettings,
    Hold,
    IntakeQuestion,
    SelfBooking,
)
from core.booking.rules import slots
from core.booking.rules.slots import Busy, Calendar, Minutes, Offer
from core.people.models import Client, StaffMember
from core.scheduling.availability_queries import hours_of_many
from core.scheduling.models import Appointment, BusyTime, Participant, Reservation
from core.scheduling.rules import wall_time

Within = tuple[datetime, datetime]
AROUND = timedelta(days=8)  # before and after, because limits count the whole week on any clock


def bookable_services() -> list[BookableService]:
    """What can be booked, with the rooms that each takes."""
    return list(BookableService.objects.prefetch_related("resources"))


def bookable_practitioners(service_id: Any = None) -> list[BookablePractitioner]:
    """With whom people can book (this service), by name; nobody who does not work here any more."""
    found = BookablePractitioner.objects.filter(practitioner__status=StaffMember.Status.ACTIVE)
    found = found.select_related("practitioner__user").order_by("practitioner__user__sort_key")
    return [each for each in found if service_id is None or each.offers(service_id)]


def questions_for(*, is_first_visit: bool) -> list[IntakeQuestion]:
    """What somebody is asked."""
    found = IntakeQuestion.objects.all()
    return list(found if is_first_visit else found.filter(is_for_first_visit=False))


def was_here(client: Client) -> bool:
    """Whether the client has or had an appointment that was not cancelled."""
    return Participant.objects.filter(client=client, is_attending=True).exists()


def exceptions_of(clients: Collection[Client]) -> dict[UUID, bool]:
    """Which of them may or may not book themselves, whatever holds for the others."""
    found = BookingException.objects.filter(client__in=clients)
    return {each.client_id: each.may_book for each in found}


def booked_on_day(client: Client, moment: datetime, zone: Any, *, apart_from: Appointment | None = None) -> int:
    """How many appointments of that local day the client has booked themselves; `apart_from` one that is to leave its time."""
    day = moment.astimezone(zone).date()
    begins, ends = wall_time.day_bounds(day, zone)
    own = SelfBooking.objects.filter(client=client, appointment__starts_at__gte=begins, appointment__starts_at__lt=ends)
    own = own.exclude(appointment=apart_from).exclude(appointment__status=Appointment.Status.CANCELLED)
    return own.filter(appointment__in=client.participations.filter(is_attending=True).values("appointment")).count()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to book, with the settings of the organization."""

    bookable: BookableService
    minutes: int
    mode: str
    settings: BookingSettings

    def offer(self, *, now: datetime, only: datetime | None = None) -> Offer:
        """From the notice on until the horizon; or what begins at this instant alone, if it lies between them."""
        earliest, latest = (
            now + timedelta(hours=self.settings.notice_hours),
            now + timedelta(days=self.settings.horizon_days),
        )
        if only is not None:
            earliest, latest = max(earliest, only), min(latest, only + timedelta(minutes=1))
        length = timedelta(minutes=self.minutes)
        return Offer(length, self.settings.step, earliest, latest, self.mode, self.bookable.service_id)


def free_times(
    wanted: Wanted,
    practitioners: Sequence[StaffMember],
    *,
    now: datetime,
    only: datetime | None = None,
    client: Client | None = None,
    apart_from: Hold | None = None,
    moved: Appointment | None = None,
) -> dict[UUID, list[Minutes]]:
    """When each of them is free, as numbers of minutes (`slots.at`): ten questions in all, and one for rooms, or for a client.

    Of a service for groups, when those begin that have a place left: one question. `only`: whether at this instant. `client`: whose own
    appointments count, too. `apart_from`: one's own hold, `moved`: an appointment that is to leave its time; neither counts.
    """
    offer = wanted.offer(now=now, only=only)
    if offer.earliest >= offer.latest or not practitioners:
        return {person.pk: [] for person in practitioners}
    if wanted.bookable.places:
        groups = groups_with_places(
            wanted.bookable, offer, practitioners, now=now, client=client, apart_from=apart_from
        )
        return starts_of_groups(groups, practitioners)
    within = (offer.earliest - AROUND, offer.latest + AROUND)
    taken = _rooms_taken(wanted.bookable, within, now=now, apart_from=apart_from, moved=moved)
    calendars = calendars_of(
        practitioners, within, now=now, client=client, taken=taken, apart_from=apart_from, moved=moved
    )
    return {key: slots.free_times(calendar, offer) for key, calendar in calendars.items()}


def places_left(wanted: Wanted, practitioners: Sequence[StaffMember], *, now: datetime) -> dict[Minutes, int]:
    """How many places are left in the groups that begin at each instant; nothing for a service that is not for groups. One question."""
    if not wanted.bookable.places:
        return {}
    return places_left_at(groups_with_places(wanted.bookable, wanted.offer(now=now), practitioners, now=now))


def calendars_of(
    practitioners: Sequence[StaffMember],
    within: Within,
    *,
    now: datetime,
    client: Client | None = None,
    taken: Sequence[Busy] = (),
    apart_from: Hold | None = None,
    moved: Appointment | None = None,
) -> dict[UUID, Calendar]:
    """What decides when each of them is free; `taken` is so for all of them, and so is what the client has elsewhere."""
    keys = [person.pk for person in practitioners]
    hours = hours_of_many(practitioners, within[0].date(), within[1].date(), with_busy=False)
    booked = _booked(keys, within, moved=moved)
    held = _held(keys, within, now=now, apart_from=apart_from)
    busy = _busy_elsewhere(keys, within)
    all_taken = [*taken, *(_with_others(client, within, moved=moved) if client else ())]
    return {
        key: Calendar(hours[key], [*booked.get(key, ()), *held.get(key, ())], [*all_taken, *busy.get(key, ())])
        for key in keys
    }


def load_of(practitioners: Iterable[UUID], moment: datetime, zone: Any) -> Counter[UUID]:
    """How many appointments each of them has in the week of this moment."""
    begins, ends = slots.week_of(moment, zone)
    rows = Appointment.objects.filter(practitioner__in=list(practitioners), starts_at__gte=begins, starts_at__lt=ends)
    return Counter(rows.exclude(status=Appointment.Status.CANCELLED).values_list("practitioner_id", flat=True))


def open_holds(*, now: datetime) -> QuerySet[Hold]:
    """Times that are kept for somebody."""
    return Hold.objects.filter(expires_at__gt=now, appointment=None)


def answers_about(appointment: Appointment) -> list[SelfBooking]:
    """Who booked it themselves, and what they answered."""
    return list(SelfBooking.objects.filter(appointment=appointment).select_related("client", "user"))


def _booked(keys: Sequence[UUID], within: Within, *, moved: Appointment | None) -> Mapping[UUID, Sequence[Busy]]:
    """What is booked, in one row for each practitioner: thousands of appointments are read as plain numbers."""
    rows = Appointment.objects.filter(practitioner__in=keys, **_touching(within))
    rows = rows.exclude(status=Appointment.Status.CANCELLED).exclude(pk=moved and moved.pk)
    return _by_practitioner(rows, Coalesce("free_from", "ends_at"))


def _busy_elsewhere(keys: Sequence[UUID], within: Within) -> Mapping[UUID, Sequence[Busy]]:
    """When other calendars of theirs say that they are busy, likewise."""
    return _by_practitioner(BusyTime.objects.filter(practitioner__in=keys, **_touching(within)), F("ends_at"))


def _by_practitioner(rows: QuerySet[Any], until: Any) -> dict[UUID, list[Busy]]:
    grouped = rows.order_by().values("practitioner_id").annotate(
        begins=ArrayAgg(_whole(Floor, F("starts_at")), default=[]),
        ends=ArrayAgg(_whole(Ceil, until), default=[]),
    )  # fmt: skip
    return {row["practitioner_id"]: list(zip(row["begins"], row["ends"], strict=True)) for row in grouped}


def _whole(rounding: Any, moment: Any) -> Cast:
    """An instant as whole minutes since 1970; in UTC, because Django would take it to the zone of whoever reads the page."""
    return Cast(rounding(Extract(moment, "epoch", tzinfo=UTC) / 60), IntegerField())


def _held(
    keys: Sequence[UUID], within: Within, *, now: datetime, apart_from: Hold | None
) -> Mapping[UUID, Sequence[Busy]]:
    found: dict[UUID, list[Busy]] = defaultdict(list)
    rows = _others_holds(within, now=now, apart_from=apart_from).filter(practitioner__in=keys)
    for key, *span in rows.values_list("practitioner_id", "starts_at", "ends_at"):
        found[key].append(_busy(*span))
    return found


def _rooms_taken(
    bookable: BookableService, within: Within, *, now: datetime, apart_from: Hold | None, moved: Appointment | None
) -> list[Busy]:
    """When one of the rooms that it needs is taken, by an appointment or by somebody who is about to book."""
    needed = [resource.pk for resource in bookable.resources.all()]
    if not needed:
        return []
    rows = Reservation.objects.filter(resource__in=needed, is_held=True, **_touching(within))
    reserved = rows.exclude(appointment=moved).values_list("starts_at", Coalesce("free_from", "ends_at"))
    holds = _others_holds(within, now=now, apart_from=apart_from).filter(bookable__resources__in=needed)
    return [_busy(*span) for span in (*reserved, *holds.values_list("starts_at", "ends_at"))]


def _with_others(client: Client, within: Within, *, moved: Appointment | None) -> list[Busy]:
    """When the client is somewhere else."""
    rows = Participant.objects.filter(client=client, is_attending=True, **_touching(within)).exclude(appointment=moved)
    return [_busy(*span) for span in rows.values_list("starts_at", Coalesce("free_from", "ends_at"))]


def _others_holds(within: Within, *, now: datetime, apart_from: Hold | None) -> QuerySet[Hold]:
    """Who holds a place in a group takes no time of anybody's: the group stands in the calendar already."""
    return open_holds(now=now).filter(group=None, **_touching(within)).exclude(pk=apart_from and apart_from.pk)


def _touching(within: Within) -> dict[str, datetime]:
    return {"starts_at__lt": within[1], "ends_at__gt": within[0]}


def _busy(begins: datetime, ends: datetime) -> Busy:
    return slots.number_of(begins), -(-int(ends.timestamp()) // 60)
