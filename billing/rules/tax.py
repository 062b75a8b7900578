"""Tax on an invoice.

Lines with the same rate are added up first and taxed once, so that an invoice never shows a tax that differs from its own sum by a cent
(EN 16931, BR-CO-17). Where prices are net, tax comes on top; where they include tax, the tax is the part of the sum that belongs to it.
Amounts round half up to the minor unit. A rate of 0 is listed as well, because a reader wants to see that none was taken.
docs/rules/tax.md has a worked table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.translation import translate


@dataclass(frozen=True, slots=True)
class Line:
    """One amount and its rate in per cent."""

    amount: Money
    rate: Decimal


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What falls under one rate."""

    rate: Decimal
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Totals:
    """An invoice added up: net + tax = gross, for each rate and for the whole."""

    net: Money
    tax: Money
    gross: Money
    by_rate: tuple[RateTotal, ...]


def totals_of(lines: Iterable[Line], *, currency: str, included: bool) -> Totals:
    """Add up the lines. `included` says that amounts hold their tax already. Error: `tax_rate_invalid`."""
    sums: dict[Decimal, Money] = {}
    for line in lines:
        rate = checked_rate(line.rate)
        sums[rate] = sums.get(rate, Money.zero(currency)) + line.amount
    parts = tuple(_split(rate, amount, included) for rate, amount in sorted(sums.items()))
    net = Money.total((part.net for part in parts), currency)
    tax = Money.total((part.tax for part in parts), currency)
    return Totals(net, tax, net + tax, parts)


def checked_rate(rate: Decimal) -> Decimal:
    """Return the rate without trailing zeros, so that 19 and 19.00 are one rate."""
    if not rate.is_finite() or not 0 <= rate < 100:
        raise DomainError("tax_rate_invalid", translate("A tax rate is between 0 and 100 per cent."), field="tax_rate")
    return Decimal(f"{rate.normalize():f}")


def _split(rate: Decimal, amount: Money, included: bool) -> RateTotal:
    if not included:
        return RateTotal(rate, amount, amount.percent(rate))
    exact = Decimal(amount.amount) * rate / (100 + rate)
    tax = Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), amount.currency)
    return RateTotal(rate, amount - tax, tax)
