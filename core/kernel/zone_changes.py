"""When the clocks of a zone change.

The zone database tells the offset at an instant, not the instants at which it changes: they are found by halving, to the second. So every rule
is met as it is, be it a month of fasting by another calendar, half an hour, or a day left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

STEP = timedelta(hours=6)  # because no zone has changed its clocks there and back within one
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Change:
    """The first instant (UTC) of another offset, with the offset that ends then."""

    at: datetime
    before: timedelta

    @property
    def on_the_old_clock(self) -> datetime:
        """What a clock that was not changed shows at that instant, without a zone: how RFC 5545 writes an onset."""
        return (self.at + self.before).replace(tzinfo=None)


def offset_at(at: datetime, zone: tzinfo) -> timedelta:
    """How far the zone's clocks are ahead of UTC at this instant."""
    return at.astimezone(zone).utcoffset() or timedelta(0)


def changes(zone: tzinfo, *, after: datetime, until: datetime) -> Iterator[Change]:
    """Every change of the zone's offset after one instant and up to another, in order."""
    begins = after.astimezone(UTC).replace(microsecond=0)
    while begins < until:
        ends = min(begins + STEP, until)
        before = offset_at(begins, zone)
        if offset_at(ends, zone) != before:
            yield Change(_first_other(begins, ends, zone), before)
        begins = ends


def _first_other(begins: datetime, ends: datetime, zone: tzinfo) -> datetime:
    """The first second at which the offset is no longer that of `begins`; it is another one at `ends`."""
    before = offset_at(begins, zone)
    while ends - begins > SECOND:
        middle = begins + timedelta(seconds=int((ends - begins).total_seconds()) // 2)
        if offset_at(middle, zone) == before:
            begins = middle
        else:
            ends = middle
    return ends
