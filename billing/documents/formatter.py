"""Dates, times, numbers and amounts as one recipient of a document writes them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal

from branding.queries import locale_of
from core.kernel.money import Money


@dataclass(frozen=True)
class Formatter:
    """Writes dates, times, numbers and amounts in one language and zone."""

    language: str
    time_zone: str

    def day(self, day: date) -> str:
        return format_date(day, format="long", locale=self._locale)

    def moment(self, at: datetime) -> str:
        """Date and time where the reader is, with the zone."""
        local = at.astimezone(ZoneInfo(self.time_zone))
        hour = format_time(local, "short", locale=self._locale).replace("\u202f", "\u00a0")  # which every font has
        return f"{self.day(local.date())}, {hour} {format_datetime(local, 'zzz', locale=self._locale)}"

    def money(self, amount: Money) -> str:
        return amount.format(self.language)

    def number(self, number: Decimal) -> str:
        return format_decimal(number, locale=self._locale)

    @property
    def _locale(self) -> Locale:
        """The language as it is written in the organization's country, where such a custom is known: English dates differ most."""
        return locale_of(self.language)
