"""What a host decides for everybody who is in: whether others still come in, and whose picture is large."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError
from core.kernel.translation import translate
from core.people.models import User
from sessions_live import broadcasts
from sessions_live.actions.rooms import check_open
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Admission, Room


@transaction.atomic
def lock_room(room: Room, *, locked: bool, by: User, now: datetime) -> None:
    """Nobody but hosts comes in until it is unlocked, or the session ends. Who comes waits at the door, and is told. Twice is once."""
    check_open(room, now=now)
    held = Room.objects.select_for_update(of=["self"]).get(pk=room.pk)
    if held.is_locked != locked:
        held.is_locked = locked
        held.save(update_fields=["is_locked"])
        audit.record(LiveAudit.ROOM_LOCKED if locked else LiveAudit.ROOM_UNLOCKED, by=by, subject=room)
    broadcasts.people_changed(room)


@transaction.atomic
def set_spotlight(room: Room, admission_id: Any | None, *, now: datetime) -> None:
    """This person's picture is large for everybody, instead of another's; None: nobody's is. ConflictError `not_here`."""
    check_open(room, now=now)
    held = Room.objects.select_for_update(of=["self"]).get(pk=room.pk)
    inside = room.admissions.filter(pk=admission_id, state=Admission.State.ADMITTED)
    if admission_id is not None and not inside.exists():
        raise not_here()
    if held.spotlight_id != admission_id:
        held.spotlight_id = admission_id
        held.save(update_fields=["spotlight"])
        broadcasts.people_changed(room)


def not_here() -> ConflictError:
    """Who is meant has left meanwhile."""
    return ConflictError("not_here", translate("This person is not in the %(session)s any more."))
