"""Money as integer minor units and an ISO 4217 code; no floats anywhere.

Minor units follow ISO 4217 as CLDR prints them. Splitting and percentages round half up, away from zero, to the minor unit, and `split`
hands the left-over units to the first shares so that the shares always add up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency, get_currency_precision

from core.kernel.errors import DomainError
from core.kernel.translation import translate

MOST = 1_000_000  # of a currency with two decimals; nobody here means more, and a slip of the finger is stopped
# "1,234,567.50", "1.234.567,50", "1 234,50": groups of three with one sign, decimals with another.
GROUPED = re.compile(
    r"(-?[1-9][0-9]{0,2}(?:(?P<group>[.,'’ \u00a0\u202f])[0-9]{3})(?:(?P=group)[0-9]{3})*)(?:(?!(?P=group))[.,]([0-9]+))?"
)
PLAIN = re.compile(r"(-?[0-9]+)(?:[.,]([0-9]+))?")
# "1,000" may be a thousand or one.
TWO_WAYS = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """`amount` in minor units (cents, yen, fils) of `currency` (ISO 4217, upper case)."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            raise TypeError("Money takes an integer number of minor units")
        if len(self.currency) != 3 or not self.currency.isupper():
            raise ValueError(f"not an ISO 4217 code: {self.currency!r}")

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read what a person typed, as English ("1,234.50"), German and Spanish ("1.234,50") or French ("1 234,50") write it: 1234.50 EUR -> 123450.

        Errors: `amount_invalid` (no amount, or too many decimals), `amount_unclear` ("1,000" may be a thousand or one), `amount_too_high`.
        """
        whole, decimals = _parts(text.strip(), currency)
        digits = minor_digits(currency)
        if len(decimals) > digits and decimals[digits:].strip("0"):
            raise DomainError(
                "amount_invalid",
                translate("“%(text)s” has more decimals than %(currency)s allows.", text=text, currency=currency),
            )
        most = cls(MOST * 10 ** max(digits, 2), currency)
        minor = whole + decimals[:digits].ljust(digits, "0")
        if len(minor) > 18 or int(minor) > most.amount:
            raise DomainError(
                "amount_too_high",
                translate("At most %(amount)s can be entered.", amount=most),
            )
        return cls(int(minor), currency)

    @classmethod
    def total(cls, parts: Iterable[Money], currency: str) -> Money:
        return sum(parts, cls.zero(currency))

    @classmethod
    def sum_of(cls, parts: Iterable[Money]) -> Money | None:
        """The sum, where there is one: None of nothing, and where the currencies differ."""
        amounts = list(parts)
        currencies = {each.currency for each in amounts}
        return cls.total(amounts, amounts[0].currency) if len(currencies) == 1 else None

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other).amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.amount * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other).amount

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other).amount

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other).amount

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other).amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount).scaleb(-minor_digits(self.currency))

    def percent(self, percent: Decimal) -> Money:
        """Return `percent` per cent of this, rounded half up to the minor unit."""
        exact = Decimal(self.amount) * percent / 100
        return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), self.currency)

    def fraction(self, part: int, whole: int) -> Money:
        """Return `part` of `whole` equal parts of this, as 50 minutes of an hour; exact, and rounded half up to the minor unit."""
        sign = -1 if self.amount < 0 else 1
        return Money(sign * ((2 * abs(self.amount) * part + whole) // (2 * whole)), self.currency)

    def split(self, shares: int) -> list[Money]:
        """Divide into `shares` amounts that differ by at most one minor unit and add up to this."""
        sign = -1 if self.amount < 0 else 1
        whole, left = divmod(abs(self.amount), shares)
        return [Money(sign * (whole + (index < left)), self.currency) for index in range(shares)]

    def format(self, language: str = "en") -> str:
        """Return the amount as a reader of `language` (a BCP 47 tag) writes it."""
        return format_currency(self.decimal, self.currency, locale=language.replace("-", "_"))

    def in_language(self, language: str) -> str:
        """The same, as a sentence fills itself with it (`translate`)."""
        return self.format(language)

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot combine {self.currency} with {other.currency}")
        return other


def minor_digits(currency: str) -> int:
    """Return how many decimals the currency has: EUR 2, JPY 0, KWD 3."""
    return get_currency_precision(currency)


def _parts(text: str, currency: str) -> tuple[str, str]:
    """The digits before and after the decimal sign."""
    if TWO_WAYS.fullmatch(text) and not (
        "." in text and minor_digits(currency) == 3
    ):  # 1.000 is one dinar, as we write it
        raise DomainError(
            "amount_unclear",
            translate("“%(text)s” can be read in two ways. Write it like 1000.00 or 1.00.", text=text),
        )
    plain = PLAIN.fullmatch(text)
    if plain:
        return plain[1], plain[2] or ""
    grouped = GROUPED.fullmatch(text)
    if grouped is None:
        raise DomainError("amount_invalid", translate("“%(text)s” is not an amount. Write it like 45.00.", text=text))
    return re.sub("[^0-9-]", "", grouped[1]), grouped[3] or ""
