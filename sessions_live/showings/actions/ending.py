"""What was open closes: the session is over, or the thing itself is gone, for everybody or for whoever has opened it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.people.models import User
from sessions_live import broadcasts
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Room
from sessions_live.permissions import ROOMS
from sessions_live.showings.models import Showing
from sessions_live.showings.permissions import SHOWINGS, is_open


def end_showings(room: Room, *, now: datetime) -> None:
    """Nothing stays open. What was used is kept with the appointment; of a personal room nothing is, because nobody would read it."""
    showings = Showing.objects.filter(room=room)
    if room.appointment_id is None:
        showings.delete()
    else:
        showings.filter(closed_at=None).update(closed_at=now, is_playing=False)


def close_gone(*, now: datetime, but_of: Any = None, **what: Any) -> None:
    """What is no longer there for whoever has opened it closes for everybody, and their pages hear it. `but_of`: the staff member who keeps it."""
    gone = Showing.objects.select_for_update(of=["self"]).filter(closed_at=None, **what)
    if but_of is not None:
        gone = gone.exclude(opened_by__staff_member=but_of)
    for showing in gone.order_by("pk"):
        _close(showing, ROOMS.get(pk=showing.room_id), now=now)


@transaction.atomic
def close_lost(user: User, *, now: datetime) -> None:
    """Somebody's access has changed or ended: of what they have opened, what they may no longer see themselves closes for everybody."""
    for showing in SHOWINGS.select_for_update(of=["self"]).filter(closed_at=None, opened_by=user.pk).order_by("pk"):
        room = ROOMS.get(pk=showing.room_id)
        if not is_open(showing, room):
            _close(showing, room, now=now)


def _close(showing: Showing, room: Room, *, now: datetime) -> None:
    showing.closed_at, showing.is_playing = now, False
    showing.save(update_fields=["closed_at", "is_playing"])
    audit.record(LiveAudit.SHOWING_CLOSED, by=audit.SYSTEM, subject=room, changes=change_of_closing(showing))
    broadcasts.showing_changed(room)


def change_of_closing(showing: Showing) -> dict[str, list[str | None]]:
    """What has closed, by its id; nothing where that is gone already."""
    name = "client_file" if showing.client_file_id else "resource"
    thing = showing.client_file_id or showing.resource_id
    return {name: [str(thing), None]} if thing else {}
