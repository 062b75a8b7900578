"""The database side of a room's socket: who this is by now, and the acts. Everything is looked up afresh, nothing remembered from connecting."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session

from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from core.people.models import User
from sessions_live import actions, broadcasts
from sessions_live.consumers.reading import Reader
from sessions_live.models import Admission, Room
from sessions_live.permissions import RoomRole, get_room
from sessions_live.queries import door_messages, session_messages
from tenants import hosts

PEOPLE_DIRECT = 2  # as many talk peer to peer; more need the media server


class SignedOut(Exception):
    """The login has been switched off or signed out, or the organization's doors are closed."""


@dataclass(frozen=True)
class Visitor:
    """One page, and the login it was opened with."""

    host: str
    user_id: Any
    session_generation: int

    def person(self) -> User:
        """The login as it is now; SignedOut when it may not be here any more."""
        organization = hosts.find_organization(self.host)
        user = User.objects.filter(pk=self.user_id, is_active=True).first()
        if organization is None or not organization.is_open or user is None:
            raise SignedOut
        if user.session_generation != self.session_generation:
            raise SignedOut
        return user


@dataclass(frozen=True)
class Caller(Visitor):
    """One page of a room."""

    room_id: UUID
    session_key: str

    def seat(self, *, host: bool = False) -> tuple[User, Room, RoomRole]:
        """Person, room and seat; NotFound, PermissionDenied or SignedOut where there is none any more."""
        user = self.person()
        room, seat = get_room(user, self.room_id, host=host)
        return user, room, seat

    def still_open(self) -> None:
        """Raise when this page may not stay: SignedOut, NotFound, or DomainError because the room has closed."""
        _, room, _ = self.seat()
        if not Session.objects.filter(session_key=self.session_key, expire_date__gt=clock.now()).exists():
            raise SignedOut  # because this device was signed out, by itself or from another one
        actions.check_open(room.appointment, now=clock.now())

    def ask(self, connection: str) -> tuple[Admission, Room]:
        """Come to the door, or take one's seat again."""
        user, room, _ = self.seat()
        return actions.ask_admission(room, by=user, now=clock.now(), connection=connection), room

    def welcome(self, admission: Admission, room: Room) -> dict[str, Any]:
        """What a page needs to draw itself after `hello`."""
        written = door_messages(room, admission.user_id)
        if admission.state == Admission.State.ADMITTED:
            written = sorted([*session_messages(room), *written], key=lambda message: message.at)
        hosts = set(room.admissions.filter(is_host=True).values_list("user_id", flat=True))
        facts = [broadcasts.message_facts(one, from_host=one.sender_id in hosts) for one in written]
        reader = self.reader(admission, room)
        return {
            "type": "welcome",
            "peer": str(admission.pk),
            "name": admission.name,
            "host": admission.is_host,
            "state": str(admission.state),
            "messages": [reader.message(one) for one in facts],
        }

    def reader(self, admission: Admission, room: Room) -> Reader:
        """How this page reads names; decided when it comes in, because a booking does not gain clients afterwards."""
        return Reader(self.user_id, str(admission.pk), is_host=admission.is_host, is_group=room.appointment.is_group)

    def lists(self) -> dict[str, Any]:
        """Who is in and who waits."""
        return broadcasts.participants_of(Room.objects.get(pk=self.room_id))

    def call_place(self, admission_id: Any) -> tuple[Admission, Room]:
        """The admission as it stands, and the room with the engine decided: the third person moves the call to the server."""
        _, room, _ = self.seat()
        actions.check_open(room.appointment, now=clock.now())
        admission = Admission.objects.get(pk=admission_id)
        present = room.admissions.filter(state=Admission.State.ADMITTED).count()
        if present > PEOPLE_DIRECT and not room.uses_server:
            room = actions.move_to_server(room)
        return admission, room

    def admit(self, admission: str) -> None:
        user, room, _ = self.seat(host=True)
        actions.admit(room, identifier(admission), by=user, now=clock.now())

    def admit_all(self) -> None:
        """Everybody who waits, as far as there is room. DomainError `room_full` when somebody still waits."""
        user, room, _ = self.seat(host=True)
        if actions.admit_all(room, by=user, now=clock.now()):
            raise actions.full(room)  # here, because what was decided stands

    def deny(self, admission: str) -> None:
        user, room, _ = self.seat(host=True)
        actions.deny(room, identifier(admission), by=user, now=clock.now())

    def end(self) -> None:
        user, room, _ = self.seat(host=True)
        actions.end_session(room, by=user, now=clock.now())

    def leave(self, admission: Admission, connection: str | None = None) -> bool:
        return actions.leave(admission, now=clock.now(), connection=connection)

    def write(self, text: str, own: Admission, to: str | None) -> None:
        """Into the session; or at the door, where a guest waits or a host names the waiting person."""
        user, room, role = self.seat(host=to is not None)
        own = Admission.objects.get(pk=own.pk)
        if own.state not in actions.OPEN_STATES:
            raise DomainError("not_admitted", translate("You are not in this session."))
        waiting = None
        if role is RoomRole.HOST and to is not None:
            waiting = waiting_person(room, to)
        elif own.state == Admission.State.WAITING:
            waiting = user
        actions.post_message(room, text, by=user, waiting_person=waiting, now=clock.now())


def waiting_person(room: Room, admission: str) -> User:
    """The login behind a waiting admission."""
    found = Admission.objects.select_related("user").filter(
        pk=identifier(admission), room=room, state=Admission.State.WAITING
    )
    if (one := found.first()) is None:
        raise DomainError("not_waiting", translate("This person is not waiting any more."))
    return one.user


def identifier(text: str) -> UUID:
    """NotFound-free reading of an id: what is none names nobody."""
    try:
        return UUID(text)
    except ValueError:
        raise DomainError("not_waiting", translate("This person is not waiting any more.")) from None


__all__ = ["Caller", "NotFound", "SignedOut", "waiting_person"]
