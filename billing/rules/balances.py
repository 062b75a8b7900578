"""What is owed, from the ledger.

Every event of money is one row with a sign: what a client owes adds, what was paid or taken back subtracts. An invoice adds its total when
it is issued: the claim. A credit takes a part of the claim away, voiding the whole of it. A payment subtracts, a refund adds: between them
they say how much money was kept. A balance is the claim less the money kept: above zero is owed, below zero is credit.

A refund is no credit. First it gives back what was paid beyond the claim, and no claim changes. Of the rest, whoever refunds says what it
means: it is not owed any more, and the claim is credited with it; or it is still due, and the invoice is open again. An invoice is open
exactly as long as something of its claim was not paid; of one that is credited in full nothing is claimed. A bank that withdraws a disputed payment
takes money away as a refund does, and no claim with it; what it brings back subtracts again. Nothing is changed or removed: a
mistake is a row with the opposite sign that names
the row it reverses. docs/rules/balances.md has a worked table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.kernel.money import Money


class Kind(StrEnum):
    """Why a row is in the ledger."""

    INVOICED = "invoiced"
    VOIDED = "voided"
    PAID = "paid"
    PAYMENT_REVERSED = "payment_reversed"
    REFUNDED = "refunded"
    CREDITED = "credited"
    REFUND_REVERSED = "refund_reversed"
    CREDIT_REVERSED = "credit_reversed"
    DISPUTED = "disputed"
    DISPUTE_REVERSED = "dispute_reversed"


SIGN = {
    Kind.INVOICED: 1,
    Kind.VOIDED: -1,
    Kind.PAID: -1,
    Kind.PAYMENT_REVERSED: 1,
    Kind.REFUNDED: 1,
    Kind.CREDITED: -1,
    Kind.REFUND_REVERSED: -1,
    Kind.CREDIT_REVERSED: 1,
    Kind.DISPUTED: 1,
    Kind.DISPUTE_REVERSED: -1,
}


class InvoiceState(StrEnum):
    """Where an invoice stands."""

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    CREDITED = "credited"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, its amount without sign."""

    kind: Kind
    amount: Money


def signed(entry: Entry) -> Money:
    return entry.amount * SIGN[entry.kind]


def balance_of(entries: Iterable[Entry], currency: str) -> Money:
    """Return what is owed: above zero the client owes, below zero the client has credit."""
    return Money.total((signed(entry) for entry in entries), currency)


@dataclass(frozen=True, slots=True)
class Standing:
    """One invoice from its rows: what was claimed and credited, what came in and went back. Amounts without sign."""

    claimed: Money
    credited: Money
    paid: Money
    refunded: Money
    disputed: Money
    is_void: bool = False

    @property
    def claim(self) -> Money:
        """What is claimed now."""
        return self.claimed - self.claimed if self.is_void else self.claimed - self.credited

    @property
    def kept(self) -> Money:
        """The money that came in and is here: neither given back nor withdrawn by a bank."""
        return self.paid - self.refunded - self.disputed

    @property
    def balance(self) -> Money:
        """Above zero is owed, below zero was paid beyond the claim."""
        return self.claim - self.kept

    @property
    def due(self) -> Money:
        return _above_zero(self.balance)

    @property
    def overpaid(self) -> Money:
        return _above_zero(-self.balance)

    @property
    def state(self) -> InvoiceState:
        """Where an issued invoice stands."""
        if self.is_void:
            return InvoiceState.VOID
        if self.due:
            return InvoiceState.OPEN
        if not (self.refunded and self.credited):
            return InvoiceState.CREDITED if self.credited and not self.claim else InvoiceState.PAID
        return InvoiceState.PARTLY_REFUNDED if self.claim else InvoiceState.REFUNDED


def standing_of(entries: Iterable[Entry], currency: str) -> Standing:
    """Where an invoice stands, from its rows in any order."""
    sums = {kind: Money.zero(currency) for kind in Kind}
    for entry in entries:
        sums[entry.kind] += entry.amount
    return Standing(
        claimed=sums[Kind.INVOICED],
        credited=sums[Kind.CREDITED] - sums[Kind.CREDIT_REVERSED],
        paid=sums[Kind.PAID] - sums[Kind.PAYMENT_REVERSED],
        refunded=sums[Kind.REFUNDED] - sums[Kind.REFUND_REVERSED],
        disputed=sums[Kind.DISPUTED] - sums[Kind.DISPUTE_REVERSED],
        is_void=bool(sums[Kind.VOIDED]),
    )


def credit_of_refund(amount: Money, before: Standing) -> Money:
    """How much of a refund takes claim away, where what it gives back is not owed any more: what is left after what was overpaid."""
    return _above_zero(amount - before.overpaid)


def _above_zero(amount: Money) -> Money:
    return amount if amount.amount > 0 else Money.zero(amount.currency)
