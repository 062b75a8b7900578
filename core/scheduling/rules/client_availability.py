"""When a client can come.

A client's times are windows of each day of the week, on the clock of a time zone of their own; a day without windows is one on which they cannot
come. Windows of one day that touch are one. A window ends after it starts and on the same day; time past midnight is two windows, and an
appointment may lie across both. A client who has given no times at all is not known to be away: nothing is said of them, and nobody is kept from
booking them. An appointment beside a client's times is booked with a warning and without an explanation, because the client may have agreed.
docs/rules/client-availability.md has a worked table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from core.scheduling.rules import availability
from core.scheduling.rules.availability import Hours, Window
from core.scheduling.rules.conflicts import Span


@dataclass(frozen=True)
class ClientTimes:
    """The windows of a week in which one client can come."""

    zone: tzinfo
    weekly: Mapping[int, Sequence[Window]]

    @property
    def is_known(self) -> bool:
        return any(self.weekly.values())

    @property
    def hours(self) -> Hours:
        """The same as hours of work, for what reckons with those."""
        return Hours(self.zone, self.weekly)

    def on_day_of(self, span: Span) -> tuple[int, Sequence[Window]]:
        """The day of the week on which the span begins there, and the windows of that day."""
        weekday = span.starts_at.astimezone(self.zone).weekday()
        return weekday, self.weekly.get(weekday, ())


def joined(windows: Iterable[Window]) -> list[Window]:
    """In order, and those that touch as one."""
    found: list[Window] = []
    for window in sorted(windows, key=lambda each: (each.starts, each.ends)):
        if found and window.starts <= found[-1].ends:
            found[-1] = Window(found[-1].starts, max(found[-1].ends, window.ends))
        else:
            found.append(window)
    return found


def is_outside(times: ClientTimes, wanted: Span) -> bool:
    """Whether the client is known not to have this time; never of a client whose times are not known."""
    return times.is_known and bool(availability.why_not(times.hours, wanted))
