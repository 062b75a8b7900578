"""Free times as a month with the times of one day, on the visitor's clock."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from babel.dates import format_date, format_time, get_day_names
from django.http import QueryDict
from django.utils.translation import get_language

from branding.queries import locale_of
from core.booking.rules import slots
from core.booking.rules.slots import Minutes
from core.kernel import time_zones
from core.scheduling.rules import wall_time
from themes.formats import day as day_in_words

LONGEST_NUMBER = 9  # digits of minutes since 1970; more of them are beyond all calendars
PARTS = ((12, "morning"), (17, "afternoon"), (24, "evening"))  # until this hour


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the month."""

    day: date
    free: int
    url: str = ""
    is_chosen: bool = False
    is_other_month: bool = False

    @property
    def name(self) -> str:
        return day_in_words(self.day, "week")


@dataclass(frozen=True, slots=True)
class Time:
    """One time that can be chosen."""

    start: Minutes
    label: str
    part: str
    places: int = 0  # that are left in a group; 0 where it is none


@dataclass
class MonthOfTimes:
    """A month with its free days, the day that is looked at, and the ways to others."""

    times: Sequence[Minutes]
    zone: tzinfo
    today: date
    last: date
    query: QueryDict
    asked_day: date | None = None
    asked_month: date | None = None
    places: Mapping[Minutes, int] = field(default_factory=dict)
    first_free: date | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.asked_day is not None and not self.today <= self.asked_day <= self.last:
            self.asked_day = None  # an address can name any day, and the ends of time are no days
        if self.times:
            self.first_free = slots.at(self.times[0]).astimezone(self.zone).date()

    @property
    def day(self) -> date | None:
        """The day whose times are shown: the one asked for, else the first of the month that has any."""
        if self.asked_day is not None:
            return self.asked_day
        found = slots.days_with(self.times, self._days(), self.zone)
        return next((day for day, free in found.items() if free), None)

    @property
    def month(self) -> date:
        """The first of the month that is shown."""
        wanted = self.asked_day or self.asked_month or self.first_free or self.today
        return min(max(wanted, self.today), self.last).replace(day=1)

    @property
    def month_name(self) -> str:
        return format_date(self.month, "LLLL y", locale=locale_of(get_language() or "en"))

    def weekdays(self) -> list[tuple[str, str]]:
        """Long and short names of the days of the week, in the order of the reader's country."""
        locale = locale_of(get_language() or "en")
        long, short = get_day_names("wide", locale=locale), get_day_names("short", locale=locale)
        order = [(locale.first_week_day + number) % 7 for number in range(7)]
        return [(long[number], short[number]) for number in order]

    def weeks(self) -> list[list[DayCell]]:
        """The days of the month in weeks, with how many times are free on each."""
        first_weekday = locale_of(get_language() or "en").first_week_day
        weeks = calendar.Calendar(first_weekday).monthdatescalendar(self.month.year, self.month.month)
        free = slots.days_with(self.times, self._days(), self.zone)
        return [[self._cell(day, free.get(day, 0)) for day in week] for week in weeks]

    def times_of_day(self) -> list[Time]:
        """What is free on the day that is shown."""
        if self.day is None:
            return []
        return [self._time(start) for start in slots.times_of(self.times, self.day, self.zone)]

    @property
    def next_free(self) -> dict[str, Any] | None:
        """The first free time after the day (or else the month) that is shown, with the way there."""
        begins = (self.day or self._last_of_month()) + timedelta(days=1)
        after = slots.number_of(wall_time.day_bounds(begins, self.zone)[0])
        found = next((each for each in self.times if each >= after), None)
        if found is None:
            return None
        day = slots.at(found).astimezone(self.zone).date()
        return {"day": day, "label": self._time(found).label, "url": self.url(day=day.isoformat())}

    @property
    def previous_url(self) -> str:
        """The month before, where there is one to look at."""
        before = self.month - timedelta(days=1)
        return self.url(month=f"{before:%Y-%m}") if before >= self.today.replace(day=1) else ""

    @property
    def next_url(self) -> str:
        """The month after, if it begins before the horizon."""
        after = self._last_of_month() + timedelta(days=1)
        return self.url(month=f"{after:%Y-%m}") if after <= self.last else ""

    def url(self, **changes: str) -> str:
        """This page with another day or month, and everything else as it is."""
        query = self.query.copy()
        for name in ("day", "month", "start"):
            query.pop(name, None)
        query.update(changes)
        return f"?{query.urlencode()}"

    def _days(self) -> list[date]:
        return [self.month + timedelta(days=number) for number in range((self._last_of_month() - self.month).days + 1)]

    def _last_of_month(self) -> date:
        return self.month.replace(day=calendar.monthrange(self.month.year, self.month.month)[1])

    def _cell(self, day: date, free: int) -> DayCell:
        is_other = day.month != self.month.month
        url = self.url(day=day.isoformat()) if free and not is_other else ""
        return DayCell(day, free, url, is_chosen=day == self.day and not is_other, is_other_month=is_other)

    def _time(self, start: Minutes) -> Time:
        moment = slots.at(start).astimezone(self.zone)
        label = clock_label(moment)
        part = next(name for until, name in PARTS if moment.hour < until)
        return Time(start, label, part, self.places.get(start, 0))


def clock_label(moment: datetime) -> str:
    """What the clock shows, as the reader writes it; with its offset where it shows it twice."""
    label = format_time(moment, "short", locale=locale_of(get_language() or "en"))
    twice = moment.tzinfo is not None and time_zones.happens_twice(moment, moment.tzinfo)
    return f"{label} {time_zones.offset_name(moment)}" if twice else label


def day_from(text: str) -> date | None:
    """A day in an address, if it is one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def month_from(text: str) -> date | None:
    """A month in an address, if it is one."""
    return day_from(f"{text}-01")


def start_from(text: str) -> datetime | None:
    """The instant that a number of minutes in an address or a form means, if it is one."""
    return slots.at(int(text)) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None
