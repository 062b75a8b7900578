"""What stands on an invoice and on a receipt, written for one reader: language, zone, currency."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from billing.addresses import invoice_page
from billing.documents.fonts import families
from billing.documents.formatter import Formatter
from billing.documents.letters import REPLACEMENT
from billing.documents.pdf import render_pdf
from billing.models import Invoice, Payment, PaymentShare
from billing.queries import organization
from billing.queries.invoices import totals_of
from billing.rules.tax import Totals
from branding.queries import as_issued, current_brand, facts_of, palette
from branding.rules.image_ground import GROUNDS
from branding.speaking import speaking
from core.kernel.money import Money
from tenants.absolute_urls import absolute_url


def invoice_file(invoice: Invoice, formatter: Formatter) -> bytes:
    """The invoice as PDF, with the issuer as it was on the day of issue."""
    with translation.override(formatter.language), as_issued_by(invoice.issuer, invoice):
        content = invoice_content(invoice, formatter)
        return render_pdf("invoice", content, logo=logo_file(), at=invoice.issued_at or invoice.created_at)


def receipt_file(payment: Payment, formatter: Formatter) -> bytes:
    """The receipt of a payment that succeeded, with the provider's details."""
    first = _shares(payment)[0].invoice
    with translation.override(formatter.language), as_issued_by(first.issuer, first):
        content = receipt_content(payment, formatter)
        return render_pdf("receipt", content, logo=logo_file(), at=payment.succeeded_at or payment.started_at)


def invoice_content(invoice: Invoice, formatter: Formatter) -> dict[str, Any]:
    """Everything the invoice's template prints."""
    issuer = invoice.issuer or organization.issuer()
    title = f"{_('%(Invoice)s')} {invoice.number or _('Draft')}"
    return brand_parts(issuer, title, formatter) | {
        "heading": _("%(Invoice)s"),
        "stamp": _stamp(invoice, formatter),
        "payer": {
            "label": _("Billed to"),
            "lines": text_lines(invoice.payer_name, invoice.payer_address, invoice.payer_email),
        },
        "facts": _invoice_facts(invoice, formatter),
        "columns": [_("Description"), _("Tax"), _("Amount")],
        "lines": [
            {
                "what": line.description,
                "detail": line.detail,
                "tax": f"{formatter.number(line.tax_rate)} %",
                "amount": formatter.money(line.price),
            }
            for line in invoice.lines.all()
        ],
        "sums": _sums(invoice, totals_of(invoice), formatter),
        "notes": _invoice_notes(invoice),
    }


def receipt_content(payment: Payment, formatter: Formatter) -> dict[str, Any]:
    """Everything the receipt's template prints."""
    shares = _shares(payment)
    issuer = shares[0].invoice.issuer or organization.issuer()
    paid_at = payment.succeeded_at or payment.started_at
    when = formatter.day(payment.received_on) if payment.received_on else formatter.moment(paid_at)
    return brand_parts(issuer, f"{_('Receipt')} {shares[0].invoice.number}", formatter) | {
        "heading": _("Receipt"),
        "stamp": {"text": _("Paid"), "tone": "success"},
        "payer": {"label": _("Received from"), "lines": text_lines(payment.payer_name)},
        "facts": [
            [_("Received"), when],
            [_("Paid by"), payment.words],
            [_("Reference"), str(payment.pk)[-12:].upper()],
        ],
        "columns": [_("%(Invoice)s"), _("For"), _("Amount")],
        "lines": [
            {
                "what": str(share.invoice.number),
                "detail": formatter.day(share.invoice.issued_on) if share.invoice.issued_on else "",
                "tax": share.invoice.client.name,
                "amount": formatter.money(share.money),
            }
            for share in shares
        ],
        "sums": [{"label": _("Total received"), "amount": formatter.money(payment.money), "strong": True}],
        "notes": [_("Thank you.")],
    }


def _shares(payment: Payment) -> list[PaymentShare]:
    return list(payment.shares.select_related("invoice").order_by("invoice__number"))


@contextmanager
def as_issued_by(issuer: dict[str, str], what: Any) -> Iterator[None]:
    """Run the block as the branch that has issued it; a draft as the one that would."""
    if not issuer:
        with speaking(what):
            yield
        return
    branch = issuer.get("branch")  # none in those from before there were branches
    with as_issued(UUID(branch) if branch else None):
        yield


def brand_parts(issuer: dict[str, str], title: str, formatter: Formatter) -> dict[str, Any]:
    """What every document carries: names, colours, fonts, and whose it is."""
    brand, colours = current_brand(), palette().colours
    facts = facts_of(brand)
    contact = text_lines(issuer.get("email", ""), issuer.get("phone", ""))
    tax_number = [f"{_('Tax number')}: {issuer['tax_number']}"] if issuer.get("tax_number") else []
    return {
        "title": f"{title} · {issuer['name']}",
        "language": formatter.language.split("-")[0],
        "issuer": {"name": issuer["name"], "lines": text_lines(issuer.get("address", ""), *contact)},
        "footer": [issuer["name"], *tax_number, *contact],
        "page": [_("Page"), _("of")],
        "colours": {
            "accent": colours["text"],
            "edge": colours["edge"],
            "text": colours["neutral-900"],
            "muted": colours["neutral-600"],
            "line": colours["neutral-200"],
            "soft": colours["neutral-100"],
            "success": colours["success-text"],
            "danger": colours["danger-text"],
        },
        "replaced": _("Letters that cannot be printed here are shown as %(sign)s.") % {"sign": REPLACEMENT},
        "plate": GROUNDS["dark"] if brand.logo_ground == "dark" else "",
        "families": [facts.heading_font, facts.body_font],
        "fonts": {"heading": families(facts.heading_font), "body": families(facts.body_font)},
    }


def _invoice_facts(invoice: Invoice, formatter: Formatter) -> list[list[str]]:
    facts = [[_("Number"), invoice.number or _("Draft")]]
    if invoice.issued_on:
        facts.append([_("Date"), formatter.day(invoice.issued_on)])
    facts.append([_("Due"), formatter.day(invoice.due_on)])
    facts.append([_("For"), invoice.client.name])
    return facts


def _stamp(invoice: Invoice, formatter: Formatter) -> dict[str, str]:
    """A word that says where the invoice stands; none while it is open."""
    if invoice.state == Invoice.State.OPEN:
        return {"text": "", "tone": ""}
    tones = {Invoice.State.PAID: "success", Invoice.State.VOID: "danger"}
    return {"text": _(invoice.get_state_display()), "tone": tones.get(Invoice.State(invoice.state), "muted")}


def _sums(invoice: Invoice, totals: Totals, formatter: Formatter) -> list[dict[str, Any]]:
    label = _("Tax %(rate)s %% of %(net)s")
    sums: list[dict[str, Any]] = [{"label": _("Net"), "amount": formatter.money(totals.net)}]
    sums += [
        {
            "label": label % {"rate": formatter.number(part.rate), "net": formatter.money(part.net)},
            "amount": formatter.money(part.tax),
        }
        for part in totals.by_rate
    ]
    sums.append({"label": _("Total"), "amount": formatter.money(totals.gross), "strong": True})
    sums += _credits(invoice, formatter)
    if invoice.paid:
        sums.append({"label": _("Paid"), "amount": formatter.money(-invoice.paid)})
    if invoice.refunded:
        sums.append({"label": _("Refunded"), "amount": formatter.money(invoice.refunded)})
    if invoice.disputed:
        sums.append({"label": _("Taken back by the bank"), "amount": formatter.money(invoice.disputed)})
    if invoice.overpaid:
        sums.append({"label": _("Paid too much"), "amount": formatter.money(invoice.overpaid), "strong": True})
    if invoice.due and (invoice.paid or invoice.credited):
        sums.append({"label": _("Still due"), "amount": formatter.money(invoice.due), "strong": True})
    return sums


def _credits(invoice: Invoice, formatter: Formatter) -> list[dict[str, Any]]:
    """Each credit note, and what else is not claimed any more: what a refund took."""
    if not invoice.credited:
        return []
    notes = list(invoice.credit_notes.order_by("issued_at", "pk"))
    sums: list[dict[str, Any]] = [
        {"label": f"{_('Credit note')} {note.number}", "amount": formatter.money(-note.total)} for note in notes
    ]
    rest = invoice.credited - Money.total((note.total for note in notes), invoice.currency)
    return [*sums, {"label": _("Not claimed any more"), "amount": formatter.money(-rest)}] if rest else sums


def _invoice_notes(invoice: Invoice) -> list[str]:
    notes = [invoice.note] if invoice.note else []
    if invoice.state == Invoice.State.VOID:
        notes.append(_("This %(invoice)s is void. Nothing is to be paid."))
    elif invoice.state == Invoice.State.OPEN and invoice.payer_user_id:
        notes.append(f"{_('Pay online:')} {absolute_url(invoice_page(invoice.pk))}")
    return notes


def text_lines(*texts: str) -> list[str]:
    """Each line that has anything on it."""
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def logo_file() -> tuple[str, bytes] | None:
    """The brand's logo, if it has one of a kind that can be printed."""
    logo = current_brand().logo
    suffix = Path(logo.name).suffix.lower() if logo else ""
    if suffix not in (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp"):
        return None
    try:
        with logo.open("rb") as file:
            return f"logo{suffix}", file.read()
    except FileNotFoundError:  # because a bill must leave though the picture was lost
        return None
