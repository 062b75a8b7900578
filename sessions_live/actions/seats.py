"""A seat is held by a lease in the database, renewed by the page's socket: whoever has gone without a word, because a process or a server died,
is out when it runs out.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Min, Q

from core.kernel import outbox
from core.kernel.models import OutboxMessage
from sessions_live import broadcasts, notifications
from sessions_live.actions.rooms import end_without_host
from sessions_live.models import Admission, Room
from sessions_live.outbox_names import WATCH_SEATS
from sessions_live.permissions import ROOMS, is_closed_for_good

LEASE = timedelta(seconds=40)  # longer than a page needs to come back after a lost line
WATCH_EVERY = timedelta(seconds=30)
MOMENT = timedelta(seconds=1)


def renew(admission: Admission, *, connection: str, now: datetime) -> Admission.State:
    """The page is still there. Returns how its admission stands, which tells it of a decision whose news was lost.

    A seat that ran out although its page was there all the time (the database was away) is given back to it.
    """
    mine = Admission.objects.filter(pk=admission.pk, connection=connection)
    if not mine.filter(state__in=Admission.OPEN_STATES).update(held_until=now + LEASE):
        _give_back(mine.filter(state=Admission.State.LEFT, held_until__isnull=False), admission, now)
    return Admission.State(Admission.objects.values_list("state", flat=True).get(pk=admission.pk))


@transaction.atomic
def sweep(room: Room, *, now: datetime) -> int:
    """Whose lease has run out has left. Returns how many."""
    gone = room.admissions.select_for_update(of=["self"], skip_locked=True).filter(
        state__in=Admission.OPEN_STATES, held_until__lt=now
    )
    return _let_go(room, list(gone), now=now)


@transaction.atomic
def close_room(room: Room, *, now: datetime) -> int:
    """The room has closed: nobody is in it any more, with a lease or (from before there were leases) without one."""
    return _let_go(room, list(room.admissions.filter(state__in=Admission.OPEN_STATES)), now=now)


def promise_to_watch(room: Room, *, now: datetime) -> None:
    """Have somebody look whether those who are in still hold their seats, once for each room."""
    waiting = OutboxMessage.objects.filter(name=WATCH_SEATS, state=OutboxMessage.State.WAITING)
    if not waiting.filter(payload__room=str(room.pk)).exists():
        outbox.enqueue(WATCH_SEATS, due_at=now + WATCH_EVERY, room=str(room.pk))


def look_after(room: Room, *, now: datetime) -> datetime | None:
    """Sweep, and whoever is still there when the room has closed. Returns when to look again; None when nobody is left."""
    if is_closed_for_good(room, now=now):
        close_room(room, now=now)
    else:
        sweep(room, now=now)
    still_in = room.admissions.filter(state__in=Admission.OPEN_STATES)
    if not still_in.exists():
        return None
    first = still_in.aggregate(first=Min("held_until"))["first"]
    return first + MOMENT if first else now + WATCH_EVERY


def sweep_closed_rooms(*, now: datetime) -> int:
    """Once a night: rooms whose watch was lost with the outbox of another release."""
    rooms = ROOMS.filter(admissions__state__in=Admission.OPEN_STATES).distinct()
    return sum(close_room(room, now=now) for room in rooms if is_closed_for_good(room, now=now))


def _let_go(room: Room, gone: list[Admission], *, now: datetime) -> int:
    """`held_until` stays, and says that nobody left by a word of their own."""
    for admission in gone:
        admission.state, admission.left_at = Admission.State.LEFT, now
        admission.decided_at = admission.decided_at or now
        admission.save(update_fields=["state", "left_at", "decided_at"])
        broadcasts.people_changed(room, gone=admission.pk)
        notifications.withdraw_waiting(room, admission)
    if gone:
        end_without_host(room, now=now)
        broadcasts.hosts_moved([one.user_id for one in gone if one.is_host], apart_from=room)
    return len(gone)


def _give_back(swept: Any, admission: Admission, now: datetime) -> None:
    was_in = Q(decided_by__isnull=False)
    state = Admission.State.ADMITTED if swept.filter(was_in).exists() else Admission.State.WAITING
    changes = {"state": state, "left_at": None, "held_until": now + LEASE}
    if state == Admission.State.WAITING:
        changes["decided_at"] = None
    try:
        with transaction.atomic():
            if swept.update(**changes):
                broadcasts.people_changed(admission.room)
    except IntegrityError:
        return  # the person has come in anew with another page
