"""What is left of an invoice that credit notes have taken from."""

from dataclasses import dataclass

from billing.models import CreditNote, Invoice, InvoiceLine
from billing.queries.invoices import totals_of
from billing.rules.credit_notes import Remainder, remainders_of
from core.kernel.money import Money


@dataclass(frozen=True)
class Left:
    """Of one invoice: what is claimed still, what is left of each tax rate, and the lines that no credit note has."""

    claim: Money
    by_rate: list[Remainder]
    lines: list[InvoiceLine]
    is_whole: bool  # nothing was credited yet


def left_of(invoice: Invoice) -> Left:
    """What can be credited of it. Two queries."""
    lines = list(invoice.lines.prefetch_related("credits"))
    taken = [part for note in CreditNote.objects.filter(invoice=invoice) for part in note.rate_totals]
    by_rate = remainders_of(totals_of(invoice).by_rate, taken, invoice.currency)
    return Left(invoice.claim, by_rate, [line for line in lines if not line.credits.all()], not invoice.credited)
