"""Who is told about money, by which message, with which facts.

A notice stays behind the bell, whoever may see costs later: those for payers carry no amount. A mail is promised here and looked at again
when it is sent; its context is built only after `may_be_mailed` has said that the recipient may see the amounts.
"""

from collections.abc import Callable, Iterable
from typing import Any

from babel.dates import format_date

from billing import outbox_names, permissions
from billing.addresses import charges_page, invoice_page, payment_page
from billing.documents import Formatter
from billing.models import Charge, Invoice, LedgerEntry, Payment, PaymentShare, Refund
from billing.rules.balances import InvoiceState, Kind
from branding.queries import current_brand, locale_of
from core.kernel import failures, outbox
from core.kernel.money import Money
from core.kernel.translation import gettext_noop, translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.notifications.mail import Recipient
from core.notifications.models import Notice
from core.people.models import User
from tenants.absolute_urls import absolute_url


def invoice_issued(invoice: Invoice) -> None:
    """The payer: a notice without the amount, if they have a login and may see it, and a mail with the document, if they have an address."""
    _notify_payer(invoice, kind="invoice_issued", facts=_issue_notice(invoice))
    if not invoice.payer_email:
        return
    outbox.enqueue(
        outbox_names.MAIL_INVOICE,
        key=f"invoice:{invoice.pk}",
        by=invoice.issued_by,
        about=invoice,
        invoice=str(invoice.pk),
    )


def invoice_sent_again(invoice: Invoice, *, by: Any) -> None:
    """The payer: the same mail once more; where the last one has not left, that one now."""
    for waiting in failures.failing_about(invoice).filter(name=outbox_names.MAIL_INVOICE):
        outbox.try_again(waiting)
        return
    outbox.enqueue(outbox_names.MAIL_INVOICE, by=by, about=invoice, invoice=str(invoice.pk), again=True)


def invoice_paid(invoice: Invoice, *, share: PaymentShare, before: InvoiceState) -> None:
    """Whoever issued it, if they still bill; else everybody who does. Amounts are for them to see. `before` is its state until now."""
    for user in _issuer_or_staff(invoice):
        with in_language_of(user) as language:
            title, body = _paid_notice(invoice, before, share.money.format(language), share.payment.payer_name)
        notices.post(user_id=user.pk, kind="invoice_paid", title=title, body=body, path=invoice_page(invoice.pk))


def claim_changed(entry: LedgerEntry, *, by: Any) -> None:
    """The payer, when less is claimed than before, or nothing, or a noted payment did not count: a notice without amounts, and a mail."""
    invoice = entry.invoice
    _notify_payer(invoice, kind="claim_changed", facts=_claim_notice(entry))
    outbox.enqueue(outbox_names.MAIL_CLAIM, key=f"claim:{entry.pk}", by=by, about=invoice, entry=str(entry.pk))


def payment_received(payment: Payment) -> None:
    """Whoever paid: a mail with the receipt."""
    outbox.enqueue(outbox_names.MAIL_RECEIPT, key=f"receipt:{payment.pk}", about=payment, payment=str(payment.pk))


def payment_of_another_amount(payment: Payment, came: Money) -> None:
    """Everybody who bills, once: money came that is not what was asked for, and no book has it."""
    path = payment_page(payment.pk)
    if Notice.objects.filter(kind="payment_amount_differs", path=path).exists():
        return
    for user in permissions.billing_staff():
        with in_language_of(user) as language:
            title = translate(
                "%(amount)s came in by card, which is not what was asked for", amount=came.format(language)
            )
            body = translate(
                "Asked for was %(amount)s from %(payer_name)s. It is not in the books: look at it at the payment service.",
                amount=payment.money.format(language),
                payer_name=payment.payer_name,
            )
        notices.post(user_id=user.pk, kind="payment_amount_differs", title=title, body=body, path=path)


def refund_made(refund: Refund) -> None:
    """Whoever paid: a mail that says what went back, and why."""
    outbox.enqueue(
        outbox_names.MAIL_REFUND, key=f"refund-mail:{refund.pk}", about=refund.invoice, refund=str(refund.pk)
    )


def refund_failed(refund: Refund) -> None:
    """Everybody who bills: a notice with what the processor said."""
    for user in permissions.billing_staff():
        with in_language_of(user):
            title = translate("The refund for %(number)s failed", number=refund.invoice.number)
            body = refund.failure_sentence
        path = invoice_page(refund.invoice_id)
        notices.post(user_id=user.pk, kind="refund_failed", title=title, body=body, path=path)


def refund_found(refund: Refund) -> None:
    """Everybody who bills: a refund was made at the processor, and what it did to the claim."""
    for user in permissions.billing_staff():
        with in_language_of(user) as language:
            title = translate("A refund for %(number)s was made at the payment service", number=refund.invoice.number)
            body = translate(
                "%(amount)s went back; %(credited)s less is claimed for it.",
                amount=refund.money.format(language),
                credited=refund.credited.format(language),
            )
        path = invoice_page(refund.invoice_id)
        notices.post(user_id=user.pk, kind="refund_found", title=title, body=body, path=path)


def charge_not_invoiced(charge: Charge) -> None:
    """Everybody who bills: something was completed, and its invoice could not be made."""
    for user in permissions.billing_staff():
        with in_language_of(user):
            title = translate("No %(invoice)s for %(client_name)s", client_name=charge.client)
            body = translate("The charge awaits %(invoice:a|an)s %(invoice)s. Make it there.")
        notices.post(user_id=user.pk, kind="charge_not_invoiced", title=title, body=body, path=charges_page())


def has_document(to: Recipient) -> bool:
    """Whether the document travels with the mail: not where mail names nobody, unless the reader has no other way to it."""
    return current_brand().names_in_mail or not to.user_id


def invoice_mail_context(invoice: Invoice, to: Recipient) -> dict[str, Any]:
    """Number, amount, due date, and the page where it is paid, for recipients with a login."""
    formatter = Formatter(to.language, to.time_zone)
    address = absolute_url(invoice_page(invoice.pk)) if to.user_id else ""
    return {
        "number": invoice.number,
        "client_name": invoice.client.name if current_brand().names_in_mail else "",
        "attached": has_document(to),
        "amount": formatter.money(invoice.total),
        "due_on": formatter.day(invoice.due_on),
        "lines": [line.description for line in invoice.lines.all()] if current_brand().names_in_mail else [],
        "address": address,
        "is_open": invoice.state == Invoice.State.OPEN,
    }


def claim_mail_context(entry: LedgerEntry, to: Recipient) -> dict[str, Any]:
    """What became of the claim, why, and what is due as it stands when the mail is written."""
    formatter, invoice = Formatter(to.language, to.time_zone), entry.invoice
    with in_language_of(to):
        return {
            "number": invoice.number,
            "kind": entry.kind,
            "amount": formatter.money(Money(abs(entry.amount), entry.currency)),
            "due": formatter.money(invoice.due) if invoice.due else "",
            "due_on": formatter.day(invoice.due_on),
            "why": entry.reason_sentence if current_brand().names_in_mail else "",
            "address": absolute_url(invoice_page(invoice.pk)) if to.user_id else "",
        }


def _still_due(invoices: Iterable[Invoice], formatter: Formatter) -> list[dict[str, str]]:
    """What is due of each invoice of which not all is paid."""
    return [
        {"number": str(invoice.number), "amount": formatter.money(invoice.due)} for invoice in invoices if invoice.due
    ]


def receipt_mail_context(payment: Payment, to: Recipient) -> dict[str, Any]:
    """How much came in, how, when, and for which invoices, in the recipient's language."""
    formatter = Formatter(to.language, to.time_zone)
    invoices = [share.invoice for share in payment.shares.select_related("invoice").order_by("invoice__number")]
    paid_at = payment.succeeded_at or payment.started_at
    with in_language_of(to):
        return {
            "amount": formatter.money(payment.money),
            "words": payment.words,
            "attached": has_document(to),
            "received": formatter.day(payment.received_on) if payment.received_on else formatter.moment(paid_at),
            "numbers": ", ".join(str(invoice.number) for invoice in invoices),
            "still_due": _still_due(invoices, formatter),
            "address": absolute_url(payment_page(payment.pk)) if to.user_id else "",
        }


def refund_mail_context(refund: Refund, to: Recipient) -> dict[str, Any]:
    """How much went back, where to, and why, in the recipient's language."""
    formatter = Formatter(to.language, to.time_zone)
    with in_language_of(to):
        return {
            "amount": formatter.money(refund.money),
            "number": refund.invoice.number,
            "reason": refund.reason_sentence,
            "words": refund.payment.words,
            "still_due": _still_due([refund.invoice], formatter),
            "address": absolute_url(invoice_page(refund.invoice_id)) if to.user_id else "",
        }


def _notify_payer(invoice: Invoice, *, kind: str, facts: Callable[[str], tuple[str, str]]) -> None:
    """The notice behind the payer's bell, if they have a login and may see the invoice. `facts` gives title and text for a language."""
    if invoice.payer_user is None or not permissions.can_see_invoice(invoice.payer_user, invoice):
        return
    with in_language_of(invoice.payer_user) as language:
        title, body = facts(language)
    notices.post(user_id=invoice.payer_user.pk, kind=kind, title=title, body=body, path=invoice_page(invoice.pk))


def _issue_notice(invoice: Invoice) -> Callable[[str], tuple[str, str]]:
    def facts(language: str) -> tuple[str, str]:
        day = format_date(invoice.due_on, "long", locale=locale_of(language))
        return (
            translate("New %(invoice)s %(number)s", number=invoice.number),
            translate("For %(client_name)s, due on %(day)s.", client_name=invoice.client, day=day),
        )

    return facts


def _claim_notice(entry: LedgerEntry) -> Callable[[str], tuple[str, str]]:
    titles = {
        Kind.VOIDED: gettext_noop("%(Invoice)s %(number)s is void"),
        Kind.CREDITED: gettext_noop("Less is claimed for %(invoice)s %(number)s"),
        Kind.PAYMENT_REVERSED: gettext_noop("A payment for %(invoice)s %(number)s was taken back"),
    }
    invoice = entry.invoice

    def facts(language: str) -> tuple[str, str]:
        title = translate(titles[Kind(entry.kind)], number=invoice.number)
        return title, translate("For %(client_name)s.", client_name=invoice.client)

    return facts


def _issuer_or_staff(invoice: Invoice) -> list[User]:
    staff = permissions.billing_staff()
    return [user for user in staff if user.pk == invoice.issued_by_id] or staff


def _paid_notice(invoice: Invoice, before: InvoiceState, amount: str, payer: str) -> tuple[str, str]:
    """Title and text, in the language in force."""
    number, body = invoice.number, translate("%(amount)s from %(payer_name)s", amount=amount, payer_name=payer)
    if before != InvoiceState.OPEN:
        title = translate(
            "%(number)s was paid, though its state was: %(state)s", number=number, state=Invoice.State(before).label
        )
        advice = translate("Give it back, or leave it as credit.")
        return title, f"{body}. {advice}"
    if invoice.state == InvoiceState.PAID:
        return translate("%(number)s was paid", number=number), body
    return translate("%(number)s: part payment", number=number), body
