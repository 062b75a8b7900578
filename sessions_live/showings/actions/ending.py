"""What was open closes: the session is over, or the thing itself is gone."""

from datetime import datetime
from typing import Any

from sessions_live import broadcasts
from sessions_live.models import Room
from sessions_live.permissions import ROOMS
from sessions_live.showings.models import Showing


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
    for showing in gone:
        showing.closed_at, showing.is_playing = now, False
        showing.save(update_fields=["closed_at", "is_playing"])
        broadcasts.showing_changed(ROOMS.get(pk=showing.room_id))
