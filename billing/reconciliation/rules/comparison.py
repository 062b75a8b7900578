"""How the books are compared with the payment processor.

Both sides are looked at by the processor's own numbers: payments that came in, refunds that went out, and what banks hold back for disputes. What
stands on one side only, with another amount, or in another currency is a difference; so is money that moved there for none of these, a payment
whose rows in the ledger are not what it brought, and an invoice whose sums are not those of its rows. Of a refund that is spread over several
invoices the sum counts. Payouts to the organization's bank, and fees, are no business of the ledger. What has not succeeded, or has come back,
counts as nothing. Each difference says what it is and what to do; where the processor knows better, its side can be taken over.
docs/rules/comparison.md has a worked table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.kernel.money import Money


class Subject(StrEnum):
    """What a difference is about."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    MOVEMENT = "movement"
    LEDGER = "ledger"
    INVOICE = "invoice"


class Kind(StrEnum):
    """What it is."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    AMOUNT = "amount"
    CURRENCY = "currency"


COMPARED = (Subject.PAYMENT, Subject.REFUND, Subject.DISPUTE)
TAKEN_OVER = frozenset(COMPARED)  # where the processor is the one to know


@dataclass(frozen=True, slots=True)
class Found:
    """One difference: of what, by which key, and what each side has; None where it has nothing."""

    subject: Subject
    kind: Kind
    key: str
    ours: Money | None
    theirs: Money | None


Side = Mapping[str, Money]


def compare(subject: Subject, ours: Side, theirs: Side) -> list[Found]:
    """The differences of two sides, by key. Amounts of nothing are as if they were not there."""
    mine, others = _kept(ours), _kept(theirs)
    found = []
    for key in sorted(mine.keys() | others.keys()):
        here, there = mine.get(key), others.get(key)
        kind = _kind(here, there)
        if kind is not None:
            found.append(Found(subject, kind, key, here, there))
    return found


def _kept(side: Side) -> dict[str, Money]:
    return {key: amount for key, amount in side.items() if amount.amount}


def _kind(here: Money | None, there: Money | None) -> Kind | None:
    if here is None or there is None:
        return Kind.MISSING_HERE if here is None else Kind.MISSING_THERE
    if here.currency != there.currency:
        return Kind.CURRENCY
    return Kind.AMOUNT if here != there else None


def added(amounts: Iterable[tuple[str, Money]]) -> dict[str, Money]:
    """The amounts by key, those of one key added up. ValueError where one key has two currencies."""
    found: dict[str, Money] = {}
    for key, amount in amounts:
        found[key] = found[key] + amount if key in found else amount
    return found
