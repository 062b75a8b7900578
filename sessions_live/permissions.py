"""Who may be in a live room, and in which role: predicate and door side by side.

Hosts run it: the appointment's practitioner, whoever administers that schedule, and roles that manage all schedules. Guests are the logins
of clients who take part. Nobody else gets as far as the waiting room; agents neither.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from core.kernel.errors import NotFound
from core.people.models import User
from core.people.permissions import staff_with
from core.people.queries import schedule_admins_over
from core.people.roles import Permission
from core.scheduling.models import Appointment
from core.scheduling.permissions import JOIN, can, can_run_schedule, get_appointment
from sessions_live.models import Admission, LiveSettings, Room
from sessions_live.rules.opening import Meeting, Opening, opening


class RoomRole(StrEnum):
    """What somebody may do in a room: run it, or take part."""

    HOST = "host"
    GUEST = "guest"


def room_role_of(user: Any, appointment: Appointment) -> RoomRole | None:
    """The person's role in the appointment's room, or None."""
    if can_run_schedule(user, appointment.practitioner):
        return RoomRole.HOST
    return RoomRole.GUEST if can(user, JOIN, appointment) else None


def opening_of(appointment: Appointment, *, now: datetime) -> Opening:
    """Whether the appointment's room can be entered now."""
    meeting = Meeting(
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        is_online=appointment.mode == Appointment.Mode.ONLINE,
        is_booked=appointment.is_booked,
    )
    return opening(meeting, now=now)


def get_room(user: Any, pk: UUID, *, host: bool = False) -> tuple[Room, RoomRole]:
    """The room and the person's role in it. NotFound for strangers, PermissionDenied for guests where a host is needed."""
    room = Room.objects.select_related("appointment__practitioner__user").filter(pk=pk).first()
    role = room_role_of(user, room.appointment) if room is not None else None
    if room is None or role is None:
        raise NotFound(f"room {pk}")
    if host and role is not RoomRole.HOST:
        raise PermissionDenied("only a host may do this")
    return room, role


def get_room_appointment(user: Any, appointment_id: UUID, *, host: bool = False) -> tuple[Appointment, RoomRole]:
    """The appointment, for somebody with a role in its room. NotFound for strangers, PermissionDenied for those who only see it."""
    appointment = get_appointment(user, appointment_id)
    role = room_role_of(user, appointment)
    if role is None or (host and role is not RoomRole.HOST):
        raise PermissionDenied("no such role in this room")
    return appointment, role


def get_room_as_host(user: Any, appointment_id: UUID) -> Room:
    """The room of the appointment, for a host of it. NotFound also when nobody has opened it yet."""
    appointment, _ = get_room_appointment(user, appointment_id, host=True)
    room = Room.objects.select_related("appointment__practitioner__user").filter(appointment=appointment).first()
    if room is None:
        raise NotFound(f"room of {appointment_id}")
    return room


def get_guest_admission(user: Any, appointment_id: UUID, pk: UUID) -> Admission:
    """One guest's admission to the appointment's room, for a host of it."""
    room = get_room_as_host(user, appointment_id)
    admission = room.admissions.select_related("user").filter(pk=pk, is_host=False).first()
    if admission is None:
        raise NotFound(f"admission {pk}")
    admission.room = room  # with what is known of it already
    return admission


def hosts_to_notify(room: Room) -> list[UUID]:
    """The logins that hear the doorbell: the practitioner, who administers that schedule, and the front desk if the organization wants it to."""
    practitioner = room.appointment.practitioner
    holders = schedule_admins_over(practitioner).values_list("pk", flat=True)
    return list(dict.fromkeys([practitioner.user_id, *holders, *_front_desk()]))


def hears_every_doorbell(user: User) -> bool:
    """Whether the bell of every room is this person's too: their role manages all schedules, and the organization has said so."""
    return user.may(Permission.MANAGE_ALL_SCHEDULES) and LiveSettings.current().front_desk_hears


def _front_desk() -> list[UUID]:
    """`hears_every_doorbell`, turned round."""
    if not LiveSettings.current().front_desk_hears:
        return []
    front_desk = staff_with(Permission.MANAGE_ALL_SCHEDULES).filter(user__is_active=True)
    return list(front_desk.values_list("user_id", flat=True))
