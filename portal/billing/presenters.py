"""Amounts enter a page here, and only for what a door or a `…_visible_to` queryset has let through."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.models import Charge, Invoice, LedgerEntry, Payment, PaymentShare, Refund
from billing.queries.invoices import Balance, totals_of
from billing.rules.balances import Kind
from billing.rules.payment_progress import PaymentState
from core.kernel.money import Money
from core.kernel.translation import labelled
from core.people.rules.client_status import is_paid_for

TONES = {
    Invoice.State.DRAFT: "neutral",
    Invoice.State.OPEN: "info",
    Invoice.State.PAID: "success",
    Invoice.State.VOID: "neutral",
    Invoice.State.PARTLY_REFUNDED: "warning",
    Invoice.State.REFUNDED: "warning",
    Invoice.State.CREDITED: "neutral",
}
PAYMENT_TONES = {
    PaymentState.SUCCEEDED: "success",
    PaymentState.REFUSED: "danger",
    PaymentState.REVERSED: "warning",
    PaymentState.WAITING: "warning",
}
LEDGER = {
    Kind.INVOICED: gettext_lazy("Billed"),
    Kind.VOIDED: gettext_lazy("Voided"),
    Kind.PAID: gettext_lazy("Paid"),
    Kind.PAYMENT_REVERSED: gettext_lazy("Payment reversed"),
    Kind.REFUNDED: gettext_lazy("Refunded"),
    Kind.CREDITED: gettext_lazy("Credited"),
    Kind.REFUND_REVERSED: gettext_lazy("Refund sent back by the bank"),
    Kind.CREDIT_REVERSED: gettext_lazy("Claimed again"),
    Kind.DISPUTED: gettext_lazy("Taken back by the bank"),
    Kind.DISPUTE_REVERSED: gettext_lazy("Given back by the bank"),
}


@dataclass(frozen=True)
class InvoiceRow:
    """An invoice in a list."""

    pk: UUID
    number: str
    client: str
    payer: str
    issued_on: date | None
    due_on: date
    total: str
    due: str
    due_money: Money
    state: str
    tone: str
    is_open: bool
    is_payable: bool
    is_overdue: bool


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened to an invoice."""

    at: datetime
    title: str
    icon: str
    tone: str = "neutral"
    by: str = ""
    note: str = ""


def shown(amount: Money) -> str:
    """The amount as the page's reader writes it."""
    return amount.format(get_language() or "en")


def per_cent(rate: Decimal) -> str:
    """A tax rate as the page's reader writes it: 8.88 %, 8,88 %."""
    return f"{format_decimal(rate, locale=get_language() or 'en')} %"


def invoice_row(invoice: Invoice, today: date) -> InvoiceRow:
    is_disputed = invoice.is_disputed
    overdue = invoice.state == Invoice.State.OPEN and invoice.due_on < today and not is_disputed
    return InvoiceRow(
        pk=invoice.pk,
        number=invoice.number or _("Draft"),
        client=invoice.client.name,
        payer=invoice.payer_name if invoice.number or invoice.has_chosen_payer else "",
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        total=shown(invoice.total),
        due=shown(invoice.due),
        due_money=invoice.due,
        state=_state_words(invoice, overdue=overdue),
        tone="danger" if overdue or is_disputed else TONES[Invoice.State(invoice.state)],
        is_open=invoice.state == Invoice.State.OPEN,
        is_payable=bool(invoice.due) and not is_disputed and is_paid_for(invoice.client.status),
        is_overdue=overdue,
    )


def _state_words(invoice: Invoice, *, overdue: bool) -> str:
    if invoice.is_disputed:
        return _("Disputed")
    return _("Overdue") if overdue else _(invoice.get_state_display())


def invoice_rows(invoices: Iterable[Invoice], today: date) -> list[InvoiceRow]:
    return [invoice_row(invoice, today) for invoice in invoices]


def invoice_page(invoice: Invoice, today: date) -> dict[str, Any]:
    """An invoice in full, for a reader who came through the door."""
    totals = totals_of(invoice)
    return {
        "row": invoice_row(invoice, today),
        "issuer": invoice.issuer,
        "lines": [
            {
                "what": line.description,
                "detail": line.detail,
                "tax": per_cent(line.tax_rate),
                "amount": shown(line.price),
            }
            for line in invoice.lines.all()
        ],
        "net": shown(totals.net),
        "taxes": [{"rate": per_cent(part.rate), "amount": shown(part.tax)} for part in totals.by_rate],
        "total": shown(totals.gross),
        "paid": shown(invoice.paid) if invoice.paid else "",
        "refunded": shown(invoice.refunded) if invoice.refunded else "",
        "disputed": shown(invoice.disputed) if invoice.disputed else "",
        "credited": shown(invoice.credited) if invoice.credited else "",
        "overpaid": shown(invoice.overpaid) if invoice.overpaid else "",
        "due": shown(invoice.due),
    }


def timeline(
    invoice: Invoice,
    shares: Iterable[PaymentShare],
    refunds: Iterable[Refund],
    credits: Iterable[LedgerEntry] = (),
    disputed: Iterable[LedgerEntry] = (),
) -> list[TimelineEntry]:
    """What happened to the invoice, the first thing first."""
    events = [TimelineEntry(invoice.created_at, _("Drafted"), "file-plus")]
    if invoice.issued_at:
        by = str(invoice.issued_by) if invoice.issued_by else _by_itself(invoice)
        events.append(TimelineEntry(invoice.issued_at, _("Issued"), "send", "info", by))
    events += [event for share in shares for event in _share_events(share)]
    events += [
        TimelineEntry(refund.made_at, labelled(_(refund.get_state_display()), shown(refund.money)), "undo-2",
              "danger" if refund.state == Refund.State.FAILED else "warning", refund.made_by, _refund_note(refund))
        for refund in refunds
    ]  # fmt: skip
    events += [
        TimelineEntry(entry.at, _credit_title(entry), "circle-minus", "warning", entry.by, entry.reason_sentence)
        for entry in credits
    ]
    events += [
        TimelineEntry(entry.at, labelled(_dispute_title(entry), shown(abs_of(entry.money))), "scale",
              "danger" if entry.kind == Kind.DISPUTED else "success", note=entry.reason_sentence)
        for entry in disputed
    ]  # fmt: skip
    if invoice.cancelled_at:
        events.append(
            TimelineEntry(invoice.cancelled_at, _("Voided"), "circle-x", "danger", note=invoice.cancellation_reason)
        )
    return sorted(events, key=lambda event: event.at)


def abs_of(amount: Money) -> Money:
    """The amount without its sign."""
    return amount if amount.amount >= 0 else -amount


def _dispute_title(entry: LedgerEntry) -> str:
    return _("Disputed") if entry.kind == Kind.DISPUTED else _("Dispute won")


def _credit_title(entry: LedgerEntry) -> str:
    if entry.credit_note is None:  # of the time before credit notes
        return _("Less claimed: %(amount)s") % {"amount": shown(-entry.money)}
    return labelled(_("Credit note"), shown(-entry.money))


def _by_itself(invoice: Invoice) -> str:
    """What made the product issue it."""
    if any(line.charge_id for line in invoice.lines.all()):
        return _("at completion")
    return _("when the %(payer)s ordered it")


def _refund_note(refund: Refund) -> str:
    """Why, and what became of the claim."""
    if refund.state == Refund.State.FAILED:
        return refund.failure_sentence
    keeps = refund.keeps_claim and refund.credit_note_id is None
    what = _("What was given back is still due.") if keeps else ""
    return " ".join(part for part in (refund.reason_sentence, what) if part)


def _share_events(share: PaymentShare) -> list[TimelineEntry]:
    payment = share.payment
    events = []
    if payment.succeeded_at:
        note = payment.reference or payment.words
        events.append(
            TimelineEntry(
                payment.succeeded_at,
                labelled(_("Paid"), shown(share.money)),
                "circle-check",
                "success",
                payment.payer_name,
                note,
            )
        )
    elif payment.state == PaymentState.REFUSED:
        events.append(
            TimelineEntry(
                payment.started_at,
                _("Card refused"),
                "circle-alert",
                "danger",
                payment.payer_name,
                payment.failure_sentence,
            )
        )
    if payment.reversed_at:
        events.append(
            TimelineEntry(
                payment.reversed_at,
                labelled(_("Payment reversed"), shown(share.money)),
                "undo-2",
                "warning",
                note=payment.reverse_reason,
            )
        )
    return events


def charge_row(charge: Charge) -> dict[str, Any]:
    return {
        "pk": charge.pk,
        "client": charge.client,
        "description": charge.what,
        "practitioner": charge.practitioner_name,
        "happened_at": charge.happened_at,
        "price": charge.price,
        "amount": shown(charge.price),
        "reason": charge.reason_sentence,
    }


def payment_row(payment: Payment, *, is_disputed: bool = False) -> dict[str, Any]:
    """A payment in a list or on its page. `is_disputed`: a bank decides about it."""
    return {
        "pk": payment.pk,
        "payer": payment.payer_name,
        "amount": shown(payment.money),
        "words": payment.words,
        "state": _("Disputed") if is_disputed else _(payment.get_state_display()),
        "tone": "danger" if is_disputed else PAYMENT_TONES.get(payment.progress, "neutral"),
        "at": payment.succeeded_at or payment.started_at,
        "received_on": payment.received_on,
        "failure": payment.failure_sentence,
        "reference": payment.reference,
        "is_done": payment.state == PaymentState.SUCCEEDED,
        "is_live": payment.is_live,
        "is_ended": payment.state == PaymentState.CANCELLED,
    }


def share_rows(payment: Payment) -> list[dict[str, Any]]:
    """The invoices that a payment is for."""
    return [
        {"invoice": share.invoice, "client": share.invoice.client.name, "amount": shown(share.money)}
        for share in payment.shares.select_related("invoice__client").order_by("invoice__number")
    ]


def balance_row(balance: Balance) -> dict[str, Any]:
    return {
        "client": balance.client,
        "amount": shown(balance.amount if balance.amount.amount > 0 else -balance.amount),
        "is_credit": balance.amount.amount < 0,
    }
