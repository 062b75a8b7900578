"""What the pages of a live session show."""

from datetime import datetime, timedelta
from typing import Any

from core.kernel.translation import translate
from core.people.models import User
from core.scheduling.models import Appointment
from core.scheduling.permissions import Viewpoint
from sessions_live.permissions import RoomRole
from sessions_live.recordings.queries import recording_offered
from sessions_live.rules.opening import Opening

MOST_NAMES = 3  # of a group, in the heading
ANOTHER_DAY = timedelta(hours=12)  # from here on, an hour alone could be today's or tomorrow's


def room_page(user: User, appointment: Appointment, role: RoomRole, opening: Opening, now: datetime) -> dict[str, Any]:
    """Who meets whom, when, and whether the room is open; the reader sees the other side's names."""
    is_host = role is RoomRole.HOST
    practitioner = appointment.practitioner.user
    others = [practitioner.name]
    if user.pk == practitioner.pk:
        others = [str(participant.client) for participant in Viewpoint(user).readable_participants(appointment)]
    names = ", ".join(others[:MOST_NAMES])
    if more := len(others[MOST_NAMES:]):
        names = translate("%(names)s and %(more)s more", names=names, more=more)
    return {
        "appointment": appointment,
        "title": appointment.what,
        "others": names,
        "host_name": practitioner.get_short_name(),
        "is_host": is_host,
        "may_record": is_host and recording_offered(),
        "opening": opening,
        "is_early": opening.code == "too_early",
        "opens_another_day": opening.opens_at - now > ANOTHER_DAY,
        "seconds_until_open": max(0, int((opening.opens_at - now).total_seconds()) + 1),
    }
