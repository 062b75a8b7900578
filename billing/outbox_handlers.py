"""Promises about money: mail with its document, the look at the processor, refunds. Each looks again before it acts."""

from datetime import timedelta
from typing import Any

from billing import messages, outbox_names, permissions
from billing.actions import accounts
from billing.actions.payments import cancel_payment, refresh_payment
from billing.actions.refunds import fail_refund, settle_refund
from billing.addresses import credit_note_page, invoice_page, payer_cards_page, payment_page
from billing.documents import Formatter, credit_note_file, invoice_file, receipt_file
from billing.gateways import gateway
from billing.gateways.base import ProcessorError
from billing.models import CardLink, CreditNote, Invoice, LedgerEntry, Payment, Refund, SavedCard
from billing.notifications import (
    card_link_content,
    claim_content,
    credit_note_content,
    has_document,
    invoice_content,
    receipt_content,
    refund_content,
)
from billing.queries import organization
from billing.queries.card_links import is_usable
from billing.queries.processor import account_in_use
from billing.queries.recipients import may_be_mailed, recipient_of
from billing.reasons import BillingReason
from core.kernel import audit, clock, outbox
from core.kernel.errors import ConflictError
from core.kernel.models import OutboxMessage
from core.kernel.reasons import Reason
from core.kernel.translation import gettext_noop
from core.notifications import mail

PDF = "application/pdf"
_STILL_THERE = ("account", "no_key")  # refusals that say nothing of the card
LOOKS = [timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=18)]


def _page(message: OutboxMessage) -> str:
    """Where the promise about money is seen: the invoice, or the payment."""
    pages = {"billing.creditnote": credit_note_page, "billing.invoice": invoice_page, "billing.payment": payment_page}
    return pages[message.about_kind](message.about_id) if message.about_kind in pages else ""


def _billing_staff(message: OutboxMessage) -> list[Any]:
    return [user.pk for user in permissions.billing_staff()]


_MONEY: dict[str, Any] = {"page": _page, "answerable": _billing_staff}


@outbox.handler(outbox_names.MAIL_INVOICE, label=gettext_noop("Mail: %(invoice)s"), is_mail=True, **_MONEY)
def mail_invoice(message: OutboxMessage) -> None:
    """To the payer: the invoice as a file, and where it is paid. Logins also find it behind the bell."""
    invoice = Invoice.objects.select_related("client", "payer_user").get(pk=message.payload["invoice"])
    again = bool(message.payload.get("again"))
    if invoice.state in (Invoice.State.DRAFT, Invoice.State.VOID) or (
        invoice.state != Invoice.State.OPEN and not again
    ):
        raise outbox.Obsolete(f"The invoice is {invoice.state}.")
    if not may_be_mailed(invoice):
        raise outbox.Obsolete("The payer may not see it any more, or has no address.")
    to = recipient_of(invoice)
    name, formatter = f"{invoice.number}.pdf".replace("/", "-"), Formatter(to.language, to.time_zone)
    mail.send(
        message,
        messages.INVOICE,
        to=to,
        content=lambda: invoice_content(invoice, to),
        attachments=lambda: [mail.Attachment(name, invoice_file(invoice, formatter), PDF)] if has_document(to) else [],
        about=invoice,
    )


@outbox.handler(outbox_names.MAIL_RECEIPT, label=gettext_noop("Mail: receipt"), is_mail=True, **_MONEY)
def mail_receipt(message: OutboxMessage) -> None:
    """To whoever paid, by each invoice's payer if nobody is known: the receipt as a file."""
    payment = Payment.objects.get(pk=message.payload["payment"])
    if payment.state != Payment.State.SUCCEEDED:
        raise outbox.Obsolete(f"The payment is {payment.state}.")
    invoices = list(payment.invoices.select_related("client", "payer_user").order_by("number"))
    if not invoices or not all(may_be_mailed(invoice, payment.payer) for invoice in invoices):
        raise outbox.Obsolete("Nobody who may see it has an address.")
    invoice = invoices[0]
    to = recipient_of(invoice, payment.payer)
    name, formatter = f"{invoice.number}-receipt.pdf".replace("/", "-"), Formatter(to.language, to.time_zone)
    mail.send(
        message,
        messages.RECEIPT,
        to=to,
        content=lambda: receipt_content(payment, to),
        attachments=lambda: [mail.Attachment(name, receipt_file(payment, formatter), PDF)] if has_document(to) else [],
        about=payment,
    )


@outbox.handler(outbox_names.MAIL_REFUND, label=gettext_noop("Mail: refund"), is_mail=True, **_MONEY)
def mail_refund(message: OutboxMessage) -> None:
    """To the payer: what was given back, and why."""
    refund = Refund.objects.select_related("payment__payer", "invoice__client", "invoice__payer_user").get(
        pk=message.payload["refund"]
    )
    if not may_be_mailed(refund.invoice, refund.payment.payer):
        raise outbox.Obsolete("Nobody who may see it has an address.")
    to = recipient_of(refund.invoice, refund.payment.payer)
    mail.send(
        message,
        messages.REFUND,
        to=to,
        content=lambda: refund_content(refund, to),
        about=refund,
    )


@outbox.handler(
    outbox_names.MAIL_CLAIM, label=gettext_noop("Mail: change of %(invoice:a|an)s %(invoice)s"), is_mail=True, **_MONEY
)
def mail_claim(message: OutboxMessage) -> None:
    """To whoever pays the invoice now: what became of the claim, and what is due."""
    entry = LedgerEntry.objects.select_related("invoice__client", "invoice__payer_user").get(
        pk=message.payload["entry"]
    )
    if not may_be_mailed(entry.invoice):
        raise outbox.Obsolete("The payer may not see it any more, or has no address.")
    to = recipient_of(entry.invoice)
    mail.send(
        message,
        messages.CLAIM,
        to=to,
        content=lambda: claim_content(entry, to),
        about=entry.invoice,
    )


@outbox.handler(
    outbox_names.MAIL_CARD_LINK,
    label=gettext_noop("Mail: link to save a card"),
    is_mail=True,
    page=lambda message: payer_cards_page(message.about_id),
    answerable=_billing_staff,
)
def mail_card_link(message: OutboxMessage) -> None:
    """To the payer, at the address that they have now: where they save a card."""
    link = CardLink.objects.select_related("client", "user").get(pk=message.payload["link"])
    if not is_usable(link, clock.now()):
        raise outbox.Obsolete("The link does not count any more, or its holder does not pay for the client any more.")
    user = link.user
    to = mail.Recipient(str(user.pk), user.name, user.email, user.time_zone, user.reads)
    mail.send(message, messages.CARD_LINK, to=to, content=lambda: card_link_content(link, to), about=link.client)


@outbox.handler(outbox_names.MAIL_CREDIT_NOTE, label=gettext_noop("Mail: credit note"), is_mail=True, **_MONEY)
def mail_credit_note(message: OutboxMessage) -> None:
    """To whoever pays the invoice: the credit note as a file."""
    note = CreditNote.objects.select_related("invoice__client", "invoice__payer_user").get(
        pk=message.payload["credit_note"]
    )
    if not may_be_mailed(note.invoice):
        raise outbox.Obsolete("The payer may not see it any more, or has no address.")
    to = recipient_of(note.invoice)
    name, formatter = f"{note.number}.pdf".replace("/", "-"), Formatter(to.language, to.time_zone)
    mail.send(
        message,
        messages.CREDIT_NOTE,
        to=to,
        content=lambda: credit_note_content(note, to),
        attachments=lambda: [mail.Attachment(name, credit_note_file(note, formatter), PDF)] if has_document(to) else [],
        about=note,
    )


@outbox.handler(outbox_names.RECONCILE_PAYMENT, label=gettext_noop("Look at a payment"), **_MONEY)
def reconcile_payment(message: OutboxMessage) -> None:
    """Ask what became of a payment whose event never came; after a day, end it."""
    payment = Payment.objects.get(pk=message.payload["payment"])
    if not payment.is_live:
        raise outbox.Obsolete(f"The payment is {payment.state}.")
    now, look = clock.now(), int(message.payload["look"])
    payment = refresh_payment(payment=payment, now=now)
    if payment.is_live and look < len(LOOKS):
        outbox.enqueue(
            outbox_names.RECONCILE_PAYMENT,
            due_at=now + LOOKS[look],
            about=payment,
            payment=str(payment.pk),
            look=look + 1,
        )
    elif payment.state in (Payment.State.STARTED, Payment.State.WAITING, Payment.State.REFUSED):
        cancel_payment(payment=payment, now=now)


@outbox.handler(outbox_names.CANCEL_PAYMENT, label=gettext_noop("End of a payment"), **_MONEY)
def end_payment(message: OutboxMessage) -> None:
    """End an unfinished payment: one of another amount than what is due, one for somebody who is not in care, one that staff want ended."""
    payment = Payment.objects.get(pk=message.payload["payment"])
    if not payment.is_live:
        raise outbox.Obsolete(f"The payment is {payment.state}.")
    if payment.is_due and payment.is_allowed and not message.payload.get("wanted"):
        raise outbox.Obsolete("What it pays is due again.")
    cancel_payment(payment=payment, now=clock.now())


@outbox.handler(outbox_names.SET_STATEMENT_DESCRIPTOR, label=gettext_noop("Text on card statements"), **_MONEY)
def set_statement_descriptor(message: OutboxMessage) -> None:
    """Tell the processor what card statements show, as the settings say it now."""
    account = account_in_use()
    if account is None:
        raise outbox.Obsolete("No account is connected.")
    gateway().set_statement_descriptor(account.external_id, organization.statement_descriptor())


@outbox.handler(outbox_names.OPEN_ACCOUNT, label=gettext_noop("Opening of the payment account"), **_MONEY)
def open_account(message: OutboxMessage) -> None:
    """Finish what somebody began: the processor finds the account that it has made for them."""
    facts = message.payload
    try:
        accounts.open_account(number=facts["number"], email=facts["email"], by=audit.SYSTEM, now=clock.now())
    except ConflictError as known:
        raise outbox.Obsolete("The account is there.") from known


@outbox.handler(outbox_names.DETACH_CARD, label=gettext_noop("Removal of a card"), **_MONEY)
def detach_card(message: OutboxMessage) -> None:
    """Let go of a reference to a card that was removed, or is saved under a newer one. The processor may have let it go already."""
    if SavedCard.objects.filter(external_id=message.payload["card"], removed_at=None).exists():
        raise outbox.Obsolete("The card is saved under this reference.")
    try:
        gateway().detach_card(message.payload["account"], message.payload["card"])
    except ProcessorError as error:
        if error.code in _STILL_THERE or not error.permanent:
            raise
        raise outbox.Obsolete("The processor knows no such card.") from error


@outbox.handler(outbox_names.CREATE_REFUND, label=gettext_noop("Refund by card"), **_MONEY)
def create_refund(message: OutboxMessage) -> None:
    """Have the processor give money back. A repeat finds the first one's refund, by its key."""
    refund = Refund.objects.select_related("payment").get(pk=message.payload["refund"])
    if refund.state != Refund.State.PENDING:
        raise outbox.Obsolete(f"The refund is {refund.state}.")
    payment, now = refund.payment, clock.now()
    try:
        made = gateway().create_refund(
            payment.account_id, payment.external_id or "", refund.money, key=f"refund:{refund.pk}"
        )
    except ProcessorError as error:
        if not error.permanent:
            raise
        fail_refund(refund=refund, failure=error.failure, now=now)
        return
    if made.state == "succeeded":
        settle_refund(refund=refund, external_id=made.external_id, by=audit.SYSTEM, now=now)
    elif made.state == "failed":
        fail_refund(refund=refund, failure=made.failure or Reason(BillingReason.REFUND_REFUSED), now=now)
    else:
        Refund.objects.filter(pk=refund.pk, external_id=None).update(external_id=made.external_id)
