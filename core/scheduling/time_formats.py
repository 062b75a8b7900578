"""An appointment's time in words: day, hours and zone, as somebody in that zone reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Literal

from babel.core import Locale
from babel.dates import format_date, format_skeleton, format_time, get_timezone_name

from branding.queries import locale_of
from core.kernel import time_zones
from core.kernel.translation import language_in_force, translate, translate_plural
from core.scheduling.rules import wall_time
from core.scheduling.rules.reminders import DAY, HOUR


@dataclass(frozen=True, slots=True)
class FormattedTime:
    """The parts of a sentence about a time."""

    day: str  # Tuesday, 3 November 2026
    short_day: str  # Tue, 3 Nov
    hours: str  # 10:00 – 10:50
    start: str  # 10:00
    place: str  # Europe/Berlin
    zone: str  # Central European Time (Europe/Berlin)

    def __str__(self) -> str:
        return f"{self.day}, {self.hours}, {self.zone}"


def format_time_span(starts_at: datetime, ends_at: datetime, *, zone: str, language: str) -> FormattedTime:
    """Write the span for a reader of `language` in the IANA zone `zone`; with offsets where a time would be misread without."""
    return _written(starts_at, ends_at, zone, locale_of(language))


@lru_cache(maxsize=4096)
def _written(starts_at: datetime, ends_at: datetime, zone: str, locale: Locale) -> FormattedTime:
    """Kept, because lists say it again and again of the same appointments, and the zone's name takes long to find."""
    where = wall_time.zone(zone)
    starts, ends = starts_at.astimezone(where), ends_at.astimezone(where)
    first, last = format_time(starts, "short", locale=locale), format_time(ends, "short", locale=locale)
    if time_zones.needs_offset(starts_at, ends_at, where):
        first, last = f"{first} {time_zones.offset_name(starts)}", f"{last} {time_zones.offset_name(ends)}"
    if starts.date() != ends.date():
        last = f"{format_skeleton('MMMEd', ends.date(), locale=locale)}, {last}"
    place = zone.replace("_", " ")
    return FormattedTime(
        day=format_date(starts.date(), "full", locale=locale),
        short_day=format_skeleton("MMMEd", starts.date(), locale=locale),
        hours=f"{first} – {last}",
        start=first,
        place=place,
        zone=f"{_zone_name(starts, locale)} ({place})",
    )


def _zone_name(moment: datetime, locale: Locale) -> str:
    """Central European Summer Time. Babel takes every shift for summer, and Ireland's is in winter: so we tell it which is which."""
    variant: Literal["daylight", "standard"] = "daylight" if time_zones.is_summer(moment) else "standard"
    return get_timezone_name(moment, zone_variant=variant, locale=locale)


def clock_label(at: time) -> str:
    """“21:00”, as the language in force writes it."""
    return format_time(at, "short", locale=locale_of(language_in_force()))


def lead_label(minutes: int) -> str:
    """“2 hours before”, in the language in force."""
    if minutes % DAY == 0 and minutes > DAY:
        return translate_plural("%(number)s day before", "%(number)s days before", minutes // DAY)
    if minutes % HOUR == 0:
        return translate_plural("%(number)s hour before", "%(number)s hours before", minutes // HOUR)
    return translate_plural("%(number)s minute before", "%(number)s minutes before", minutes)


def leads_label(minutes: Sequence[int]) -> str:
    """All of them in one line; “no reminder” for none."""
    return ", ".join(lead_label(each) for each in minutes) if minutes else translate("no reminder")
