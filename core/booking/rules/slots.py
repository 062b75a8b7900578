"""Which times people can book themselves.

A time is free when the whole length of the service lies within the practitioner's open time for this way of meeting and this service, touches
none of their appointments or held times (with the minutes that they want between two) and no time at which another calendar says that they are
busy, and every room that the service needs is free. Times
begin on the clock of the practitioner at whole steps: with steps of 30 minutes at :00 and :30. The first one lies as far ahead as the notice
says, the last one on the last day of the horizon. On a day or in a week that has as many appointments as the practitioner takes, there is no
free time; the week begins on Monday. Where somebody may be with any practitioner, they get the one of those who are free with the fewest
appointments in that week, and of several the first by name. Whoever has set no hours of the week has free time on single days with hours of
their own only, because nobody meant the night.
docs/rules/slots.md has a worked table.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from uuid import UUID

from core.scheduling.rules import availability, wall_time
from core.scheduling.rules.availability import Hours

Minutes = int  # since 1970 in UTC: thousands of times are compared, and numbers are fast
Busy = tuple[Minutes, Minutes]
STEPS = (5, 10, 15, 20, 30, 60)


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody wants to book: how long it takes, in which way, and between which instants it may begin."""

    length: timedelta
    step: int
    earliest: datetime
    latest: datetime  # not included
    mode: str = ""
    service: UUID | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """One practitioner: when they work, what is booked or held with them, and what else takes the time (rooms, the client's own)."""

    hours: Hours
    booked: Sequence[Busy] = ()
    taken: Sequence[Busy] = ()


def free_times(calendar: Calendar, offer: Offer) -> list[Minutes]:
    """When it can begin, in order."""
    length, first = _minutes(offer.length), -(-int(offer.earliest.timestamp()) // 60)
    pieces = _pieces(calendar.hours, offer)
    opened = _merged((begins, ends) for begins, ends, _day in pieces)
    blocked = _blocked(calendar)
    full = _full_days(calendar, offer)
    found: list[Minutes] = []
    for begins, ends, day in pieces:
        if day in full:
            continue
        until = min(_end_of(opened, begins) - length, ends - 1, int(offer.latest.timestamp() - 1) // 60)
        anchor = _on_the_grid(begins, offer.step, calendar.hours.zone)
        for gap_begins, gap_ends in _gaps(max(begins, first), until + length, blocked):
            start = anchor + max(0, -(-(gap_begins - anchor) // offer.step)) * offer.step
            found.extend(range(start, min(gap_ends - length, until) + 1, offer.step))
    return found


def at(minutes: Minutes) -> datetime:
    """The instant of such a number."""
    return datetime.fromtimestamp(minutes * 60, UTC)


def number_of(moment: datetime) -> Minutes:
    """The number of an instant on a whole minute."""
    return int(moment.timestamp()) // 60


def least_busy(free: Iterable[tuple[str, UUID]], load: Counter[UUID]) -> UUID | None:
    """Of those who are free (name, id), the one with the fewest appointments in that week."""
    ordered = sorted(free, key=lambda person: (load[person[1]], person[0], person[1]))
    return ordered[0][1] if ordered else None


def days_with(times: Sequence[Minutes], days: Iterable[date], zone: tzinfo) -> dict[date, int]:
    """How many of these times, in order, each day has on the wall of this zone."""
    return {day: len(times_of(times, day, zone)) for day in days}


def times_of(times: Sequence[Minutes], day: date, zone: tzinfo) -> Sequence[Minutes]:
    """Those of one day on the wall of this zone."""
    begins, ends = (number_of(edge) for edge in wall_time.day_bounds(day, zone))
    return times[bisect_left(times, begins) : bisect_left(times, ends)]


def week_of(moment: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The instants between which the week of this instant lies on the wall of this zone, from Monday on."""
    day = moment.astimezone(zone).date()
    monday = day - timedelta(days=day.weekday())
    return wall_time.day_bounds(monday, zone)[0], wall_time.day_bounds(monday + timedelta(days=6), zone)[1]


def _pieces(hours: Hours, offer: Offer) -> list[tuple[Minutes, Minutes, date]]:
    """The open time of each local day; a day more at the end, because the last one may run into it."""
    zone = hours.zone
    first, last = (edge.astimezone(zone).date() for edge in (offer.earliest, offer.latest))
    days = availability.days_between(first, last + timedelta(days=2))
    midnights = [int(datetime.combine(day, time.min, zone).timestamp()) // 60 for day in days]
    has_week = any(hours.weekly.values())
    found: list[tuple[Minutes, Minutes, date]] = []
    for day, begins, ends in zip(days, midnights, midnights[1:], strict=False):
        if day in hours.closed or not (has_week or day in hours.days):
            continue
        is_plain = ends - begins == availability.DAY
        opened = _plain_day(hours, day, begins, offer) if is_plain else _day_of_change(hours, day, offer)
        found.extend((first, last, day) for first, last in opened)
    return found


def _plain_day(hours: Hours, day: date, midnight: Minutes, offer: Offer) -> Iterable[Busy]:
    """Of a day on which the clocks do not change, minutes on the wall are minutes in truth: `availability.open_spans` in numbers."""
    windows = [each for each in hours.windows(day) if not offer.mode or each.takes(offer.mode, offer.service)]
    away = _merged((midnight + off.starts, midnight + off.ends) for off in hours.off if off.is_on(day))
    for begins, ends in _merged((midnight + each.starts, midnight + each.ends) for each in windows):
        yield from _gaps(begins, ends, away)


def _day_of_change(hours: Hours, day: date, offer: Offer) -> Iterable[Busy]:
    for span in availability.open_spans(hours, day, mode=offer.mode, service=offer.service):
        yield number_of(span.starts_at), number_of(span.ends_at)


def _blocked(calendar: Calendar) -> list[Busy]:
    between = _minutes(calendar.hours.buffer_before + calendar.hours.buffer_after)
    return _merged([*((begins - between, ends + between) for begins, ends in calendar.booked), *calendar.taken])


def _full_days(calendar: Calendar, offer: Offer) -> set[date]:
    """The days on which, or in whose week, no more is taken."""
    hours = calendar.hours
    if hours.most_per_day is None and hours.most_per_week is None:
        return set()
    starts = [at(begins).astimezone(hours.zone).date() for begins, _ends in calendar.booked]
    by_day, by_week = Counter(starts), Counter(day.isocalendar()[:2] for day in starts)
    first, last = (edge.astimezone(hours.zone).date() for edge in (offer.earliest, offer.latest))
    return {
        day
        for day in availability.days_between(first, last)
        if (hours.most_per_day is not None and by_day[day] >= hours.most_per_day)
        or (hours.most_per_week is not None and by_week[day.isocalendar()[:2]] >= hours.most_per_week)
    }


def _merged(spans: Iterable[Busy]) -> list[Busy]:
    found: list[Busy] = []
    for begins, ends in sorted(spans):
        if begins >= ends:
            continue
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


def _end_of(opened: Sequence[Busy], begins: Minutes) -> Minutes:
    """Until when the open time goes on in which this minute lies."""
    return opened[bisect_left(opened, (begins + 1,)) - 1][1]


def _gaps(begins: Minutes, ends: Minutes, blocked: Sequence[Busy]) -> Iterable[Busy]:
    """What is left of this stretch."""
    number = max(0, bisect_left(blocked, (begins,)) - 1)
    while begins < ends:
        if number >= len(blocked) or blocked[number][0] >= ends:
            yield begins, ends
            return
        if blocked[number][0] > begins:
            yield begins, blocked[number][0]
        begins = max(begins, blocked[number][1])
        number += 1


def _on_the_grid(begins: Minutes, step: int, zone: tzinfo) -> Minutes:
    """This minute, or the next one at which the clock there shows a whole step."""
    wall = at(begins).astimezone(zone)
    return begins + -(wall.hour * 60 + wall.minute) % step


def _minutes(span: timedelta) -> Minutes:
    return int(span.total_seconds()) // 60
