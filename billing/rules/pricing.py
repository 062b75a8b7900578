"""What an appointment costs a client.

One of three prices applies, the first that exists: an amount that somebody set for this appointment; the client's own rate for the
service; the price of the service. A price per hour is multiplied by the minutes charged. When the appointment was not held as booked
(cancelled late, missed), only the share that its completion type names is charged, of whichever price applies. The answer is worked
out once, when the appointment is completed, and stays: later changes of rates do not rewrite it. docs/rules/pricing.md has a worked table.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from billing.reasons import BillingReason
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.kernel.reasons import Reason, Value
from core.kernel.translation import translate

WHOLE = Decimal(100)


class Source(StrEnum):
    """Where a price came from."""

    OVERRIDE = "override"
    RATE = "rate"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Question:
    """What is known when the appointment ends. `share` in per cent; `minutes` only matters to prices per hour."""

    service: str | OwnText
    service_price: Money
    rate: Money | None = None
    override: Money | None = None
    override_reason: str = ""
    per_hour: bool = False
    minutes: int = 60
    share: Decimal = WHOLE
    completion: str | OwnText = ""


@dataclass(frozen=True, slots=True)
class Price:
    """The amount, which price it was, and the reason that explains it."""

    amount: Money
    source: Source
    reason: Reason


def price_of(question: Question) -> Price:
    """Return the price and why. Errors: `share_invalid`, `minutes_invalid`."""
    if not 0 <= question.share <= WHOLE:
        raise DomainError("share_invalid", translate("A completion type charges between 0 and 100 per cent."))
    if question.minutes < 0:
        raise DomainError("minutes_invalid", translate("The minutes charged cannot be negative."))
    source, full, why = _full_price(question)
    if question.share == WHOLE:
        return Price(full, source, Reason(BillingReason.PRICE, {"price": why}))
    return Price(full.percent(question.share), source, _share_of(question, why))


def _share_of(question: Question, why: Reason) -> Reason:
    values: dict[str, Value] = {"share": question.share, "price": why}
    if not question.completion:
        return Reason(BillingReason.PRICE_SHARE, values)
    return Reason(BillingReason.PRICE_SHARE_BECAUSE, {**values, "reason": question.completion})


def _full_price(question: Question) -> tuple[Source, Money, Reason]:
    if question.override is not None:
        return Source.OVERRIDE, question.override, _by_hand(question.override_reason)
    if question.rate is not None:
        why = Reason(BillingReason.PRICE_OF_RATE, {"service": question.service})
        return Source.RATE, *_timed(question, question.rate, why)
    why = Reason(BillingReason.PRICE_OF_SERVICE, {"service": question.service})
    return Source.SERVICE, *_timed(question, question.service_price, why)


def _by_hand(reason: str) -> Reason:
    if not reason:
        return Reason(BillingReason.PRICE_BY_HAND)
    return Reason(BillingReason.PRICE_BY_HAND_BECAUSE, {"reason": reason})


def _timed(question: Question, price: Money, why: Reason) -> tuple[Money, Reason]:
    if not question.per_hour:
        return price, why
    timed = Reason(BillingReason.PRICE_PER_HOUR, {"price": why, "minutes": question.minutes})
    return price.fraction(question.minutes, 60), timed
