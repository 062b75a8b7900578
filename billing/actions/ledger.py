"""The only writer of the ledger."""

from datetime import datetime
from typing import Any

from billing.models import CreditNote, Dispute, Invoice, LedgerEntry, Payment, Refund
from billing.rules.balances import Entry, Kind, signed
from billing.signals import ledger_entry_posted
from core.kernel.models import reason_fields
from core.kernel.money import Money
from core.kernel.reasons import Reason


def post(
    kind: Kind,
    amount: Money,
    *,
    invoice: Invoice,
    by: Any,
    now: datetime,
    payment: Payment | None = None,
    refund: Refund | None = None,
    credit_note: CreditNote | None = None,
    dispute: Dispute | None = None,
    reverses: LedgerEntry | None = None,
    reason: str | Reason = "",
) -> LedgerEntry:
    """Append one event; `amount` without sign, which follows from the kind."""
    if amount.amount < 0:
        raise ValueError("the ledger gives amounts their sign")
    entry = LedgerEntry.objects.create(
        at=now,
        kind=kind.value,
        client_id=invoice.client_id,
        invoice=invoice,
        payment=payment,
        refund=refund,
        credit_note=credit_note,
        dispute=dispute,
        amount=signed(Entry(kind, amount)).amount,
        currency=amount.currency,
        reverses=reverses,
        **reason_fields(reason),
        by=str(by)[:200],
    )
    ledger_entry_posted.send(sender=LedgerEntry, entry=entry, invoice=invoice, by=by, now=now)
    return entry
