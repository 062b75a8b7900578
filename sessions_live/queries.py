"""Questions about live rooms."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.people.models import User
from core.people.permissions import is_active_staff
from core.people.queries import schedules_granted_to
from core.scheduling.models import Appointment, SchedulingSettings
from core.scheduling.permissions import schedules_run_by
from core.scheduling.queries import most_in_a_group
from sessions_live.models import Admission, ChatMessage, Room
from sessions_live.permissions import ROOMS, hears_every_doorbell
from sessions_live.rules.capacity import Capacity, peers


def waiting_for(user: User) -> QuerySet[Admission]:
    """Who waits to be let into the rooms that this person hosts, the longest first."""
    schedules = schedules_run_by(user)
    own = [user.staff.pk] if is_active_staff(user) and user.staff else []
    booked = Q(room__appointment__practitioner__in=schedules, room__appointment__status=Appointment.Status.BOOKED)
    by_link = Q(room__link__staff__in=schedules) | Q(room__link__staff__in=own)
    return (
        Admission.objects.filter(booked | by_link, state=Admission.State.WAITING)
        .select_related("room__appointment__practitioner__user", "room__link__staff__user", "guest")
        .order_by("asked_at")
    )


def doorbells_of(user: User) -> QuerySet[Admission]:
    """Those among them of whom this person is told (`hosts_to_notify`, turned round): in their own rooms, in those they administer, or in all."""
    if hears_every_doorbell(user):
        return waiting_for(user)
    granted = schedules_granted_to(user).order_by().values("pk")
    return waiting_for(user).filter(
        Q(room__appointment__practitioner__user=user)
        | Q(room__appointment__practitioner__in=granted)
        | Q(room__link__staff__user=user)
        | Q(room__link__staff__in=granted)
    )


def waiting_in(room: Room) -> list[Admission]:
    """Who waits to be let into this room, in the order they came."""
    return list(room.admissions.select_related("guest").filter(state=Admission.State.WAITING))


def present_in(room: Room) -> list[Admission]:
    """Who has been let in and has not left."""
    return list(room.admissions.filter(state=Admission.State.ADMITTED))


def not_come(*, now: datetime) -> QuerySet[Appointment]:
    """What has begun as long ago as the no-show clock says and is not over, of which no guest has come to the room (online)."""
    minutes = SchedulingSettings.current().no_show_minutes
    guests = Admission.objects.filter(room__appointment=OuterRef("pk"), is_host=False)
    begun = Appointment.objects.filter(status=Appointment.Status.BOOKED, ends_at__gt=now)
    return begun.filter(~Exists(guests), starts_at__lte=now - timedelta(minutes=minutes), mode=Appointment.Mode.ONLINE)


def is_in_session() -> Any:
    """Of an appointment, in the same question: whether somebody who hosts and a guest are together in its room."""
    inside = Admission.objects.filter(room__appointment=OuterRef("pk"), state=Admission.State.ADMITTED).order_by()
    return Exists(inside.filter(is_host=True)) & Exists(inside.filter(is_host=False))


def capacity_of(room: Room) -> Capacity:
    """Who is in, counted, and how many guests may be."""
    hosts = list(room.admissions.filter(state=Admission.State.ADMITTED).values_list("is_host", flat=True))
    return Capacity(guests=hosts.count(False), hosts=hosts.count(True), most=most_in_a_group())


def room_by_id(room_id: UUID) -> Room:
    """The room, for what the product itself does in it; people come in by `permissions.get_room`."""
    return ROOMS.get(pk=room_id)


def most_peers() -> int:
    """How many people a room on the media server must take."""
    return peers(most_in_a_group())


def session_messages(room: Room, reader: Admission, *, most: int = 200) -> list[ChatMessage]:
    """The latest messages of the session itself, oldest first, as somebody who is in reads them.

    Of a personal room, only of the session that is on. Whoever came by a link reads what was written since they were let in: the guest before
    them may have been somebody else.
    """
    messages = room.messages.select_related("sending_guest").filter(waiting_person=None, waiting_guest=None)
    if room.link_id is not None:
        messages = messages.filter(at__gte=room.started_at) if room.started_at else messages.none()
    if not reader.is_host and (room.link_id is not None or reader.guest_id is not None):
        messages = messages.filter(at__gte=reader.decided_at) if reader.decided_at else messages.none()
    return list(messages.order_by("-at")[:most])[::-1]


def waiting_room_messages(room: Room, *people: Any, most: int = 100) -> list[ChatMessage]:
    """The latest messages between the hosts and these people (their ids) while they waited, oldest first."""
    messages = room.messages.select_related("sending_guest")
    theirs = messages.filter(Q(waiting_person_id__in=people) | Q(waiting_guest_id__in=people))
    return list(theirs.order_by("-at")[:most])[::-1]
