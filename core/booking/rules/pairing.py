"""Who fits whom.

A time fits when the practitioner is free and it lies within the client's own times, where those are known; times begin at :00 and :30 on the
practitioner's clock. Of the next four weeks, a weekly time counts in how many of them it is free; the best three are shown, one for each day of
the week, those that are free in most weeks and begin soonest first. A pair gets points: 40 when they have met, 30 when the practitioner is assigned
and they have not; 25 when they share a language; 5 for each of the four weeks in which the best weekly time is free; up to 15 for how much of the
practitioner's week ahead is not booked; and one for each week since the client was added, up to 15, where clients are compared. Who has more comes
first, of equals the first by name. Where no time fits, there is no pair. Nothing is known of a language against somebody.
docs/rules/pairing.md has a worked table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any

WEEKS = 4
SHOWN = 3
MET, ASSIGNED, LANGUAGE, EACH_WEEK, MOST_LOAD, MOST_WAITING = 40, 30, 25, 5, 15, 15


@dataclass(frozen=True)
class Contender:
    """One who could be chosen. `starts`: when it could begin, as instants in order. `booked`, `works`: minutes of the week ahead."""

    key: Any
    name: str
    starts: Sequence[datetime]
    met_since: date | None = None
    met: int = 0
    is_assigned: bool = False
    shared_languages: frozenset[str] = frozenset()
    booked: int = 0
    works: int = 0
    waiting_weeks: int = 0


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    """A time of each week on the wall: when it could begin first, and in how many of the weeks it is free."""

    weekday: int
    at: time
    first: datetime
    free: int


@dataclass(frozen=True)
class Match:
    """One who fits, with the times that fit best."""

    contender: Contender
    times: Sequence[WeeklyTime]
    points: int


def weekly_times(starts: Iterable[datetime], zone: tzinfo) -> list[WeeklyTime]:
    """The best times of a week on the wall of this zone, at most one for each day."""
    found: dict[tuple[int, time], list[datetime]] = {}
    for start in starts:
        wall = start.astimezone(zone)
        found.setdefault((wall.weekday(), wall.time()), []).append(start)
    times = [
        WeeklyTime(weekday, at, min(instants), min(WEEKS, len(instants))) for (weekday, at), instants in found.items()
    ]
    best: dict[int, WeeklyTime] = {}
    for each in sorted(times, key=lambda one: (-one.free, one.first)):
        best.setdefault(each.weekday, each)
    return list(best.values())[:SHOWN]


def points(contender: Contender, times: Sequence[WeeklyTime]) -> int:
    """How well this one fits."""
    found = MET if contender.met_since else ASSIGNED if contender.is_assigned else 0
    found += LANGUAGE if contender.shared_languages else 0
    found += EACH_WEEK * max((each.free for each in times), default=0)
    if contender.works:
        found += round(MOST_LOAD * max(0, contender.works - contender.booked) / contender.works)
    return found + min(MOST_WAITING, contender.waiting_weeks)


def ranked(contenders: Iterable[Contender], zone: tzinfo) -> list[Match]:
    """Those who fit, the best first."""
    found = []
    for contender in contenders:
        if times := weekly_times(contender.starts, zone):
            found.append(Match(contender, times, points(contender, times)))
    return sorted(found, key=lambda match: (-match.points, match.contender.name, str(match.contender.key)))
