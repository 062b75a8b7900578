"""Groups that people join themselves: what stands in the calendar with fewer people than it has places."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.booking.models import BookableService, BookingSettings, Hold, SelfBooking
from core.booking.rules import slots
from core.booking.rules.slots import Minutes, Offer
from core.people.models import Client, StaffMember
from core.scheduling.models import Appointment, Participant
from core.scheduling.queries import most_in_a_group


def groups_with_places(
    bookable: BookableService,
    offer: Offer,
    practitioners: Sequence[StaffMember],
    *,
    now: datetime,
    client: Client | None = None,
    apart_from: Hold | None = None,
) -> QuerySet[Appointment, dict[str, Any]]:
    """The groups that begin within the offer, each with its practitioner, its start and its `places_left`; none that the client is in.

    A place that somebody holds counts as taken, `apart_from` one's own. No group takes more than the plan has. One question.
    """
    held = Q(held_places__expires_at__gt=now, held_places__appointment=None)
    if apart_from is not None:
        held &= ~Q(held_places__pk=apart_from.pk)
    found = groups_of(bookable).filter(
        practitioner__in=practitioners, mode=offer.mode, starts_at__gte=offer.earliest, starts_at__lt=offer.latest
    )
    if client is not None:
        found = found.exclude(participants__in=client.participations.filter(is_attending=True))
    attending = Count("participants", filter=Q(participants__is_attending=True), distinct=True)
    most = min(bookable.places or 0, most_in_a_group())
    left = most - attending - Count("held_places", filter=held, distinct=True)
    rows = found.annotate(places_left=left).filter(places_left__gt=0).order_by("starts_at", "pk")
    return rows.values("practitioner_id", "starts_at", "places_left")


def starts_of_groups(
    found: QuerySet[Appointment, dict[str, Any]], practitioners: Sequence[StaffMember]
) -> dict[UUID, list[Minutes]]:
    """When the groups of each of them begin, in order."""
    starts: dict[UUID, list[Minutes]] = {person.pk: [] for person in practitioners}
    for row in found:
        starts[row["practitioner_id"]].append(slots.number_of(row["starts_at"]))
    return starts


def places_left_at(found: QuerySet[Appointment, dict[str, Any]]) -> dict[Minutes, int]:
    """How many places are left at each instant, in all groups that begin then."""
    left: dict[Minutes, int] = {}
    for row in found:
        number = slots.number_of(row["starts_at"])
        left[number] = left.get(number, 0) + row["places_left"]
    return left


def group_at(bookable: BookableService, practitioner: StaffMember, starts_at: datetime) -> Appointment | None:
    """The group of this service that begins at this instant: at most one, because nobody runs two appointments at once."""
    return groups_of(bookable).filter(practitioner=practitioner, starts_at=starts_at).first()


def joinable_from(bookable: BookableService, *, now: datetime) -> int:
    """How many appointments of the service are ahead in which people can take a place, however many are left."""
    return groups_of(bookable).filter(starts_at__gt=now).count() if bookable.places else 0


def places_of(appointment: Appointment, *, now: datetime) -> int | None:
    """How many places it has for those who book themselves; None where nobody can any more, or books free hours, or nothing."""
    if appointment.service_id is None or not appointment.is_booked or appointment.starts_at <= now:
        return None
    if not BookingSettings.current().is_open:
        return None
    found = BookableService.objects.filter(service_id=appointment.service_id, places__isnull=False)
    places = found.values_list("places", flat=True).first()
    return places and min(places, most_in_a_group())


def places_in(group: Appointment) -> int:
    """How many people can be in it by themselves; 0 for what nobody joins."""
    if not group.is_open_group:
        return 0
    places = BookableService.objects.filter(service_id=group.service_id).values_list("places", flat=True).first()
    return min(places or 0, most_in_a_group())


def places_left_in(group: Appointment, *, now: datetime, apart_from: Hold | None = None) -> int:
    """How many of them are left before it begins. A place that somebody holds counts as taken, `apart_from` one."""
    if not group.is_booked or group.starts_at <= now:
        return 0
    taken = Participant.objects.filter(appointment=group, is_attending=True).count()
    held = Hold.objects.filter(group=group, expires_at__gt=now, appointment=None).exclude(
        pk=apart_from and apart_from.pk
    )
    return max(0, places_in(group) - taken - held.count())


def groups_ahead(service_id: UUID, *, now: datetime) -> QuerySet[Appointment]:
    """The groups of a service that have a place left, each with its `places_left`, the next first. One question, and one for the plan."""
    places = BookableService.objects.filter(service_id=service_id).values_list("places", flat=True).first()
    attending = Count("participants", filter=Q(participants__is_attending=True), distinct=True)
    is_held = Q(held_places__expires_at__gt=now, held_places__appointment=None)
    left = min(places or 0, most_in_a_group()) - attending - Count("held_places", filter=is_held, distinct=True)
    found = Appointment.objects.filter(
        service_id=service_id, is_open_group=True, status=Appointment.Status.BOOKED, starts_at__gt=now
    )
    return found.annotate(places_left=left).filter(places_left__gt=0).order_by("starts_at", "pk")


def services_for_groups() -> "QuerySet[BookableService, UUID]":
    """The services whose times are fixed, with places that people take: nobody has a free hour of them to themselves."""
    return BookableService.objects.exclude(places=None).values_list("service_id", flat=True)


def groups_of(bookable: BookableService) -> QuerySet[Appointment]:
    """Those of this service that stand in the calendar. What somebody booked for themselves before it had places stays theirs alone."""
    own_hours = SelfBooking.objects.filter(appointment=OuterRef("pk"), user=OuterRef("booked_by"))
    found = Appointment.objects.filter(service_id=bookable.service_id, status=Appointment.Status.BOOKED)
    return found.exclude(Exists(own_hours))
