"""The database side of a room's socket: who this is by now, and what they do. Everything is looked up afresh, nothing remembered from connecting."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.models import User
from sessions_live import actions, broadcasts
from sessions_live.actions import seats
from sessions_live.consumers.presenter import RoomPresenter
from sessions_live.models import Admission, LinkGuest, LiveSettings, Person, Room, held_by
from sessions_live.permissions import RoomRole, get_room
from sessions_live.personal_links.actions import block_guest
from sessions_live.personal_links.sessions import guest_ids
from sessions_live.queries import session_messages, waiting_room_messages
from tenants import hosts

PEOPLE_DIRECT = 2  # as many talk peer to peer; more need the media server


class SignedOut(Exception):
    """The login has been switched off or signed out, or the organization is closed."""


@dataclass(frozen=True)
class LoginAccess:
    """The login with which one page was opened."""

    host: str
    user_id: Any
    session_key: str

    def get_user(self) -> User:
        """The login as it is now; SignedOut when it may not be here any more."""
        organization = hosts.find_organization(self.host)
        user = User.objects.filter(pk=self.user_id, is_active=True).first()
        if organization is None or not organization.is_open or user is None or not self._signs_in(user):
            raise SignedOut
        return user

    def _signs_in(self, user: User) -> bool:
        """Whether the page's cookie still does: not signed out here or from elsewhere, not run out, not ended by a new password."""
        session = Session.objects.filter(session_key=self.session_key, expire_date__gt=clock.now()).first()
        if session is None:
            return False
        return constant_time_compare(session.get_decoded().get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


@dataclass(frozen=True)
class RoomAccess(LoginAccess):
    """What one page of a room may do in it, and does."""

    room_id: UUID

    def get_person(self) -> Person:
        """Whose page it is; SignedOut when they may not be here any more."""
        return self.get_user()

    def get_room(self, *, host: bool = False) -> tuple[Person, Room, RoomRole]:
        """Person, room and role; NotFound, PermissionDenied or SignedOut where there is none any more."""
        person = self.get_person()
        room, role = get_room(person, self.room_id, host=host)
        return person, room, role

    def get_room_as_host(self) -> tuple[User, Room]:
        """The same for a host, who has a login always."""
        person, room, _ = self.get_room(host=True)
        assert not isinstance(person, LinkGuest)
        return person, room

    def check(self) -> None:
        """Raise when this page may not stay: SignedOut, NotFound, or DomainError because the room has closed."""
        _, room, _ = self.get_room()
        actions.check_open(room, now=clock.now())

    def ask_admission(self, connection: str) -> tuple[Admission, Room]:
        """Ask to come in, or take over one's admission from another page."""
        user, room, _ = self.get_room()
        return actions.ask_admission(room, by=user, now=clock.now(), connection=connection), room

    def welcome(self, admission: Admission, room: Room) -> dict[str, Any]:
        """What a page needs to draw itself after `hello`."""
        return {
            "type": "welcome",
            "peer": str(admission.pk),
            "name": admission.name,
            "host": admission.is_host,
            "state": str(admission.state),
            "ends_at": room.ends_at.isoformat() if room.ends_at else "",
            "work_area_hidden": room.work_area_hidden,
            "messages": self.messages(admission, room),
        }

    def messages(self, admission: Admission, room: Room) -> list[dict[str, Any]]:
        """What this page may read by now: a host also what was written with whoever is here, while they waited."""
        people = [admission.person_id]
        if admission.is_host:
            open_ones = room.admissions.filter(state__in=Admission.OPEN_STATES)
            people = [one for pair in open_ones.values_list("user_id", "guest_id") for one in pair if one is not None]
        messages = waiting_room_messages(room, *people)
        if admission.state == Admission.State.ADMITTED:
            messages = sorted([*session_messages(room, admission), *messages], key=lambda message: message.at)
        hosts = set(room.admissions.filter(is_host=True).values_list("user_id", flat=True))
        presenter = self.presenter(admission, room)
        return [presenter.message(broadcasts.message_facts(one, from_host=one.sender_id in hosts)) for one in messages]

    def messages_now(self, admission: Admission) -> list[dict[str, Any]]:
        """The same for somebody who has just been let in."""
        _, room, _ = self.get_room()
        return self.messages(admission, room)

    def presenter(self, admission: Admission, room: Room) -> RoomPresenter:
        """How this page reads names; decided when it comes in, because a booking does not gain clients afterwards."""
        return RoomPresenter(
            self.user_id,
            str(admission.pk),
            is_host=admission.is_host,
            is_group=room.is_group,
            to_guest=LiveSettings.current().names_for_guests if admission.guest_id else "",
        )

    def participants(self) -> dict[str, Any]:
        """Who is in and who waits."""
        _, room, _ = self.get_room()
        return broadcasts.participants_of(room)

    def room_to_join(self, admission_id: Any) -> tuple[Admission, Room]:
        """The admission as it stands, and the room with the engine decided: the third person moves the call to the server."""
        person, room, _ = self.get_room()
        actions.check_open(room, now=clock.now())
        admission = room.admissions.get(pk=admission_id, **held_by(person))
        present = room.admissions.filter(state=Admission.State.ADMITTED).count()
        if present > PEOPLE_DIRECT and not room.uses_server:
            room = actions.move_to_server(room)
        return admission, room

    def admit(self, admission: str) -> None:
        user, room = self.get_room_as_host()
        actions.admit(room, identifier(admission), by=user, now=clock.now())

    def admit_all(self) -> None:
        """Everybody who waits, as far as there is room. DomainError `room_full` when somebody still waits."""
        user, room = self.get_room_as_host()
        if actions.admit_all(room, by=user, now=clock.now()):
            raise actions.room_full(room)  # here, because what was decided stands

    def deny(self, admission: str) -> None:
        user, room = self.get_room_as_host()
        actions.deny(room, identifier(admission), by=user, now=clock.now())

    def block(self, admission: str) -> None:
        user, room = self.get_room_as_host()
        asked = room.admissions.select_related("guest").filter(pk=identifier(admission)).first()
        if asked is None or asked.guest is None:
            raise DomainError("not_by_link", translate("Only a guest by link can be blocked."))
        block_guest(asked.guest, by=user, now=clock.now())

    def end_session(self) -> None:
        user, room = self.get_room_as_host()
        actions.end_session(room, by=user, now=clock.now())

    def renew_seat(self, admission: Admission, connection: str) -> Admission.State:
        """The page is still there; returns how its admission stands."""
        return seats.renew(admission, connection=connection, now=clock.now())

    def leave(self, admission: Admission, connection: str | None = None) -> bool:
        return actions.leave(admission, now=clock.now(), connection=connection)

    def post_message(self, text: str, own: Admission, to: str | None) -> None:
        """Into the session; or in the waiting room, where a guest waits or a host names the waiting person."""
        user, room, role = self.get_room(host=to is not None)
        own = room.admissions.get(pk=own.pk, **held_by(user))
        if own.state not in Admission.OPEN_STATES:
            raise DomainError("not_admitted", translate("You are not in this %(session)s."))
        waiting = None
        if role is RoomRole.HOST and to is not None:
            waiting = waiting_person(room, to)
        elif own.state == Admission.State.WAITING:
            waiting = user
        actions.post_message(room, text, by=user, waiting_person=waiting, now=clock.now())

    def private_message(self, text: str, own: Admission, to: str) -> actions.PrivateMessage:
        """From this person to one other who is in."""
        person, room, _ = self.get_room()
        actions.check_open(room, now=clock.now())
        own = room.admissions.select_related("guest").get(pk=own.pk, **held_by(person))
        return actions.private_message(room, text, by=own, to=identifier(to), now=clock.now())


@dataclass(frozen=True)
class GuestAccess(RoomAccess):
    """The same for the page of a guest by link: what stands in the session of their browser tells who they are. `user_id` is the guest's."""

    def get_person(self) -> LinkGuest:
        """The guest as they are now; SignedOut when their browser names them no more, or the organization is closed."""
        organization = hosts.find_organization(self.host)
        session = Session.objects.filter(session_key=self.session_key, expire_date__gt=clock.now()).first()
        guest = LinkGuest.objects.filter(pk=self.user_id).first()
        if organization is None or not organization.is_open or session is None or guest is None:
            raise SignedOut
        if guest.pk not in guest_ids(session.get_decoded()):
            raise SignedOut
        return guest


def waiting_person(room: Room, admission: str) -> Person:
    """Who is behind a waiting admission."""
    found = Admission.objects.select_related("user", "guest").filter(
        pk=identifier(admission), room=room, state=Admission.State.WAITING
    )
    if (one := found.first()) is None:
        raise DomainError("not_waiting", translate("This person is not waiting any more."))
    return one.person


def identifier(text: str) -> UUID:
    """The id of an admission; what is none names nobody: DomainError `not_waiting`."""
    try:
        return UUID(text)
    except ValueError:
        raise DomainError("not_waiting", translate("This person is not waiting any more.")) from None
