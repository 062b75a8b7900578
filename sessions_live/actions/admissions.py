"""Who is let into a live room: somebody asks, a host decides, somebody leaves."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import gettext_noop, translate
from core.people.models import User
from sessions_live import broadcasts, notifications
from sessions_live.actions import seats
from sessions_live.actions.rooms import check_open, clear_for_next, end_without_host, start_session
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Admission, LinkGuest, Person, Room, held_by
from sessions_live.permissions import RoomRole, role_in
from sessions_live.personal_links.knocking import check_knock
from sessions_live.queries import capacity_of
from sessions_live.rules.capacity import HOSTS, Capacity

QUIET_FOR = timedelta(seconds=30)  # who comes back to the waiting room within it is shown again, without another sound
FULL = gettext_noop(
    "The %(session)s is full: it has places for %(guests)s guests and %(hosts)s hosts. Somebody has to leave first."
)


@transaction.atomic
def ask_admission(room: Room, *, by: Person, now: datetime, connection: str = "") -> Admission:
    """Come to the waiting room. A host is in at once and the guests are told that it begins; a guest waits, and the hosts hear of it.

    Coming back within an open admission returns that one: whoever was let in does not wait twice. `connection` names the page that holds
    the admission from now on; the one that held it before hears that it has lost it.
    """
    role = role_in(by, room)
    if role is None:
        raise DomainError("not_a_participant", translate("You do not take part in this %(session)s."))
    check_open(room, now=now)
    seats.sweep(room, now=now)
    if room.link is not None and role is RoomRole.GUEST and not _is_here(room, by):
        check_knock(room, by, now=now)
    admission, is_new = _find_or_create(room, role, by, connection, now)
    seats.promise_to_watch(room, now=now)
    if is_new:
        if admission.is_host and _counted_capacity(room).is_beyond_hosts:
            raise room_full(room)
        audit.record(LiveAudit.ADMISSION_GIVEN if admission.is_host else LiveAudit.ADMISSION_ASKED, by=by, subject=room)
        if admission.is_host:
            start_session(room, by=by, now=now)  # type: ignore[arg-type]
            broadcasts.hosts_moved([by.pk], apart_from=room)
        else:
            notifications.tell_hosts_of_waiting(room, admission, quiet=room.is_locked or _came_before(room, by, now))
    broadcasts.people_changed(room)
    return admission


@transaction.atomic
def admit(room: Room, admission_id: Any, *, by: User, now: datetime) -> Admission:
    """Let a waiting person in. Errors: `room_locked`; `room_full` when there is no capacity for one more guest."""
    seats.sweep(room, now=now)
    _check_place(room)
    return _decide(room, admission_id, Admission.State.ADMITTED, by=by, now=now)


@transaction.atomic
def admit_all(room: Room, *, by: User, now: datetime) -> int:
    """Let in everybody who waits, in the order they came, as far as there is capacity. Returns how many still wait."""
    check_open(room, now=now)
    seats.sweep(room, now=now)
    free = _capacity_of_unlocked(room).free
    waiting = list(room.admissions.select_for_update().filter(state=Admission.State.WAITING, is_host=False))
    for admission in waiting[:free]:
        _decide_one(room, admission, Admission.State.ADMITTED, by=by, now=now)
    broadcasts.people_changed(room)
    return len(waiting[free:])


def room_full(room: Room) -> DomainError:
    """Why nobody else can be let in, for a host."""
    return DomainError("room_full", translate(FULL, guests=capacity_of(room).most, hosts=HOSTS))


@transaction.atomic
def admit_into(room: Room, admission_id: Any, *, into: Room, by: User, now: datetime) -> Admission:
    """Let a guest who waits at a personal link into another room, in which `by` is a host (LIV-09). Returns the admission there.

    Only guests by link: whoever is signed in comes to an appointment by their own right. Errors: `not_waiting`, `not_by_link`, `room_locked`,
    `room_full`.
    """
    if role_in(by, into) is not RoomRole.HOST:
        raise PermissionDenied("only a host of both rooms may do this")
    check_open(into, now=now)
    waiting = _decidable_one(room, admission_id, Admission.State.ADMITTED)
    if waiting.guest is None:
        raise DomainError("not_by_link", translate("Only a guest by link can be let in there."))
    seats.sweep(into, now=now)
    _check_place(into)
    waiting.state, waiting.decided_at, waiting.decided_by, waiting.left_at = Admission.State.LEFT, now, by, now
    waiting.held_until = None
    waiting.save(update_fields=["state", "decided_at", "decided_by", "left_at", "held_until"])
    waiting.guest.into = into
    waiting.guest.save(update_fields=["into"])
    there = Admission.objects.create(
        room=into, guest=waiting.guest, name=waiting.name, state=Admission.State.ADMITTED, asked_at=waiting.asked_at,
        decided_at=now, decided_by=by, held_until=now + seats.LEASE,
    )  # fmt: skip
    seats.promise_to_watch(into, now=now)
    audit.record(LiveAudit.ADMISSION_GIVEN, by=by, subject=into, changes={"person": [None, waiting.name]})
    broadcasts.moved(room, waiting)
    broadcasts.people_changed(room, gone=waiting.pk)
    broadcasts.people_changed(into)
    notifications.withdraw_waiting(room, waiting)
    return there


@transaction.atomic
def deny(room: Room, admission_id: Any, *, by: User, now: datetime) -> Admission:
    """Turn a waiting person away, or take somebody out who is in. A guest by link who was let in comes to that room no more by themselves."""
    denied = _decide(room, admission_id, Admission.State.DENIED, by=by, now=now)
    LinkGuest.objects.filter(pk=denied.guest_id, into=room).update(into=None)
    clear_for_next(room)
    return denied


@transaction.atomic
def leave(admission: Admission, *, now: datetime, connection: str | None = None) -> bool:
    """The person has gone; they may ask again. With `connection`, only if that page still holds the admission. Returns whether they left."""
    held = Admission.objects.filter(pk=admission.pk, state__in=Admission.OPEN_STATES)
    if connection is not None:
        held = held.filter(connection=connection)
    left = held.update(state=Admission.State.LEFT, left_at=now, decided_at=admission.decided_at or now, held_until=None)
    admission.refresh_from_db()
    if left:
        broadcasts.people_changed(admission.room, gone=admission.pk)
        notifications.withdraw_waiting(admission.room, admission)
        end_without_host(admission.room, now=now)
        if admission.is_host:
            broadcasts.hosts_moved([admission.user_id], apart_from=admission.room)
    return bool(left)


@transaction.atomic
def withdraw_admissions(person: User, *, now: datetime, only_without_role: bool = False) -> int:
    """Somebody's access has ended: out of their rooms, without the grace of a lost line. Returns out of how many.

    Their sockets look again at once and close where there is no role any more; the media server lets go of them by that.
    """
    open_ones = Admission.objects.filter(user=person, state__in=Admission.OPEN_STATES).select_related(
        "room__appointment__practitioner__user", "room__link__staff__user"
    )
    gone = 0
    for admission in open_ones:
        if only_without_role and role_in(person, admission.room) is not None:
            continue
        if leave(admission, now=now):
            audit.record(
                LiveAudit.ADMISSION_WITHDRAWN,
                by=audit.SYSTEM,
                subject=admission.room,
                changes={"person": [admission.name, None]},
            )
            gone += 1
    broadcasts.access_changed(person.pk)
    return gone


def _find_or_create(room: Room, role: RoomRole, by: Person, connection: str, now: datetime) -> tuple[Admission, bool]:
    is_host = role is RoomRole.HOST
    try:
        with transaction.atomic():
            return Admission.objects.create(
                room=room,
                **held_by(by),
                name=by.name,
                is_host=is_host,
                state=Admission.State.ADMITTED if is_host else Admission.State.WAITING,
                asked_at=now,
                decided_at=now if is_host else None,
                decided_by=by if is_host else None,  # type: ignore[misc]
                connection=connection,
                held_until=now + seats.LEASE,
            ), True
    except IntegrityError:
        open_ones = Admission.objects.select_for_update().filter(**held_by(by), state__in=Admission.OPEN_STATES)
        admission = open_ones.get(room=room)
        admission.connection, admission.held_until = connection, now + seats.LEASE
        admission.save(update_fields=["connection", "held_until"])
        return admission, False


def _came_before(room: Room, by: Person, now: datetime) -> bool:
    return room.admissions.filter(**held_by(by), left_at__gt=now - QUIET_FOR).exists()


def _is_here(room: Room, by: Person) -> bool:
    return room.admissions.filter(**held_by(by), state__in=Admission.OPEN_STATES).exists()


def _decide(room: Room, admission_id: Any, state: Admission.State, *, by: User, now: datetime) -> Admission:
    check_open(room, now=now)
    admission = _decidable_one(room, admission_id, state)
    _decide_one(room, admission, state, by=by, now=now)
    broadcasts.people_changed(room, gone=admission.pk if state == Admission.State.DENIED else None)
    return admission


def _decidable_one(room: Room, admission_id: Any, to: Admission.State) -> Admission:
    """Held until the end of the transaction."""
    admission = room.admissions.select_for_update().filter(pk=admission_id, is_host=False).first()
    if admission is None or admission.state not in _decidable(to):
        raise ConflictError("not_waiting", translate("This person is not waiting any more."))
    return admission


def _decide_one(room: Room, admission: Admission, state: Admission.State, *, by: User, now: datetime) -> None:
    admission.state, admission.decided_at, admission.decided_by = state, now, by
    if state == Admission.State.DENIED:
        admission.held_until = None
    admission.save(update_fields=["state", "decided_at", "decided_by", "held_until"])
    code = LiveAudit.ADMISSION_GIVEN if state == Admission.State.ADMITTED else LiveAudit.ADMISSION_DENIED
    audit.record(code, by=by, subject=room, changes={"person": [None, admission.name]})
    broadcasts.admission_decided(room, admission)
    notifications.withdraw_waiting(room, admission)


def _counted_capacity(room: Room) -> Capacity:
    """The capacity, counted behind a lock of the row, so that two hosts do not give the last one away twice."""
    Room.objects.select_for_update(of=["self"]).get(pk=room.pk)
    return capacity_of(room)


def _capacity_of_unlocked(room: Room) -> Capacity:
    """The same, for one more guest. DomainError `room_locked`: until a host unlocks it, nobody else comes in."""
    if Room.objects.select_for_update(of=["self"]).get(pk=room.pk).is_locked:
        raise DomainError("room_locked", translate("The %(room)s is locked. Unlock it first, then let them in."))
    return capacity_of(room)


def _check_place(room: Room) -> None:
    """DomainError `room_locked` or `room_full` when one more guest cannot be let in."""
    if not _capacity_of_unlocked(room).free:
        raise room_full(room)


def _decidable(to: Admission.State) -> list[Admission.State]:
    return [Admission.State.WAITING] if to == Admission.State.ADMITTED else Admission.OPEN_STATES
