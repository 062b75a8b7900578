"""What a practitioner earns by one appointment.

A rate is an amount each time, an amount per hour (times the minutes charged), or a share of the price: of the full prices, without tax, of all
who had a place, whatever each of them is charged. Of two rates of a practitioner the one for the service holds, else the one for everything
else. What became of the appointment decides which part of the wage is earned: its completion type says so, also in a group in which it ended
otherwise for some. When one place of a group is cancelled late and the others go on, only a share of the price is earned by it, because time is
paid with the group. The answer is worked out once, at completion or cancellation, and stays. Amounts round half up to the minor unit.
docs/rules/wage.md has a worked table.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from billing.wages.reasons import WageReason
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.kernel.reasons import Reason
from core.kernel.translation import translate

WHOLE = Decimal(100)


class Basis(StrEnum):
    """What a rate counts."""

    APPOINTMENT = "appointment"
    HOUR = "hour"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Terms:
    """One rate: an amount for the first two, `share` in per cent for the third."""

    basis: Basis
    amount: Money | None = None
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is known when it ends. `price`: of all places, in full, without tax; None where it is not known. `part` in per cent of the wage."""

    terms: Terms
    minutes: int = 60
    price: Money | None = None
    part: Decimal = WHOLE
    completion: str | OwnText = ""
    is_one_place: bool = False


@dataclass(frozen=True, slots=True)
class Earned:
    """The amount, and the reason that explains it."""

    amount: Money
    reason: Reason


def checked(terms: Terms) -> Terms:
    """The same terms. Errors: `wage_amount_missing`, `wage_share_invalid`."""
    if terms.basis == Basis.SHARE:
        if terms.share is None or not 0 < terms.share <= WHOLE:
            raise DomainError(
                "wage_share_invalid", translate("A share is above 0 and at most 100 per cent."), field="share"
            )
    elif terms.amount is None or terms.amount.amount <= 0:
        raise DomainError("wage_amount_missing", translate("Enter an amount above zero."), field="amount")
    return terms


def earned_by(question: Question) -> Earned | None:
    """What is earned and why; None where it depends on a price that is not known, or is earned with the group."""
    full = _full(question)
    if full is None:
        return None
    amount, why = full
    if question.part == WHOLE:
        return Earned(amount, Reason(WageReason.WAGE, {"wage": why}))
    values = {"part": question.part, "wage": why, "reason": question.completion}
    return Earned(amount.percent(question.part), Reason(WageReason.WAGE_PART_BECAUSE, values))


def _full(question: Question) -> tuple[Money, Reason] | None:
    terms = question.terms
    if terms.basis == Basis.SHARE:
        if question.price is None or terms.share is None:
            return None
        values = {"share": terms.share, "amount": question.price}
        return question.price.percent(terms.share), Reason(WageReason.WAGE_SHARE, values)
    if terms.amount is None or question.is_one_place:
        return None
    if terms.basis == Basis.APPOINTMENT:
        return terms.amount, Reason(WageReason.WAGE_FIXED, {"amount": terms.amount})
    timed = terms.amount.fraction(question.minutes, 60)
    return timed, Reason(WageReason.WAGE_PER_HOUR, {"amount": terms.amount, "minutes": question.minutes})
