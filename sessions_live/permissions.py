"""Who may be in a live room, and in which role: predicate and door side by side.

Hosts run it: the appointment's practitioner, whoever administers that schedule, and roles that manage all schedules. Guests are the logins
of clients who take part. Nobody else gets as far as the waiting room; agents neither.

A personal room is run by whose link it is and by whoever administers their schedule; guests are those who came by the link as it is today
(`personal_links.permissions`). Into an appointment's room a guest by link comes only when a host of both has let them in.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from core.kernel.errors import NotFound
from core.people.models import User
from core.people.permissions import is_active_staff, staff_with
from core.people.queries import schedule_admins_over
from core.people.roles import Permission
from core.scheduling.models import Appointment
from core.scheduling.permissions import JOIN, Viewpoint, can, can_run_schedule, get_appointment
from sessions_live.models import Admission, LinkGuest, LiveSettings, Person, PersonalLink, Room, held_by
from sessions_live.personal_links.permissions import came_by, is_good_for
from sessions_live.rules.opening import Meeting, Opening, opening


class RoomRole(StrEnum):
    """What somebody may do in a room: run it, or take part."""

    HOST = "host"
    GUEST = "guest"


def room_role_of(user: Any, appointment: Appointment, *, view: Viewpoint | None = None) -> RoomRole | None:
    """The person's role in the appointment's room, or None. `view`: theirs, where a list has it already."""
    if can_run_schedule(user, appointment.practitioner):
        return RoomRole.HOST
    return RoomRole.GUEST if can(user, JOIN, appointment, view=view) else None


def role_in(person: Person | Any, room: Room) -> RoomRole | None:
    """The person's role in any room, or None."""
    if isinstance(person, LinkGuest):
        return RoomRole.GUEST if is_good_for(person, room) else None
    if room.appointment is not None:
        return room_role_of(person, room.appointment)
    if can_host(person, room.link):  # type: ignore[arg-type]
        return RoomRole.HOST
    return RoomRole.GUEST if came_by(room.link, person) else None  # type: ignore[arg-type]


def can_host(user: Any, link: PersonalLink) -> bool:
    """Whether this person runs the personal room: it is their own, or they look after its owner's schedule."""
    if not is_active_staff(user) or not link.staff.is_active:
        return False
    return user.staff.pk == link.staff_id or can_run_schedule(user, link.staff)


def is_closed_for_good(room: Room, *, now: datetime) -> str:
    """Why nobody may be in the room any more, as a code of `opening` or `no_link`; empty as long as somebody may."""
    if room.appointment is not None:
        code = opening_of(room.appointment, now=now).code
        return code if code in ("too_late", "not_booked", "not_online") else ""
    link: PersonalLink = room.link  # type: ignore[assignment]
    return "" if link.staff.is_active and LiveSettings.current().links_allowed else "no_link"


def opening_of(appointment: Appointment, *, now: datetime) -> Opening:
    """Whether the appointment's room can be entered now."""
    meeting = Meeting(
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        is_online=appointment.mode == Appointment.Mode.ONLINE,
        is_booked=appointment.is_booked,
    )
    return opening(meeting, now=now)


ROOMS = Room.objects.select_related("appointment__practitioner__user", "link__staff__user")


def get_room(person: Person | Any, pk: UUID, *, host: bool = False) -> tuple[Room, RoomRole]:
    """The room and the person's role in it. NotFound for strangers, PermissionDenied for guests where a host is needed."""
    room = ROOMS.filter(pk=pk).first()
    role = role_in(person, room) if room is not None else None
    if room is None or role is None:
        raise NotFound(f"room {pk}")
    if host and role is not RoomRole.HOST:
        raise PermissionDenied("only a host may do this")
    return room, role


def get_admitted(person: Person | Any, pk: UUID) -> tuple[Room, Admission]:
    """The room and the person's admission to it, for somebody who has been let in and has not left. NotFound for everybody else."""
    room, _ = get_room(person, pk)
    admission = room.admissions.filter(**held_by(person), state=Admission.State.ADMITTED).first()
    if admission is None:
        raise NotFound(f"nobody in room {pk}")
    return room, admission


def get_room_appointment(user: Any, appointment_id: UUID, *, host: bool = False) -> tuple[Appointment, RoomRole]:
    """The appointment, for somebody with a role in its room. NotFound for strangers, PermissionDenied for those who only see it."""
    appointment = get_appointment(user, appointment_id)
    role = room_role_of(user, appointment)
    if role is None or (host and role is not RoomRole.HOST):
        raise PermissionDenied("no such role in this room")
    return appointment, role


def get_hosted_link(user: Any, pk: UUID) -> PersonalLink:
    """The personal link, for a host of its room. NotFound for everybody else, and where there are no personal links."""
    link = PersonalLink.objects.select_related("staff__user").filter(pk=pk).first()
    if link is None or not LiveSettings.current().links_allowed or not can_host(user, link):
        raise NotFound(f"personal link {pk}")
    return link


def get_room_as_host(user: Any, pk: UUID) -> Room:
    """The room of this appointment or personal link, for a host of it. NotFound also when nobody has opened it yet."""
    room = ROOMS.filter(Q(appointment_id=pk) | Q(link_id=pk)).first()
    if room is not None and room.link_id is not None:
        get_hosted_link(user, pk)
    else:
        get_room_appointment(user, pk, host=True)
    if room is None:
        raise NotFound(f"room of {pk}")
    return room


def get_guest_admission(user: Any, address_id: UUID, pk: UUID) -> Admission:
    """One guest's admission to the room, for a host of it."""
    room = get_room_as_host(user, address_id)
    admission = room.admissions.select_related("user", "guest").filter(pk=pk, is_host=False).first()
    if admission is None:
        raise NotFound(f"admission {pk}")
    admission.room = room  # with what is known of it already
    return admission


def hosts_to_notify(room: Room) -> list[UUID]:
    """The logins that hear the doorbell: the practitioner, who administers that schedule, and the front desk if the organization wants it to."""
    practitioner = room.practitioner
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
