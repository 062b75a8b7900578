"""What a payer's dispute with their bank does to the books, and until when it is answered.

A bank that takes a payment back withdraws the money first and decides later. What was withdrawn stands as a row in the ledger: the money is not
there, and what it paid is due again. While the bank decides, nobody is asked to pay it once more. A dispute that is won brings the money back; one
that is lost leaves it due, and whoever bills says what becomes of the claim. An inquiry of the bank withdraws nothing. Each event says how much
money is away now, and the books follow that, in whatever order the events come; news that are older than what is known change nothing. Of a
payment of several invoices, what was paid beyond a claim goes first, then the invoices in order. What is more than the payment has left is in no
book, and whoever bills is told. They are told when a dispute is opened, three days and one day before its last day as long as it is not answered,
and when it is decided.
docs/rules/disputes.md has a worked table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.kernel.money import Money


class DisputeState(StrEnum):
    """Where a dispute stands, in the processor's words: first an inquiry, if there is one."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response"
    WARNING_UNDER_REVIEW = "warning_under_review"
    WARNING_CLOSED = "warning_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    PREVENTED = "prevented"
    WON = "won"
    LOST = "lost"


_ORDER = list(DisputeState)
ANSWERABLE = frozenset({DisputeState.WARNING_NEEDS_RESPONSE, DisputeState.NEEDS_RESPONSE})
RUNNING = ANSWERABLE | {DisputeState.WARNING_UNDER_REVIEW, DisputeState.UNDER_REVIEW}
TOLD_BEFORE = (timedelta(days=3), timedelta(days=1))


@dataclass(frozen=True, slots=True)
class News:
    """What an event says: how it stands, and how often money has moved for it."""

    state: DisputeState
    movements: int


def is_news(known: News, heard: News) -> bool:
    """Whether what was heard is as new as what is known. Decided ones may be decided anew, which moves money."""
    if heard.movements != known.movements:
        return heard.movements > known.movements
    return _ORDER.index(heard.state) >= _ORDER.index(known.state)


def withdrawn(movements: Iterable[int], amount: Money) -> Money:
    """How much of the disputed amount is away. `movements`: what each has brought to the account; below zero was taken.

    They may be in the currency in which the account is paid out, so only their sign counts.
    """
    return amount if sum(movements) < 0 else Money.zero(amount.currency)


def spread(amount: Money, limits: Sequence[Money]) -> list[Money]:
    """The parts of an amount, each within its limit, the first ones first; what does not fit is in none of them."""
    parts = []
    for limit in limits:
        part = max(min(amount, limit), Money.zero(amount.currency))
        parts.append(part)
        amount -= part
    return parts


def is_reminded(state: DisputeState, due_at: datetime | None, told: int, now: datetime) -> bool:
    """Whether whoever bills is told once more that the last day comes near; `told`: how often they were."""
    if state not in ANSWERABLE or due_at is None or now >= due_at or told >= len(TOLD_BEFORE):
        return False
    return now >= due_at - TOLD_BEFORE[told]


def can_be_answered(state: DisputeState, due_at: datetime | None, now: datetime) -> bool:
    """Whether evidence can still be sent: it is waited for, and its last day is not over."""
    return state in ANSWERABLE and (due_at is None or now < due_at)
