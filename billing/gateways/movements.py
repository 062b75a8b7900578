"""What billing asks of a processor to compare its books with: every movement of money on the organization's account."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement, with what it was for as that stands now.

    `kind`: payment, refund, dispute, or other for what is none of these; payouts and fees are left out. `key`: the processor's number of it.
    `payment`: that of the payment it belongs to. `amount`: what of it is in force: nothing of a payment that failed, a refund that was sent
    back, a dispute that was won.
    """

    kind: str
    key: str
    payment: str
    amount: Money
    words: str = ""


class MovementsGateway(Protocol):
    """A processor whose books can be read."""

    def movements(self, account: str, since: datetime | None) -> Iterator[Movement]:
        """Every movement since a moment, or since there is the account, in pages, the latest first. One thing may move more than once."""
        ...
