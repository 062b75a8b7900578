"""Who is told about money, by which message, with which facts.

A notice stays behind the bell, whoever may see costs later: those for payers carry no amount. A mail is promised here and looked at again
when it is sent; its context is built only after `may_be_mailed` has said that the recipient may see the amounts.
"""

from collections.abc import Iterable
from typing import Any

from babel.dates import format_date

from billing import messages, outbox_names, permissions
from billing.addresses import (
    card_link_page,
    charges_page,
    credit_note_page,
    invoice_page,
    pay_link_page,
    payer_cards_page,
    payment_page,
)
from billing.documents import Formatter, settlement_sentence
from billing.models import CardLink, Charge, CreditNote, Invoice, LedgerEntry, Payment, PaymentShare, Refund
from billing.queries.card_links import token_of
from billing.queries.pay_links import has_pay_link, pay_token
from billing.rules.balances import InvoiceState, Kind
from branding.queries import current_brand, locale_of
from core.kernel import failures, outbox
from core.kernel.money import Money
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.notifications.mail import Recipient
from core.notifications.messages import Box, Content, Message
from core.notifications.models import Notice
from core.people.models import User
from tenants.absolute_urls import absolute_url


def invoice_issued(invoice: Invoice) -> None:
    """The payer: a notice without the amount, if they have a login and may see it, and a mail with the document, if they have an address."""
    _notify_payer(invoice, messages.INVOICE_NOTICE)
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
            notices.post(
                messages.PAID_NOTICE,
                user_id=user.pk,
                path=invoice_page(invoice.pk),
                concerns=invoice,
                number=str(invoice.number),
                amount=share.money.format(language),
                payer=share.payment.payer_name,
                in_part=translate("yes") if invoice.state != InvoiceState.PAID else "",
                state=str(Invoice.State(before).label) if before != InvoiceState.OPEN else "",
            )


def claim_changed(entry: LedgerEntry, *, by: Any) -> None:
    """The payer, when less is claimed than before, or nothing, or a noted payment did not count: a notice without amounts, and a mail."""
    invoice = entry.invoice
    _notify_payer(invoice, messages.CLAIM_NOTICE, **_what_changed(entry))
    outbox.enqueue(outbox_names.MAIL_CLAIM, key=f"claim:{entry.pk}", by=by, about=invoice, entry=str(entry.pk))


def invoice_credited(note: CreditNote, *, by: Any) -> None:
    """The payer: a notice without amounts, and a mail with the credit note."""
    _notify_payer(note.invoice, messages.CREDIT_NOTE_NOTICE, path=credit_note_page(note.pk), credit_note=note.number)
    outbox.enqueue(
        outbox_names.MAIL_CREDIT_NOTE, key=f"credit-note:{note.pk}", by=by, about=note, credit_note=str(note.pk)
    )


def payment_received(payment: Payment) -> None:
    """Whoever paid: a mail with the receipt."""
    outbox.enqueue(outbox_names.MAIL_RECEIPT, key=f"receipt:{payment.pk}", about=payment, payment=str(payment.pk))


def payment_of_another_amount(payment: Payment, came: Money) -> None:
    """Everybody who bills, once: money came that is not what was asked for, and no book has it."""
    path = payment_page(payment.pk)
    if Notice.objects.filter(kind=messages.OTHER_AMOUNT_NOTICE.code, path=path).exists():
        return
    for user in permissions.billing_staff():
        with in_language_of(user) as language:
            notices.post(
                messages.OTHER_AMOUNT_NOTICE,
                user_id=user.pk,
                path=path,
                concerns=payment,
                amount=came.format(language),
                asked=payment.money.format(language),
                payer=payment.payer_name,
            )


def refund_made(refund: Refund) -> None:
    """Whoever paid: a mail that says what went back, and why."""
    outbox.enqueue(
        outbox_names.MAIL_REFUND, key=f"refund-mail:{refund.pk}", about=refund.invoice, refund=str(refund.pk)
    )


def refund_failed(refund: Refund) -> None:
    """Everybody who bills: a notice with what the processor said."""
    for user in permissions.billing_staff():
        with in_language_of(user):
            notices.post(
                messages.REFUND_FAILED_NOTICE,
                user_id=user.pk,
                path=invoice_page(refund.invoice_id),
                concerns=refund,
                number=str(refund.invoice.number),
                why=refund.failure_sentence,
            )


def refund_found(refund: Refund) -> None:
    """Everybody who bills: a refund was made at the processor, and what it did to the claim."""
    for user in permissions.billing_staff():
        with in_language_of(user) as language:
            notices.post(
                messages.REFUND_FOUND_NOTICE,
                user_id=user.pk,
                path=invoice_page(refund.invoice_id),
                concerns=refund,
                number=str(refund.invoice.number),
                amount=refund.money.format(language),
                credited=refund.credited.format(language),
            )


def charge_not_invoiced(charge: Charge) -> None:
    """Everybody who bills: something was completed, and its invoice could not be made."""
    for user in permissions.billing_staff():
        with in_language_of(user):
            notices.post(
                messages.NOT_INVOICED_NOTICE,
                user_id=user.pk,
                path=charges_page(),
                concerns=charge.client,
                client=charge.client.name,
            )


def card_link_sent(link: CardLink, *, by: User) -> None:
    """The payer: a mail with the link."""
    outbox.enqueue(outbox_names.MAIL_CARD_LINK, key=f"card-link:{link.pk}", by=by, about=link.client, link=str(link.pk))


def card_saved_by_link(link: CardLink) -> None:
    """Whoever sent the link, if they still bill; else everybody who does."""
    staff = permissions.billing_staff()
    for user in [each for each in staff if each.pk == link.sender_id] or staff:
        with in_language_of(user):
            notices.post(
                messages.CARD_SAVED_NOTICE,
                user_id=user.pk,
                path=payer_cards_page(link.client_id),
                concerns=link.client,
                client=link.client.name,
                payer=link.user.name,
                card=str(link.card),
            )


def card_link_content(link: CardLink, to: Recipient) -> Content:
    """For whom, until when, and where the card is given, in the language in force."""
    formatter = Formatter(to.language, to.time_zone)
    until = formatter.moment(link.expires_at)
    return Content(
        values={"client": link.client.name if current_brand().names_in_mail else "", "until": until},
        button_url=absolute_url(card_link_page(token_of(link))),
        notes=[translate(note) for note in messages.CARD_LINK_NOTES],
        reason=translate(messages.CARD_LINK_REASON),
        preview=translate("Works until %(until)s", until=until),
    )


def has_document(to: Recipient) -> bool:
    """Whether the document travels with the mail: not where mail names nobody, unless the reader has no other way to it."""
    return current_brand().names_in_mail or not to.user_id


def invoice_content(invoice: Invoice, to: Recipient) -> Content:
    """Number, amount, due date, and the page where it is paid, for recipients with a login, in the language in force."""
    formatter, is_named = Formatter(to.language, to.time_zone), current_brand().names_in_mail
    is_open, due_on = invoice.state == Invoice.State.OPEN, formatter.day(invoice.due_on)
    amount, client = formatter.money(invoice.total), invoice.client.name if is_named else ""
    lines = [translate("Due on %(day)s", day=due_on)] if is_open else []
    return Content(
        values={
            "number": str(invoice.number),
            "amount": amount,
            "due_on": due_on,
            "client": client,
            "attached": translate("yes") if has_document(to) else "",
            "is_open": translate("yes") if is_open else "",
        },
        boxes=(Box(amount, [*lines, *([line.description for line in invoice.lines.all()] if is_named else ())]),),
        button_url=absolute_url(invoice_address(invoice, to)) if to.user_id else "",
        reason=translate(messages.INVOICE_REASON_NAMED, client_name=client)
        if client
        else translate(messages.INVOICE_REASON),
        preview=translate("%(amount)s, due on %(day)s", amount=amount, day=due_on),
    )


def invoice_address(invoice: Invoice, to: Recipient) -> str:
    """Where it is paid without signing in, if it can be; else its page."""
    if invoice.payer_user is not None and has_pay_link(invoice, to.user_id):
        return pay_link_page(pay_token(invoice, invoice.payer_user))
    return invoice_page(invoice.pk)


def claim_content(entry: LedgerEntry, to: Recipient) -> Content:
    """What became of the claim, why, and what is due as it stands when the mail is written, in the language in force."""
    formatter, invoice = Formatter(to.language, to.time_zone), entry.invoice
    due, due_on = formatter.money(invoice.due) if invoice.due else "", formatter.day(invoice.due_on)
    why = entry.reason_sentence if current_brand().names_in_mail else ""
    return Content(
        values={
            "number": str(invoice.number),
            "amount": formatter.money(Money(abs(entry.amount), entry.currency)),
            "due": due,
            **_what_changed(entry),
        },
        boxes=(Box(messages.due_sentence(due, due_on), [why] if why else ()),),
        button_url=absolute_url(invoice_page(invoice.pk)) if to.user_id else "",
        reason=translate(messages.INVOICE_REASON),
        preview=messages.due_sentence(due, due_on),
    )


def credit_note_content(note: CreditNote, to: Recipient) -> Content:
    """How much less is claimed, why, what becomes of what was paid, and what is due, in the language in force."""
    formatter, invoice = Formatter(to.language, to.time_zone), note.invoice
    due, due_on = formatter.money(invoice.due) if invoice.due else "", formatter.day(invoice.due_on)
    amount, paid = formatter.money(note.total), settlement_sentence(note, formatter)
    memo = note.memo if current_brand().names_in_mail else ""
    return Content(
        values={
            "credit_note": note.number,
            "number": str(invoice.number),
            "amount": amount,
            "attached": translate("yes") if has_document(to) else "",
        },
        boxes=(Box(amount, [line for line in (memo, paid, messages.due_sentence(due, due_on)) if line]),),
        button_url=absolute_url(credit_note_page(note.pk)) if to.user_id else "",
        reason=translate(messages.INVOICE_REASON),
        preview=f"{amount}, {invoice.number}",
    )


def _what_changed(entry: LedgerEntry) -> dict[str, str]:
    """What became of a claim, as its messages ask for it."""
    return {
        "is_void": translate("yes") if entry.kind == Kind.VOIDED else "",
        "is_less": translate("yes") if entry.kind == Kind.CREDITED else "",
    }


def _still_due(invoices: Iterable[Invoice], formatter: Formatter) -> list[str]:
    """What is due of each invoice of which not all is paid."""
    return [
        translate("Still due of %(number)s: %(amount)s", number=invoice.number, amount=formatter.money(invoice.due))
        for invoice in invoices
        if invoice.due
    ]


def receipt_content(payment: Payment, to: Recipient) -> Content:
    """How much came in, how, when, and for which invoices, in the language in force."""
    formatter = Formatter(to.language, to.time_zone)
    invoices = [share.invoice for share in payment.shares.select_related("invoice").order_by("invoice__number")]
    numbers, amount = ", ".join(str(invoice.number) for invoice in invoices), formatter.money(payment.money)
    paid_at = payment.succeeded_at or payment.started_at
    paid_on = formatter.day(payment.received_on) if payment.received_on else formatter.moment(paid_at)
    return Content(
        values={
            "numbers": numbers,
            "amount": amount,
            "paid_on": paid_on,
            "paid_by": payment.words,
            "attached": translate("yes") if has_document(to) else "",
        },
        boxes=(
            Box(
                amount,
                (
                    translate("For %(numbers)s", numbers=numbers),
                    f"{payment.words}, {paid_on}",
                    *_still_due(invoices, formatter),
                ),
            ),
        ),
        button_url=absolute_url(payment_page(payment.pk)) if to.user_id else "",
        reason=translate(messages.PAYMENT_REASON),
        preview=f"{amount}, {numbers}",
    )


def refund_content(refund: Refund, to: Recipient) -> Content:
    """How much went back, where to, and why, in the language in force."""
    formatter, reason = Formatter(to.language, to.time_zone), refund.reason_sentence
    amount, due = formatter.money(refund.money), _still_due([refund.invoice], formatter)
    return Content(
        values={
            "number": str(refund.invoice.number),
            "amount": amount,
            "paid_by": refund.payment.words,
            "reason": reason,
        },
        boxes=(Box(amount, [line for line in (refund.payment.words, reason, *due) if line]),),
        button_url=absolute_url(invoice_page(refund.invoice_id)) if to.user_id else "",
        reason=translate(messages.PAYMENT_REASON),
        preview=f"{amount}, {refund.invoice.number}",
    )


def _notify_payer(invoice: Invoice, message: Message, *, path: str = "", **more: str) -> None:
    """The notice behind the payer's bell, if they have a login and may see the invoice."""
    if invoice.payer_user is None or not permissions.can_see_invoice(invoice.payer_user, invoice):
        return
    with in_language_of(invoice.payer_user) as language:
        due_on = format_date(invoice.due_on, "long", locale=locale_of(language))
        notices.post(
            message,
            user_id=invoice.payer_user.pk,
            path=path or invoice_page(invoice.pk),
            concerns=invoice,
            number=str(invoice.number),
            client=invoice.client.name,
            due_on=due_on,
            **more,
        )


def _issuer_or_staff(invoice: Invoice) -> list[User]:
    staff = permissions.billing_staff()
    return [user for user in staff if user.pk == invoice.issued_by_id] or staff
