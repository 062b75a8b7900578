"""Questions about live rooms."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from core.people.models import User
from core.people.queries import schedules_granted_to
from core.scheduling.models import Appointment
from core.scheduling.permissions import schedules_run_by
from core.scheduling.queries import most_in_a_group
from sessions_live.models import Admission, ChatMessage, Room
from sessions_live.permissions import hears_every_doorbell
from sessions_live.rules.capacity import Capacity, peers


def waiting_for(user: User) -> QuerySet[Admission]:
    """Who waits to be let into the rooms that this person hosts, the longest first."""
    return (
        Admission.objects.filter(
            state=Admission.State.WAITING,
            room__appointment__practitioner__in=schedules_run_by(user),
            room__appointment__status=Appointment.Status.BOOKED,
        )
        .select_related("room__appointment")
        .order_by("asked_at")
    )


def doorbells_of(user: User) -> QuerySet[Admission]:
    """Those among them of whom this person is told (`hosts_to_notify`, turned round): in their own rooms, in those they administer, or in all."""
    if hears_every_doorbell(user):
        return waiting_for(user)
    granted = schedules_granted_to(user).order_by().values("pk")
    return waiting_for(user).filter(
        Q(room__appointment__practitioner__user=user) | Q(room__appointment__practitioner__in=granted)
    )


def waiting_in(room: Room) -> list[Admission]:
    """Who waits to be let into this room, in the order they came."""
    return list(room.admissions.filter(state=Admission.State.WAITING))


def present_in(room: Room) -> list[Admission]:
    """Who has been let in and has not left."""
    return list(room.admissions.filter(state=Admission.State.ADMITTED))


def capacity_of(room: Room) -> Capacity:
    """Who is in, counted, and how many guests may be."""
    hosts = list(room.admissions.filter(state=Admission.State.ADMITTED).values_list("is_host", flat=True))
    return Capacity(guests=hosts.count(False), hosts=hosts.count(True), most=most_in_a_group())


def room_by_id(room_id: UUID) -> Room:
    """The room, for what the product itself does in it; people come in by `permissions.get_room`."""
    return Room.objects.select_related("appointment__practitioner__user").get(pk=room_id)


def most_peers() -> int:
    """How many people a room on the media server must take."""
    return peers(most_in_a_group())


def session_messages(room: Room, *, most: int = 200) -> list[ChatMessage]:
    """The latest messages of the session itself, oldest first."""
    return list(room.messages.filter(waiting_person=None).order_by("-at")[:most])[::-1]


def waiting_room_messages(room: Room, person_id: UUID | Any, *, most: int = 100) -> list[ChatMessage]:
    """The latest messages between the hosts and one waiting person, oldest first."""
    return list(room.messages.filter(waiting_person_id=person_id).order_by("-at")[:most])[::-1]
