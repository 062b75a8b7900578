"""Which package meets what is owed for an appointment, and with how many units.

A package meets a charge if it is for the service, can be used, is not frozen on the day of the appointment, and is valid on that day. Of several
the one that expires first is used first, then the one that was bought first; what one has not enough of is met from the next, and what all of
them have not is charged in money. An appointment takes one unit of a package of appointments, its minutes of a package of hours, and its price
of a package of money in the same currency; of what was not held as booked, the share that its completion type charges. A weekly limit counts
the units used for appointments of that week, from Monday. An amount that somebody has set by hand for the appointment is charged, and no package
meets it. Parts round half up. docs/rules/unit-use.md has a worked table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from core.kernel.money import Money

ONE = 100  # an appointment's unit is kept in hundredths, because half of one can be charged
HOUR = 60
LOW, LAST, NONE = 2, 1, 0


class Unit(StrEnum):
    """What a package counts: appointments in hundredths, hours in minutes, money in minor units."""

    APPOINTMENT = "appointment"
    HOUR = "hour"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one package on the day of the appointment. `in_week`: what its weekly limit still leaves; None without one."""

    key: Any
    unit: Unit
    left: int
    currency: str
    bought_at: datetime
    expires_on: date | None = None
    frozen: tuple[date, date] | None = None
    in_week: int | None = None

    @property
    def available(self) -> int:
        return max(0, self.left if self.in_week is None else min(self.left, self.in_week))

    def is_usable_on(self, day: date) -> bool:
        """Whether it is valid that day and not frozen."""
        if self.frozen is not None and self.frozen[0] <= day <= self.frozen[1]:
            return False
        return self.expires_on is None or day <= self.expires_on


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed: the amount that its share comes to, the minutes, and that share in per cent."""

    amount: Money
    minutes: int
    share: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class Use:
    """So many units of one package, and how much of the amount they meet."""

    key: Any
    units: int
    met: Money


@dataclass(frozen=True, slots=True)
class Met:
    """What is taken from which package, and what is left to be charged."""

    uses: tuple[Use, ...]
    left: Money


def in_order(lots: Iterable[Lot]) -> list[Lot]:
    """Whichever expires first, first; what never does, last; of equal ones the one bought first."""
    return sorted(lots, key=lambda lot: (lot.expires_on or date.max, lot.bought_at, str(lot.key)))


def meet(due: Due, lots: Sequence[Lot], *, day: date) -> Met:
    """Take from the packages what they have of it."""
    uses: list[Use] = []
    open_part, left = Fraction(1), due.amount
    for lot in in_order(lots):
        needed = needed_of(due, lot.unit)
        if not left or needed <= 0 or not lot.is_usable_on(day):
            continue
        if lot.unit == Unit.MONEY and lot.currency != due.amount.currency:
            continue
        wanted = left.amount if lot.unit == Unit.MONEY else max(1, _rounded(needed * open_part))
        taken = min(wanted, lot.available)
        if taken <= 0:
            continue
        open_part = Fraction(0) if taken == wanted else open_part - Fraction(taken, needed)
        after = Money(_rounded(due.amount.amount * open_part), due.amount.currency)
        if lot.unit == Unit.MONEY:
            after = left - Money(taken, left.currency)
        uses.append(Use(lot.key, taken, left - after))
        left = after
    return Met(tuple(uses), left)


def needed_of(due: Due, unit: Unit) -> int:
    """How many units of this kind the whole of it takes."""
    share = Fraction(due.share) / 100
    if unit == Unit.APPOINTMENT:
        return _rounded(ONE * share)
    if unit == Unit.HOUR:
        return _rounded(due.minutes * share)
    return due.amount.amount


def level_of(left: int, total: int, unit: Unit) -> int | None:
    """How little is left: none, the last unit, two units; None while it is more. Of money a tenth is the last, a fifth counts as two."""
    if left <= 0:
        return NONE
    one = {Unit.APPOINTMENT: ONE, Unit.HOUR: HOUR, Unit.MONEY: max(1, total // 10)}[unit]
    return LAST if left <= one else LOW if left <= 2 * one else None


def week_of(day: date) -> tuple[date, date]:
    """Its Monday and its Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _rounded(exact: Fraction | int) -> int:
    found = Fraction(exact)
    return int((Decimal(found.numerator) / Decimal(found.denominator)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
