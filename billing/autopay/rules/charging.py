"""When the card on file is charged, and when again.

By itself never; or when an invoice is issued; or on the day on which it is due. It is charged only with a mandate that its holder has given
and not withdrawn, with a card that has not expired, and only what is due then. Nothing is charged by itself while payment is promised, while
it is stopped by hand, while a bank decides about a payment of it, or after money of the invoice went back.

After a refusal it is tried again by the plan: so many days after the first try each, those left out that are empty. When the bank wants its
holder to confirm it, it is not tried again: they get a link by mail. docs/rules/charging.md has the worked tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class When(StrEnum):
    """When an invoice is charged by itself."""

    NEVER = "never"
    ISSUED = "issued"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of an invoice on a day."""

    due_on: date
    is_open: bool = True
    has_mandate: bool = True
    is_stopped: bool = False
    promised_until: date | None = None
    has_refund: bool = False


def charges_on(day: date, when: When, standing: Standing) -> bool:
    """Whether the first charge by itself is for this day, or was for an earlier one."""
    if when == When.NEVER or is_held_back(day, standing):
        return False
    return when == When.ISSUED or day >= standing.due_on


def is_held_back(day: date, standing: Standing) -> bool:
    """Whether nothing is charged by itself on this day."""
    if not standing.is_open or not standing.has_mandate or standing.is_stopped or standing.has_refund:
        return True
    return standing.promised_until is not None and day <= standing.promised_until


def next_try(first_on: date, tries: int, plan: Sequence[int | None]) -> date | None:
    """The day of the next try after so many; None when the plan is over."""
    days = sorted(each for each in plan if each is not None)
    return first_on + timedelta(days=days[tries - 1]) if 0 < tries <= len(days) else None


def expires_soon(year: int, month: int, today: date) -> bool:
    """Whether the card is valid until the end of next month or less, and still valid now."""
    ahead = (year - today.year) * 12 + month - today.month
    return 0 <= ahead <= 1
