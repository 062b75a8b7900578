"""Credit notes as pages show them. Amounts enter here only for what a door or a `…_visible_to` queryset has let through."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from billing.documents import Formatter, settlement_sentence
from billing.models import CreditNote, Refund
from core.kernel.money import Money
from portal.billing.presenters import per_cent, shown


def row(note: CreditNote) -> dict[str, Any]:
    """In a list: `note` with its invoice and client."""
    return {
        "pk": note.pk,
        "number": note.number,
        "invoice": note.invoice,
        "client": note.invoice.client.name,
        "issued_on": note.issued_on,
        "reason": note.get_reason_display(),
        "amount": shown(note.total),
    }


def page(note: CreditNote, refunds: Iterable[Refund]) -> dict[str, Any]:
    """In full, with the refunds that it has made."""
    parts = note.rate_totals
    return {
        "row": row(note),
        "lines": [
            {
                "what": line.description,
                "detail": line.detail,
                "tax": per_cent(line.tax_rate),
                "amount": shown(line.price),
            }
            for line in note.lines.all()
        ],
        "net": shown(Money.total((part.net for part in parts), note.currency)),
        "taxes": [{"rate": per_cent(part.rate), "amount": shown(part.tax)} for part in parts],
        "settled": settlement_sentence(note, Formatter(get_language() or "en", "UTC")),
        "refunds": [
            {
                "amount": shown(refund.money),
                "words": refund.payment.words,
                "state": refund.get_state_display(),
                "failure": refund.failure_sentence,
            }
            for refund in refunds
        ],
        "due": shown(note.invoice.due),
    }
