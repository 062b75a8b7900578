"""What a credit note takes from an invoice.

A credit note corrects an invoice that was issued: in whole, by lines, or by an amount. Never more is credited than is still claimed, and of each
tax rate never more than the invoice has. Lines are credited as they stand on the invoice. An amount includes its tax; it is spread over the tax
rates in proportion to what is left of each, and a minor unit that is left over goes to the largest remainder. The tax of a credit is the tax of
everything credited so far less what was credited before: so credits that take the whole invoice take exactly its tax, in whatever parts.

What is due goes first. Only what exceeds it was paid already: it stays as credit on account, or is refunded, as is chosen.
docs/rules/credit-notes.md has a worked table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from billing.rules.tax import Line, RateTotal, totals_of
from core.kernel.errors import ConflictError, DomainError
from core.kernel.money import Money
from core.kernel.translation import translate


@dataclass(frozen=True, slots=True)
class Remainder:
    """One tax rate of an invoice: what was invoiced under it, and what credit notes have taken so far."""

    invoiced: RateTotal
    net: Money
    tax: Money

    @property
    def rate(self) -> Decimal:
        return self.invoiced.rate

    @property
    def left(self) -> Money:
        """With its tax."""
        return self.left_net + self.left_tax

    @property
    def left_net(self) -> Money:
        return self.invoiced.net - self.net

    @property
    def left_tax(self) -> Money:
        return self.invoiced.tax - self.tax


def remainders_of(invoiced: Sequence[RateTotal], credited: Sequence[RateTotal], currency: str) -> list[Remainder]:
    """What is left of each rate."""
    zero = Money.zero(currency)
    found = []
    for part in invoiced:
        taken = [each for each in credited if each.rate == part.rate]
        net, tax = (
            Money.total((each.net for each in taken), currency),
            Money.total((each.tax for each in taken), currency),
        )
        found.append(Remainder(part, net or zero, tax or zero))
    return found


def by_amount(amount: Money, remainders: Sequence[Remainder]) -> list[RateTotal]:
    """The amount, tax included, spread over the rates. Error: `amount_too_high`."""
    shares = _spread(amount, [each.left for each in remainders])
    parts = [_of_gross(each, share) for each, share in zip(remainders, shares, strict=True) if share]
    return [part for part in parts if part.net or part.tax]


def by_lines(lines: Sequence[Line], remainders: Sequence[Remainder], *, included: bool) -> list[RateTotal]:
    """Whole lines as they stand on the invoice; `included` says that they hold their tax. Error: `lines_too_high`."""
    sums: dict[Decimal, Money] = {}
    for part in totals_of(lines, currency=remainders[0].left.currency, included=included).by_rate:
        sums[part.rate] = part.net + part.tax if included else part.net
    known = {each.rate: each for each in remainders}
    return [_of_lines(known[rate], amount, included) for rate, amount in sums.items() if amount]


def gross_of(parts: Sequence[RateTotal], currency: str) -> Money:
    """What these come to, with tax."""
    return Money.total((part.net + part.tax for part in parts), currency)


def check_amount(amount: Money, left: Money) -> None:
    """Refuse what cannot be credited of an invoice of which this much is still claimed. Errors: `amount_invalid`, `amount_too_high`."""
    if amount.currency != left.currency or amount.amount <= 0:
        raise DomainError(
            "amount_invalid",
            translate("Enter an amount in %(currency)s above zero.", currency=left.currency),
            field="price",
        )
    if amount > left:
        raise DomainError(
            "amount_too_high",
            translate("Only %(left)s is left to credit: the rest was credited already.", left=left),
            field="price",
        )


def paid_part(credited: Money, due: Money) -> Money:
    """How much of a credit was paid already: what exceeds the amount due."""
    return credited - due if credited > due else Money.zero(due.currency)


def _of_gross(remainder: Remainder, gross: Money) -> RateTotal:
    so_far = remainder.net + remainder.tax + gross
    tax = _tax_within(so_far, remainder.rate) - remainder.tax
    tax = _between(gross - remainder.left_net, tax, min(remainder.left_tax, gross))
    return RateTotal(remainder.rate, gross - tax, tax)


def _of_lines(remainder: Remainder, amount: Money, included: bool) -> RateTotal:
    if amount > (remainder.left if included else remainder.left_net):
        raise ConflictError(
            "lines_too_high",
            translate("Of these lines, a part was credited already. Credit an amount instead."),
        )
    if included:
        return _of_gross(remainder, amount)
    tax = (remainder.net + amount).percent(remainder.rate) - remainder.tax
    zero = Money.zero(amount.currency)
    whole = amount == remainder.left_net
    return RateTotal(remainder.rate, amount, remainder.left_tax if whole else _between(zero, tax, remainder.left_tax))


def _tax_within(gross: Money, rate: Decimal) -> Money:
    exact = Decimal(gross.amount) * rate / (100 + rate)
    return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), gross.currency)


def _between(least: Money, amount: Money, most: Money) -> Money:
    zero = Money.zero(amount.currency)
    return max(least, zero, min(amount, most))


def _spread(amount: Money, limits: Sequence[Money]) -> list[Money]:
    """Parts in proportion to the limits, none above its own."""
    whole = sum(limit.amount for limit in limits)
    if amount.amount > whole:
        raise ConflictError("amount_too_high", translate("Less than that is left to credit."))
    exact: Mapping[int, tuple[int, int]] = {
        at: divmod(amount.amount * limit.amount, whole) for at, limit in enumerate(limits)
    }
    parts = [exact[at][0] for at in range(len(limits))]
    missing = amount.amount - sum(parts)
    for at in sorted(exact, key=lambda at: -exact[at][1])[:missing]:
        parts[at] += 1
    return [Money(part, amount.currency) for part in parts]
