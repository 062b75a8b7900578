"""When somebody may knock at a personal link.

A link that is locked, of somebody who does not work here any more, or in an organization that has no personal links leads nowhere: whoever
comes reads the same as where there never was such an address. A link with opening hours takes nobody outside of them, and says when it
opens next. Hours are windows on each day of the week on the clock of the owner; none at all means always. They end no session and send
nobody away who waits already. Times are those on the wall: a window in the hour that the clock jumps over is none that day.
docs/rules/link-opening.md has a worked table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from core.scheduling.rules.availability import Hours, Window, open_spans

DAYS_AHEAD = 9  # a week, and the same weekday again, because its window may be over


@dataclass(frozen=True, slots=True)
class LinkState:
    """What the rule needs to know of a link. `hours`: [[from, to], …] in minutes of the day by weekday; "0" is Monday."""

    is_allowed: bool
    is_locked: bool
    works_here: bool
    hours: Mapping[str, Sequence[Sequence[int]]]
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class LinkOpening:
    """`open`, `closed` until `opens_at`, or `nowhere`."""

    code: str
    opens_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.code == "open"


def link_opening(link: LinkState, *, now: datetime) -> LinkOpening:
    """Whether somebody who comes now is taken."""
    if not (link.is_allowed and link.works_here) or link.is_locked:
        return LinkOpening("nowhere")
    if not any(link.hours.values()):
        return LinkOpening("open")
    hours = Hours(zone=link.zone, weekly={int(day): windows_of(pairs) for day, pairs in link.hours.items()})
    today = now.astimezone(link.zone).date()
    spans = [span for number in range(DAYS_AHEAD) for span in open_spans(hours, today + timedelta(days=number))]
    if any(span.starts_at <= now < span.ends_at for span in spans):
        return LinkOpening("open")
    return LinkOpening("closed", min((span.starts_at for span in spans if span.starts_at > now), default=None))


def windows_of(pairs: Sequence[Sequence[int]]) -> list[Window]:
    """The windows of one day, as they are kept."""
    return [Window(starts, ends) for starts, ends in pairs]
