"""A session is over, and what was open in it closes."""

from datetime import datetime

from sessions_live.models import Room
from sessions_live.showings.models import Showing


def end_showings(room: Room, *, now: datetime) -> None:
    """Nothing stays open. What was used is kept with the appointment; of a personal room nothing is, because nobody would read it."""
    showings = Showing.objects.filter(room=room)
    if room.appointment_id is None:
        showings.delete()
    else:
        showings.filter(closed_at=None).update(closed_at=now, is_playing=False)
