"""By how much a running session is extended, and until when it can be.

An appointment can be extended from its start until an hour after its end, as long as it is booked: by 1 minute up to 4 hours at a time, and to at
most 24 hours in all. Whoever and whatever takes part may be wanted elsewhere within the added minutes; then it is extended only with an
explanation, and what comes next keeps its time: the minutes beyond its start are written down and charged, and held by nobody twice.
docs/rules/extension.md has a worked table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.scheduling.rules.conflicts import Span

OFFERED = (5, 10, 15, 30)  # minutes
MOST = 240  # minutes at a time
LATEST = timedelta(hours=1)  # after the end, as long as a live room stays open
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` one of `extend`, `not_booked`, `not_begun`, `over`, `bad_minutes`, `too_long`; the new end where it can be."""

    code: str
    ends_at: datetime | None = None


def can_begin(span: Span, *, is_booked: bool, now: datetime) -> str:
    """Whether it can be extended at this moment by anything: `extend`, or the code of the reason why not."""
    if not is_booked:
        return "not_booked"
    if now < span.starts_at:
        return "not_begun"
    return "over" if now >= span.ends_at + LATEST else "extend"


def verdict(span: Span, minutes: int, *, is_booked: bool, now: datetime) -> Verdict:
    """Whether `span` can be extended by so many minutes. Instants are aware."""
    code = can_begin(span, is_booked=is_booked, now=now)
    if code != "extend":
        return Verdict(code)
    if not 1 <= minutes <= MOST:
        return Verdict("bad_minutes")
    ends_at = span.ends_at + timedelta(minutes=minutes)
    return Verdict("too_long") if ends_at - span.starts_at > LONGEST else Verdict("extend", ends_at)


def free_from(extended: Span, others: Iterable[Span]) -> datetime | None:
    """From when the time belongs to what comes next; None where nothing does before the new end."""
    starts = [max(other.starts_at, extended.starts_at) for other in others if other.overlaps(extended)]
    return min(starts, default=None)
