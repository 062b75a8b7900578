"""Dates, times, numbers and amounts as one recipient of a document writes them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from branding.queries import locale_of
from core.kernel import time_zones
from core.kernel.money import Money


@dataclass(frozen=True)
class Formatter:
    """Writes dates, times, numbers and amounts in one language and zone."""

    language: str
    time_zone: str

    def day(self, day: date) -> str:
        return format_date(day, format="long", locale=self._locale)

    def month(self, first: date) -> str:
        """“November 2026”."""
        return format_date(first, "LLLL y", locale=self._locale)

    def moment(self, at: datetime) -> str:
        """Date and time where the reader is, with the name that the zone's own rules give that clock, and its offset.

        Never the library's word, because it takes every shift for summer, and some laws shift in winter.
        """
        local = at.astimezone(ZoneInfo(self.time_zone))
        hour = format_time(local, "short", locale=self._locale).replace("\u202f", "\u00a0")  # which every font has
        offset, name = time_zones.offset_name(local), time_zones.own_name(local)
        return f"{self.day(local.date())}, {hour} {offset if name == offset else f'{name} ({offset})'}"

    def money(self, amount: Money) -> str:
        return amount.format(self.language)

    def number(self, number: Decimal) -> str:
        return format_decimal(number, locale=self._locale)

    @property
    def _locale(self) -> Locale:
        """The language as it is written in the organization's country, where such a custom is known: English dates differ most."""
        return locale_of(self.language)
