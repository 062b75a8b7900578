"""Time on the wall and instants.

People say "9 o'clock in Berlin"; the calendar keeps instants. Twice a year a wall clock jumps. A time that does not exist, because the clock
jumped over it, moves forward by the length of the jump: 02:30 becomes 03:30. A time that happens twice means the first of the two, unless an
appointment has the second already and keeps its time. In both cases the screen says so. Where a time can be misread, its offset stands beside
it.
docs/rules/wall-time.md has a worked table.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.kernel import time_zones
from core.kernel.translation import translate

Adjustment = Literal["", "gap", "fold"]


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC, and what had to be adjusted to find it."""

    instant: datetime
    adjustment: Adjustment
    note: str


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA zone that we know."""
    return name in time_zones.known()


def zone(name: str, *, otherwise: str = "UTC") -> ZoneInfo:
    """The zone of that name; `otherwise` when there is none such."""
    try:
        return ZoneInfo(name or otherwise)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(otherwise)


def to_instant(wall: datetime, where: tzinfo, *, before: datetime | None = None) -> Moment:
    """Turn a naive wall time in `where` into an instant; of two, the one that was meant `before`, if the clock shows this time then."""
    if wall.tzinfo is not None:
        raise ValueError("wall time has no zone")
    first = wall.replace(tzinfo=where, fold=0)
    second = wall.replace(tzinfo=where, fold=1)
    earlier, later = first.utcoffset(), second.utcoffset()
    if earlier is None or later is None:
        raise ValueError("the zone tells no offset")
    instant = first.astimezone(UTC)
    if earlier == later:
        return Moment(instant, "", "")
    if earlier < later:  # the clock jumped forward over it; the offset before the jump moves it by the jump's length
        shown = instant.astimezone(where)
        return Moment(
            instant,
            "gap",
            translate(
                "The clocks go forward then: %(missing)s does not exist, so it is %(meant)s.",
                missing=_clock(wall),
                meant=_clock(shown),
            ),
        )
    if before is not None and before.astimezone(where).replace(tzinfo=None) == wall:
        return Moment(before, "", "")
    return Moment(
        instant,
        "fold",
        translate("The clocks go back then: %(time)s happens twice, and the first one is meant.", time=_clock(wall)),
    )


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def day_bounds(day: date, where: tzinfo) -> tuple[datetime, datetime]:
    """The instants at which a local day begins and ends: 23, 24 or 25 hours apart, in some zones something else."""
    begins = to_instant(datetime.combine(day, time.min), where).instant
    ends = to_instant(datetime.combine(day + timedelta(days=1), time.min), where).instant
    return begins, ends


def same_clock(at: datetime, first: tzinfo, second: tzinfo) -> bool:
    """Whether two zones show the same time at this instant."""
    return at.astimezone(first).utcoffset() == at.astimezone(second).utcoffset()
