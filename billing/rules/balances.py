"""What is owed, from the ledger.

Every event of money is one row with a sign: what a client owes adds, what was paid or taken back subtracts. An invoice adds its total
when it is issued. A payment subtracts. A refund gives money back (adds) and takes the claim for it away (subtracts the same as a credit),
so that it leaves the balance as it was. Voiding takes the claim away. Nothing is changed or removed: a mistake is a row with the opposite
sign that names the row it reverses. A balance is the sum: above zero is owed, below zero is credit. docs/rules/balances.md has a worked table.
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


SIGN = {
    Kind.INVOICED: 1,
    Kind.VOIDED: -1,
    Kind.PAID: -1,
    Kind.PAYMENT_REVERSED: 1,
    Kind.REFUNDED: 1,
    Kind.CREDITED: -1,
    Kind.REFUND_REVERSED: -1,
    Kind.CREDIT_REVERSED: 1,
}


class InvoiceState(StrEnum):
    """Where an invoice stands."""

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"


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


def state_of(*, total: Money, paid: Money, refunded: Money) -> InvoiceState:
    """The state of an issued invoice that is not void. `paid` counts what came in, `refunded` what of it went back."""
    if refunded and refunded >= paid:
        return InvoiceState.REFUNDED
    if refunded:
        return InvoiceState.PARTLY_REFUNDED
    return InvoiceState.PAID if paid >= total else InvoiceState.OPEN
