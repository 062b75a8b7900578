"""How long a package is valid, and what its units are worth.

A package is valid for a number of days or months from the day it was bought, that day of the last month included, the month's last day where
there is no such day; or without end. Each day for which it is frozen moves the end by one day. Units that are left are written off a week after
the end, so that what was held in time and is noted late still counts. What is left of a package is worth its price times the units left by the
units bought, rounded half up; a row is worth the difference of what was left before and after, so that all rows together are the price.
docs/rules/package-terms.md has a worked table.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from billing.packages.rules.unit_use import HOUR, ONE, Unit
from core.kernel.errors import DomainError
from core.kernel.money import MOST, Money, minor_digits
from core.kernel.translation import translate

GRACE = timedelta(days=7)
MOST_UNITS = {Unit.APPOINTMENT: 1000 * ONE, Unit.HOUR: 5000 * HOUR}
LONGEST = {"days": 3650, "months": 120}
LONGEST_FREEZE = timedelta(days=366)


class Period(StrEnum):
    """In what a package's validity is counted."""

    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Validity:
    """So many days or months; None: without end."""

    count: int | None = None
    period: Period = Period.MONTHS


def last_day(bought_on: date, validity: Validity) -> date | None:
    """The last day on which it can be used."""
    if validity.count is None:
        return None
    if validity.period == Period.DAYS:
        return bought_on + timedelta(days=validity.count)
    months = bought_on.month - 1 + validity.count
    year, month = bought_on.year + months // 12, months % 12 + 1
    return date(year, month, min(bought_on.day, calendar.monthrange(year, month)[1]))


def frozen_days(first: date, last: date) -> int:
    """How many days a freeze takes, both included."""
    return (last - first).days + 1


def worth(price: Money, left: int, total: int) -> Money:
    """What so many of its units are worth."""
    return Money((2 * price.amount * left + total) // (2 * total), price.currency)


def checked_units(amount: Decimal, unit: Unit, currency: str) -> int:
    """The units as they are kept. Errors: `units_invalid`."""
    size = {Unit.APPOINTMENT: ONE, Unit.HOUR: HOUR, Unit.MONEY: 10 ** minor_digits(currency)}[unit]
    exact = amount * size
    whole = exact == exact.to_integral_value() and (unit != Unit.APPOINTMENT or amount == amount.to_integral_value())
    most = MOST_UNITS.get(unit, most_money(currency))
    if not whole or not 0 < exact <= most:
        raise DomainError("units_invalid", _units_sentence(unit, currency), field="units")
    return int(exact)


def _units_sentence(unit: Unit, currency: str) -> str:
    if unit == Unit.APPOINTMENT:
        return translate("Enter a whole number from 1 to 1000.")
    if unit == Unit.HOUR:
        return translate("Enter hours above zero, at most 5000, that come to whole minutes.")
    return translate(
        "Enter an amount in %(currency)s above zero, with no more decimals than it has.", currency=currency
    )


def most_money(currency: str) -> int:
    """The highest amount that anybody means, in minor units."""
    return int(MOST * 10 ** max(minor_digits(currency), 2))


def checked_validity(validity: Validity) -> Validity:
    """The same. Errors: `validity_invalid`."""
    if validity.count is not None and not 1 <= validity.count <= LONGEST[validity.period]:
        raise DomainError("validity_invalid", translate("At most ten years, at least one day."), field="valid_count")
    return validity


def checked_price(price: Money) -> Money:
    """The same. Errors: `price_invalid`."""
    if not 0 < price.amount <= most_money(price.currency):
        raise DomainError("price_invalid", translate("Enter a price above zero, at most a million."), field="price")
    return price
