"""Series.

A series is an appointment that repeats on the clock of one time zone: every week or every so many weeks on chosen days of the week, or every month
or every so many months on a day of the month, or on the first, second, third, fourth or last such day of the week. It keeps its hour on the wall
when the clocks change; a time that does not exist on one day is later by the length of the jump on that day, and of a time that happens twice the
first is meant. A month without that day is left out. A series ends on a day, after so many times (dates that are skipped count, as in every
calendar), or not at all: then dates are made ahead, for so many weeks. A series that ends has at most 200 dates, none more than two years ahead.
When a date is moved together with those that follow, all of them move by as many days and to the same hour; a day of the month becomes the new
day of the month.
docs/rules/series.md has a worked table.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import takewhile
from typing import Literal

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

from core.scheduling.rules import wall_time
from core.scheduling.rules.conflicts import Span
from core.scheduling.rules.wall_time import Moment

MOST = 200  # dates of a series that ends
FURTHEST = timedelta(days=730)
MOST_BETWEEN = 12  # weeks or months
LAST = -1
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

Frequency = Literal["weekly", "monthly"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a series repeats. `weekdays` (Monday is 0) of a weekly one; `day` of a monthly one, or its `nth` weekday (-1: the last).

    `week_start`: on which day its weeks begin, because one that was moved takes its weeks along.
    """

    frequency: Frequency
    every: int = 1
    weekdays: tuple[int, ...] = ()
    day: int = 0
    nth: int = 0
    week_start: int = 0

    @property
    def rrule(self) -> str:
        """RFC 5545's recurrence rule, without an end."""
        parts = [f"FREQ={self.frequency.upper()}"]
        parts += [f"INTERVAL={self.every}"] if self.every > 1 else []
        if self.frequency == "weekly":
            parts.append(f"BYDAY={','.join(DAYS[day] for day in self.weekdays)}")
            parts += [f"WKST={DAYS[self.week_start]}"] if self.week_start else []
        elif self.nth:
            parts.append(f"BYDAY={self.nth}{DAYS[self.weekdays[0]]}")
        else:
            parts.append(f"BYMONTHDAY={self.day}")
        return ";".join(parts)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series: its day by the rule, and the instant of its start with what had to be adjusted for it."""

    day: date
    moment: Moment
    length: timedelta

    @property
    def span(self) -> Span:
        return Span(self.moment.instant, self.moment.instant + self.length)


def pattern_of(rrule: str) -> Pattern:
    """A rule as `Pattern.rrule` writes it."""
    parts = dict(part.split("=") for part in rrule.split(";"))
    frequency: Frequency = "weekly" if parts["FREQ"] == "WEEKLY" else "monthly"
    every, by_day = int(parts.get("INTERVAL", 1)), parts.get("BYDAY", "")
    if frequency == "weekly":
        week_start = DAYS.index(parts.get("WKST", "MO"))
        return Pattern(
            frequency, every, tuple(sorted(DAYS.index(day) for day in by_day.split(","))), week_start=week_start
        )
    if by_day:
        return Pattern(frequency, every, (DAYS.index(by_day[-2:]),), nth=int(by_day[:-2]))
    return Pattern(frequency, every, day=int(parts["BYMONTHDAY"]))


def monthly(day: date, *, every: int = 1, by_weekday: bool) -> Pattern:
    """The monthly pattern of which this day is one: the same day of the month, or the same weekday of it; a fifth is the last."""
    if not by_weekday:
        return Pattern("monthly", every, day=day.day)
    nth = (day.day - 1) // 7 + 1
    return Pattern("monthly", every, (day.weekday(),), nth=LAST if nth > 4 else nth)


def moved(pattern: Pattern, *, old: date, new: date) -> Pattern:
    """The pattern after one of its dates was moved from `old` to `new` together with the others."""
    if pattern.frequency == "monthly":
        return monthly(new, every=pattern.every, by_weekday=bool(pattern.nth))
    days = (new - old).days
    moves_weeks = pattern.every > 1 and len(pattern.weekdays) > 1
    return replace(
        pattern,
        weekdays=tuple(sorted({(day + days) % 7 for day in pattern.weekdays})),
        week_start=(pattern.week_start + days) % 7 if moves_weeks else pattern.week_start,
    )


def dates(pattern: Pattern, first: date, *, until: date | None = None, count: int | None = None) -> list[date]:
    """The dates from `first` on, up to `until` or so many; one more than allowed where it is too many."""
    found = takewhile(lambda day: until is None or day <= until, endless(pattern, first))
    most = min(MOST + 1, count) if count is not None else MOST + 1
    return [day for day, _ in zip(found, range(most), strict=False)]


def endless(pattern: Pattern, first: date) -> Iterator[date]:
    """The dates from `first` on, one after another; as far as dates go, and not more than a century."""
    last = min(date.max.year - 1, first.year + 100)
    rule = rrulestr(pattern.rrule, dtstart=datetime.combine(first, time.min))
    return (at.date() for at in takewhile(lambda at: at.year <= last, rule))


def occurrences(days: Iterable[date], at: time, length: timedelta, zone: tzinfo) -> list[Occurrence]:
    """These days at this time on the wall of the zone."""
    return [Occurrence(day, wall_time.to_instant(datetime.combine(day, at), zone), length) for day in days]
