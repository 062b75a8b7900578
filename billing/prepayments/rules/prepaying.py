"""What is asked for when something is booked, and what becomes of it.

Asked for is nothing, an amount, a share of the price, or the whole price: by the rule of the service where it has one, else by the rule for
everything. A rule may be for first visits only. One client can be asked never, or always: always is by the rule, first visit or not, and the
whole price where the rule asks for nothing. Nobody is asked for more than the price. An amount in another currency than the price is none.
What packages meet is not asked for: the price is what they leave.

When it took place, or was cancelled late, or was missed, what it costs is taken from what was paid, and the rest goes back. Nothing is kept
beyond what is charged. docs/rules/prepaying.md has the worked tables.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.kernel.money import Money

LEAST_HOLD = timedelta(minutes=10)
AFTER_REFUSAL = timedelta(hours=1)


class Ask(StrEnum):
    """What a rule asks for."""

    NOTHING = "nothing"
    AMOUNT = "amount"
    SHARE = "share"
    FULL = "full"


class Exceptional(StrEnum):
    """What holds for one client, whatever the rule says."""

    NEVER = "never"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Terms:
    """A rule. `share` in per cent."""

    ask: Ask = Ask.NOTHING
    amount: Money | None = None
    share: int = 0
    is_for_first_visits: bool = False


def asked_for(
    price: Money, terms: Terms, *, is_first_visit: bool, exceptional: Exceptional | None = None
) -> Money | None:
    """What is to be paid in advance of this price; None for nothing."""
    if exceptional == Exceptional.NEVER or not price.amount:
        return None
    is_always = exceptional == Exceptional.ALWAYS
    if terms.is_for_first_visits and not is_first_visit and not is_always:
        return None
    asked = _by_rule(price, terms) or (price if is_always else None)
    return asked if asked is not None and asked.amount else None


def _by_rule(price: Money, terms: Terms) -> Money | None:
    if terms.ask == Ask.FULL:
        return price
    if terms.ask == Ask.SHARE:
        return price.percent(terms.share)
    if terms.ask == Ask.AMOUNT and terms.amount is not None and terms.amount.currency == price.currency:
        return min(terms.amount, price)
    return None


def used_of(prepaid: Money, charged: Money) -> Money:
    """How much of what was paid meets the charge; nothing in another currency."""
    return min(prepaid, charged) if prepaid.currency == charged.currency else Money.zero(prepaid.currency)


def held_until(now: datetime, hold: timedelta, starts_at: datetime) -> datetime:
    """Until when the place waits for the money: for so long, and never beyond the start."""
    return min(now + max(hold, LEAST_HOLD), starts_at)


def until_after_refusal(until: datetime, refused_at: datetime, starts_at: datetime) -> datetime:
    """The first refused payment leaves at least an hour from then."""
    return min(max(until, refused_at + AFTER_REFUSAL), starts_at)
