"""When somebody works.

A practitioner has hours for each day of the week: one or several windows on the clock of their time zone, each for everything, or for one way of
meeting or some services only. A single day can have other windows, or none. A window ends after it starts and on the same day; work past
midnight is two windows. What is closed for everybody (a closure, a public holiday) and time off take away from that; time off is whole days, or
hours on each day or on some days of the week in a period. What is left is the time in which appointments are booked. Times are those on the
wall: on the day on which the clocks go forward a window is an hour shorter in truth, and a window that lies in the missing hour is none; a
time that happens twice means the first of the two. Whoever has set no hours of the week works at any time, but for single days with hours of
their own.
Around each appointment a practitioner may want some minutes before and after, and on each day and week so many appointments at most; the week
begins on Monday. When somebody is busy in another calendar of theirs, that is said, too. An appointment beside all this can be booked with
an explanation.
docs/rules/availability.md has a worked table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from uuid import UUID

from core.scheduling.rules import wall_time
from core.scheduling.rules.conflicts import Span

DAY = 24 * 60  # minutes on the clock
WEEK = range(7)  # Monday is 0
FURTHEST = timedelta(days=5 * 365 + 2)  # ahead, for days off: the last of all dates has no end in some zones


@dataclass(frozen=True, slots=True)
class Window:
    """From one minute of the day up to, and not including, another; for one mode, or some services, or (empty) for all."""

    starts: int
    ends: int
    mode: str = ""
    services: frozenset[UUID] = frozenset()

    def takes(self, mode: str, service: UUID | None) -> bool:
        return self.mode in ("", mode) and (not self.services or service in self.services)


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Away on these days; with minutes only then, with weekdays only on those."""

    first: date
    last: date
    starts: int = 0
    ends: int = DAY
    weekdays: frozenset[int] = frozenset()

    def is_on(self, day: date) -> bool:
        return self.first <= day <= self.last and (not self.weekdays or day.weekday() in self.weekdays)


@dataclass(frozen=True)
class Hours:
    """All that decides when one practitioner works."""

    zone: tzinfo
    weekly: Mapping[int, Sequence[Window]] = field(default_factory=dict)
    days: Mapping[date, Sequence[Window]] = field(
        default_factory=dict
    )  # other windows of one day; none of them: not that day
    off: Sequence[TimeOff] = ()
    closed: Mapping[date, str] = field(default_factory=dict)  # the name of what is closed for
    busy: Sequence[Span] = ()  # elsewhere
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)
    most_per_day: int | None = None
    most_per_week: int | None = None

    def windows(self, day: date) -> Sequence[Window]:
        """What is worked on this day before anything is taken away."""
        if day in self.days:
            return self.days[day]
        return self.weekly.get(day.weekday(), ()) if any(self.weekly.values()) else [Window(0, DAY)]


def problem_of(starts: int, ends: int) -> str:
    """What is wrong with a window, as a code: `backwards` when it ends before it starts (or past midnight), `empty`; nothing when it is fine."""
    if starts == ends:
        return "empty"
    return "backwards" if ends < starts else ""


def overlap(windows: Iterable[Window]) -> bool:
    """Whether two windows of one day share time for the same thing."""
    ordered = sorted(windows, key=lambda window: (window.starts, window.ends))
    return any(
        first.ends > second.starts
        and (first.mode == second.mode or "" in (first.mode, second.mode))
        and (not (first.services and second.services) or bool(first.services & second.services))
        for position, first in enumerate(ordered)
        for second in ordered[position + 1 :]
    )


def open_spans(hours: Hours, day: date, *, mode: str = "", service: UUID | None = None) -> list[Span]:
    """The instants of one local day in which appointments are booked, in order, none touching another. `mode` empty: of any kind."""
    if day in hours.closed:
        return []
    windows = [each for each in hours.windows(day) if not mode or each.takes(mode, service)]
    spans = merged(_instants(day, each.starts, each.ends, hours.zone) for each in windows)
    for off in (each for each in hours.off if each.is_on(day)):
        spans = _without(spans, _instants(day, off.starts, off.ends, hours.zone))
    return spans


def closed_spans(hours: Hours, first: date, last: date) -> list[Span]:
    """What is left of these days: the shade in a calendar."""
    begins, ends = wall_time.day_bounds(first, hours.zone)[0], wall_time.day_bounds(last, hours.zone)[1]
    opened = merged(span for day in days_between(first, last) for span in open_spans(hours, day))
    edges = [begins, *(edge for span in opened for edge in (span.starts_at, span.ends_at)), ends]
    return [Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=True) if pair[0] < pair[1]]


def off_spans(hours: Hours, first: date, last: date) -> list[Span]:
    """When of these days they are away by time off."""
    days = days_between(first, last)
    return merged(
        _instants(day, off.starts, off.ends, hours.zone) for off in hours.off for day in days if off.is_on(day)
    )


def common(many: Sequence[Sequence[Span]]) -> list[Span]:
    """What lies in all of these lists of spans, each in order."""
    found = list(many[0]) if many else []
    for spans in many[1:]:
        found = _shared(found, spans)
    return found


def _shared(ones: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """What lies in both, walking along them once."""
    found, one, other = [], 0, 0
    while one < len(ones) and other < len(others):
        left, right = ones[one], others[other]
        if left.overlaps(right):
            found.append(Span(max(left.starts_at, right.starts_at), min(left.ends_at, right.ends_at)))
        if left.ends_at <= right.ends_at:
            one += 1
        else:
            other += 1
    return found


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def why_not(
    hours: Hours, wanted: Span, *, others: Sequence[Span] = (), mode: str = "", service: UUID | None = None
) -> list[str]:
    """The codes of what speaks against a time: `closed`, `off`, `hours`, `busy`, `buffer`, `day_full`, `week_full`.

    `others`: the practitioner's own.
    """
    first, last = _local_days(wanted, hours.zone)
    found = [
        *_against_hours(hours, wanted, first, last, mode=mode, service=service),
        *(["busy"] if any(span.overlaps(wanted) for span in hours.busy) else []),
        *(["buffer"] if _too_close(hours, wanted, others) else []),
    ]
    starts = [other.starts_at.astimezone(hours.zone).date() for other in others]
    if hours.most_per_day is not None and starts.count(first) >= hours.most_per_day:
        found.append("day_full")
    week = first.isocalendar()[:2]
    if hours.most_per_week is not None and sum(day.isocalendar()[:2] == week for day in starts) >= hours.most_per_week:
        found.append("week_full")
    return found


def _against_hours(
    hours: Hours, wanted: Span, first: date, last: date, *, mode: str, service: UUID | None
) -> list[str]:
    days = days_between(first, last)
    if any(day in hours.closed for day in days):
        return ["closed"]
    opened = merged(span for day in days for span in open_spans(hours, day, mode=mode, service=service))
    if any(span.starts_at <= wanted.starts_at and wanted.ends_at <= span.ends_at for span in opened):
        return []
    away = [_instants(day, off.starts, off.ends, hours.zone) for off in hours.off for day in days if off.is_on(day)]
    return ["off"] if any(span.overlaps(wanted) for span in away) else ["hours"]


def _too_close(hours: Hours, wanted: Span, others: Sequence[Span]) -> bool:
    """Whether another begins or ends within the minutes that are wanted between two."""
    between = hours.buffer_before + hours.buffer_after
    return any(
        other.starts_at < wanted.ends_at + between and wanted.starts_at < other.ends_at + between for other in others
    )


def _local_days(span: Span, zone: tzinfo) -> tuple[date, date]:
    last = span.ends_at.astimezone(zone)
    is_midnight = last.time() == time.min and span.ends_at > span.starts_at
    return span.starts_at.astimezone(zone).date(), last.date() - timedelta(days=int(is_midnight))


def _instants(day: date, starts: int, ends: int, zone: tzinfo) -> Span:
    """The minutes of a day on the wall as instants; nothing is left of what lies in a gap."""
    begins, finishes = (_instant(day, minute, zone) for minute in (starts, ends))
    return Span(begins, max(begins, finishes))


def _instant(day: date, minute: int, zone: tzinfo) -> datetime:
    wall = datetime.combine(day, time.min) + timedelta(minutes=minute)
    return wall_time.to_instant(wall, zone).instant


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order; what touches is one, because an appointment may lie across both."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: each.starts_at):
        if span.starts_at >= span.ends_at:
            continue
        if found and span.starts_at <= found[-1].ends_at:
            found[-1] = Span(found[-1].starts_at, max(found[-1].ends_at, span.ends_at))
        else:
            found.append(span)
    return found


def _without(spans: Iterable[Span], taken: Span) -> list[Span]:
    left: list[Span] = []
    for span in spans:
        if not span.overlaps(taken):
            left.append(span)
            continue
        left += [Span(span.starts_at, taken.starts_at)] if span.starts_at < taken.starts_at else []
        left += [Span(taken.ends_at, span.ends_at)] if taken.ends_at < span.ends_at else []
    return left
