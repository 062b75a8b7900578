"""How a payment moves on.

A payment only moves forward: started → waiting for the payer (3-D Secure) → processing → refused or succeeded → reversed. Events from
outside arrive late, twice or out of order; one that would move a payment back, or repeats where it is, is ignored. A refused payment
may still succeed, because the payer can try another card on the same attempt; one that succeeded is never refused afterwards.
docs/rules/payment-progress.md has a worked table.
"""

from enum import StrEnum


class PaymentState(StrEnum):
    """Where a payment stands."""

    STARTED = "started"
    WAITING = "waiting"
    PROCESSING = "processing"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    SUCCEEDED = "succeeded"
    REVERSED = "reversed"


RANK = {state: rank for rank, state in enumerate(PaymentState)}
FINAL = frozenset({PaymentState.CANCELLED, PaymentState.SUCCEEDED, PaymentState.REVERSED})
LIVE = frozenset(PaymentState) - FINAL


def moves_on(before: PaymentState, after: PaymentState) -> bool:
    """Whether the event is worth taking. A second refusal counts as well: it carries another reason."""
    if before == after == PaymentState.REFUSED:
        return True
    return RANK[after] > RANK[before]
