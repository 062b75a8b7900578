"""When a live room can be entered.

A room opens 15 minutes before the appointment begins, so that a person who comes 5 to 10 minutes early finds it open, and stays open until
an hour after the agreed end, because sessions run over. A cancelled appointment has no room. A completed one neither, nor one that takes
place in person. A session that was ended for all can be entered again until the room closes: a lost connection or a wrong click must not
end an hour that was paid for.
docs/rules/opening.md has a worked table.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

EARLY = timedelta(minutes=15)
LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the rule needs to know of an appointment. Instants are aware."""

    starts_at: datetime
    ends_at: datetime
    is_online: bool
    is_booked: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether the room is open now, and why not."""

    is_open: bool
    code: str
    opens_at: datetime
    closes_at: datetime


def opening(meeting: Meeting, *, now: datetime) -> Opening:
    """Answer with `code` one of `open`, `not_online`, `not_booked`, `too_early`, `too_late`."""
    opens_at, closes_at = meeting.starts_at - EARLY, meeting.ends_at + LATE
    code = "open"
    if not meeting.is_online:
        code = "not_online"
    elif not meeting.is_booked:
        code = "not_booked"
    elif now < opens_at:
        code = "too_early"
    elif now >= closes_at:
        code = "too_late"
    return Opening(code == "open", code, opens_at, closes_at)
