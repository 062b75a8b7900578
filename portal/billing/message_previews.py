"""What messages about money would say of the latest invoice, payment and refund that somebody may see."""

from django.utils.translation import get_language

from billing import messages
from billing.documents import Formatter
from billing.models import CreditNote, Invoice, Refund
from billing.notifications import credit_note_content, invoice_content, receipt_content, refund_content
from billing.permissions import credit_notes_visible_to, invoices_visible_to, payments_visible_to
from core.notifications.mail import Recipient
from core.notifications.messages import Content
from core.people.models import User


def _reader(user: User) -> Recipient:
    return Recipient(str(user.pk), user.name, user.email, user.time_zone, get_language() or "en")


def _latest_invoice(user: User) -> Invoice | None:
    issued = invoices_visible_to(user).exclude(state=Invoice.State.DRAFT)
    return issued.select_related("client").order_by("-issued_at", "-pk").first()


def _invoice(user: User) -> Content | None:
    invoice = _latest_invoice(user)
    return invoice_content(invoice, _reader(user)) if invoice is not None else None


def _receipt(user: User) -> Content | None:
    payment = payments_visible_to(user).filter(state="succeeded").order_by("-started_at").first()
    return receipt_content(payment, _reader(user)) if payment is not None else None


def _refund(user: User) -> Content | None:
    seen = Refund.objects.filter(invoice__in=invoices_visible_to(user)).select_related("payment", "invoice")
    refund = seen.order_by("-made_at").first()
    return refund_content(refund, _reader(user)) if refund is not None else None


def _credit_note(user: User) -> Content | None:
    note: CreditNote | None = credit_notes_visible_to(user).select_related("invoice__client").first()
    return credit_note_content(note, _reader(user)) if note is not None else None


def _invoice_notice(user: User) -> Content | None:
    invoice = _latest_invoice(user)
    if invoice is None:
        return None
    day = Formatter(get_language() or "en", user.time_zone).day(invoice.due_on)
    return Content(values={"number": str(invoice.number), "client": invoice.client.name, "due_on": day})


PREVIEWS = {
    messages.INVOICE: _invoice,
    messages.RECEIPT: _receipt,
    messages.REFUND: _refund,
    messages.CREDIT_NOTE: _credit_note,
    messages.INVOICE_NOTICE: _invoice_notice,
}
