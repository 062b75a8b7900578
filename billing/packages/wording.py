"""Units in words, in the language in force."""

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from billing.packages.models import CountedModel, Purchase
from billing.packages.rules.unit_use import HOUR, ONE, Unit
from branding.queries import locale_of
from core.kernel.money import Money
from core.kernel.translation import language_in_force, translate, translate_plural


def said(units: int, counted: CountedModel) -> str:
    """So many of its units: “3”, “2.5 h”, “€40.00”."""
    if counted.counts == Unit.MONEY:
        return Money(units, counted.currency).format(language_in_force())
    if counted.counts == Unit.HOUR:
        return translate("%(hours)s h", hours=_number(Decimal(units) / HOUR))
    return _number(Decimal(units) / ONE)


def contents(counted: CountedModel) -> str:
    """All of it: “10 sessions”, “5 h”, “€500.00”."""
    if counted.counts != Unit.APPOINTMENT:
        return said(counted.units, counted)
    count = counted.units // ONE
    return translate_plural("%(count)s %(appointment)s", "%(count)s %(appointments)s", count, count=count)


def left_in_words(purchase: Purchase, left: int) -> str:
    """“3 of 10 left”."""
    return translate("%(left)s of %(total)s left", left=said(left, purchase), total=said(purchase.units, purchase))


def day(value: date) -> str:
    return format_date(value, "long", locale=locale_of(language_in_force()))


def validity_in_words(purchase: Purchase) -> str:
    """Until when, or that there is no end."""
    if purchase.expires_on is None:
        return translate("without end")
    return translate("valid until %(day)s", day=day(purchase.expires_on))


def _number(value: Decimal) -> str:
    return str(format_decimal(value.quantize(Decimal("0.01")).normalize(), locale=locale_of(language_in_force())))
