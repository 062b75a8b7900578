"""What mails about money say. Built only after `may_be_mailed` has said that the reader may see the amounts."""

from typing import Any

from billing.addresses import invoice_page, payment_page
from billing.documents import Reader
from billing.models import Invoice, Payment, Refund
from core.notifications.mail import Recipient
from tenants.absolute_urls import absolute_url


def invoice_letter(invoice: Invoice, to: Recipient) -> dict[str, Any]:
    """Number, amount, due date, and the page where it is paid, for readers with a login."""
    reader = Reader(to.language, to.time_zone)
    address = absolute_url(invoice_page(invoice.pk)) if to.user_id else ""
    return {
        "number": invoice.number,
        "client_name": invoice.client.name,
        "amount": reader.money(invoice.total),
        "due_on": reader.day(invoice.due_on),
        "lines": [line.description for line in invoice.lines.all()],
        "address": address,
        "is_open": invoice.state == Invoice.State.OPEN,
    }


def receipt_letter(payment: Payment, to: Recipient) -> dict[str, Any]:
    """How much came in, how, when, and for which invoices."""
    reader = Reader(to.language, to.time_zone)
    shares = payment.shares.select_related("invoice").order_by("invoice__number")
    paid_at = payment.succeeded_at or payment.started_at
    return {
        "amount": reader.money(payment.money),
        "words": payment.words,
        "received": reader.day(payment.received_on) if payment.received_on else reader.moment(paid_at),
        "numbers": ", ".join(str(share.invoice.number) for share in shares),
        "address": absolute_url(payment_page(payment.pk)) if to.user_id else "",
    }


def refund_letter(refund: Refund, to: Recipient) -> dict[str, Any]:
    """How much went back, where to, and why."""
    reader = Reader(to.language, to.time_zone)
    return {
        "amount": reader.money(refund.money),
        "number": refund.invoice.number,
        "reason": refund.reason,
        "words": refund.payment.words,
        "address": absolute_url(invoice_page(refund.invoice_id)) if to.user_id else "",
    }
