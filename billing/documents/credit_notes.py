"""A credit note as PDF: which invoice it corrects, by how much, and what becomes of what was paid."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from billing.documents.contents import as_issued_by, brand_parts, logo_file, text_lines
from billing.documents.formatter import Formatter
from billing.documents.pdf import render_pdf
from billing.models import CreditNote
from core.kernel.money import Money


def credit_note_file(note: CreditNote, formatter: Formatter) -> bytes:
    """The credit note, with the issuer as it was on its day."""
    with translation.override(formatter.language), as_issued_by(note.issuer, note):
        content = credit_note_content(note, formatter)
        return render_pdf("invoice", content, logo=logo_file(), at=note.issued_at)


def credit_note_content(note: CreditNote, formatter: Formatter) -> dict[str, Any]:
    """Everything that its page prints. Amounts are written without sign: the headline says that they are credited."""
    invoice = note.invoice
    return brand_parts(note.issuer, f"{_('Credit note')} {note.number}", formatter) | {
        "heading": _("Credit note"),
        "stamp": {"text": "", "tone": ""},
        "payer": {
            "label": _("Credited to"),
            "lines": text_lines(invoice.payer_name, invoice.payer_address, invoice.payer_email),
        },
        "facts": [
            [_("Number"), note.number],
            [_("Date"), formatter.day(note.issued_on)],
            [_("Corrects %(invoice)s"), str(invoice.number)],
            [_("issued on"), formatter.day(invoice.issued_on) if invoice.issued_on else "–"],
            [_("For"), invoice.client.name],
        ],
        "columns": [_("Description"), _("Tax"), _("Amount")],
        "lines": [
            {
                "what": line.description,
                "detail": line.detail,
                "tax": f"{formatter.number(line.tax_rate)} %",
                "amount": formatter.money(line.price),
            }
            for line in note.lines.all()
        ],
        "sums": _sums(note, formatter),
        "notes": [
            text
            for text in (
                f"{_('Reason')}: {note.get_reason_display()}. {note.memo}",
                settlement_sentence(note, formatter),
            )
            if text
        ],
    }


def settlement_sentence(note: CreditNote, formatter: Formatter) -> str:
    """What becomes of what was paid of it, in the language in force; empty where nothing was."""
    paid = formatter.money(note.paid_part)
    if note.settlement == CreditNote.Settlement.REFUND:
        return _("%(paid)s of it was paid already and is refunded.") % {"paid": paid}
    if note.settlement == CreditNote.Settlement.BALANCE:
        return _("%(paid)s of it was paid already and stays as credit on account.") % {"paid": paid}
    return ""


def _sums(note: CreditNote, formatter: Formatter) -> list[dict[str, Any]]:
    label, parts = _("Tax %(rate)s %% of %(net)s"), note.rate_totals
    net = Money.total((part.net for part in parts), note.currency)
    sums: list[dict[str, Any]] = [{"label": _("Net"), "amount": formatter.money(net)}]
    sums += [
        {
            "label": label % {"rate": formatter.number(part.rate), "net": formatter.money(part.net)},
            "amount": formatter.money(part.tax),
        }
        for part in parts
    ]
    return [*sums, {"label": _("Credited"), "amount": formatter.money(note.total), "strong": True}]
