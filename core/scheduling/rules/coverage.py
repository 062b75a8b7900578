"""How a week is covered: in each hour, how many practitioners are free and how many clients can come.

A practitioner is free in an hour that lies wholly within their open time and touches none of their appointments and nothing
in another calendar of theirs. A client can come in an hour
that lies wholly within their own times, on their own clock. An hour is short when somebody can come and nobody is free, tight when more than
three can come for each who is free, open when it is neither and somebody can come, and idle when somebody is free and nobody is known to come.
An hour that has begun counts no longer. On the day on which the clocks go forward the missing hour is left out; one that happens twice is the
first of the two. Practitioners without hours of the week and clients without times are unknown and not counted.
docs/rules/coverage.md has a worked table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

from core.scheduling.rules import wall_time
from core.scheduling.rules.availability import DAY
from core.scheduling.rules.conflicts import Span

HOUR = timedelta(hours=1)
MANY = 3  # clients for each who is free
State = Literal["none", "idle", "open", "tight", "short"]


@dataclass(frozen=True, slots=True)
class Group:
    """So many clients have this window: on this day of the week, on the clock of this zone. `ends` beyond 1440 lies on the day after."""

    zone: tzinfo
    weekday: int
    starts: int
    ends: int
    number: int

    @property
    def is_joined(self) -> bool:
        """Whether it was put together from one until midnight and one from midnight on."""
        return self.ends > DAY


def hours_between(first: date, days: int, zone: tzinfo) -> dict[tuple[date, int], Span]:
    """Each hour of these days on the wall, as instants; without those that the clock jumps over."""
    found = {}
    for number in range(days):
        day = first + timedelta(days=number)
        for hour in range(24):
            moment = wall_time.to_instant(datetime.combine(day, time(hour)), zone)
            if moment.adjustment != "gap":
                found[day, hour] = Span(moment.instant, moment.instant + HOUR)
    return found


def is_free(opened: Sequence[Span], busy: Iterable[Span], hour: Span) -> bool:
    """Whether the hour lies wholly within open time and touches nothing that is booked."""
    is_open = any(span.starts_at <= hour.starts_at and hour.ends_at <= span.ends_at for span in opened)
    return is_open and not any(span.overlaps(hour) for span in busy)


def clients_in(hours: Sequence[Span], groups: Iterable[Group]) -> list[int]:
    """How many clients can come in each of these hours. Joined windows count only in an hour that lies on both sides of their midnight."""
    by_zone: dict[tzinfo, dict[int, list[Group]]] = {}
    for group in groups:
        by_zone.setdefault(group.zone, {}).setdefault(group.weekday, []).append(group)
    found = [0] * len(hours)
    for zone, by_weekday in by_zone.items():
        for place, hour in enumerate(hours):
            weekday, starts, ends = on_the_wall(hour, zone)
            found[place] += sum(
                group.number
                for group in by_weekday.get(weekday, ())
                if group.starts <= starts and ends <= group.ends and group.is_joined == (ends > DAY)
            )
    return found


def on_the_wall(hour: Span, zone: tzinfo) -> tuple[int, int, int]:
    """The day of the week there, and the minutes from and until; beyond 1440 where it ends on the day after."""
    begins, ends = hour.starts_at.astimezone(zone), hour.ends_at.astimezone(zone)
    starts = begins.hour * 60 + begins.minute
    until = ends.hour * 60 + ends.minute + DAY * (ends.date() - begins.date()).days
    return begins.weekday(), starts, max(starts, until)


def state(free: int, clients: int) -> State:
    """What is to be said of an hour."""
    if not free:
        return "short" if clients else "none"
    if clients > MANY * free:
        return "tight"
    return "open" if clients else "idle"
