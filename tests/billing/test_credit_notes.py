"""Credit notes: numbered by themselves, never more than the claim, with what was paid kept or given back; told, printed, and in the books."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from billing.actions import charges, credit_notes, invoices, manual_payments, payments
from billing.actions.catalogue import BillingTerms, save_settings
from billing.actions.credit_notes import Credit
from billing.actions.invoices import Item
from billing.documents import credit_note_file, invoice_file
from billing.models import CreditNote, Invoice, NumberSequence, Refund
from billing.queries.invoices import balance_of
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.money import Money
from core.notifications.models import Notice
from tests.billing.pdf_text import BERLIN, read
from tests.factories.till import credit, ended, issue


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def fresh(found):
    return type(found).objects.get(pk=found.pk)


def cash(till, invoice, amount: int):
    return manual_payments.record_payment(
        invoice=invoice, amount=euros(amount), means="cash", received_on=till.now.date(), by=till.nora, now=till.now
    )


def taxed(till, *lines: tuple[int, str], currency: str = "EUR", **more) -> Invoice:
    """An issued invoice with these lines."""
    items = [Item(f"Line {at}", Money(amount, currency), Decimal(rate)) for at, (amount, rate) in enumerate(lines)]
    draft = invoices.draft_invoice(client=till.cora, items=items, by=till.nora, now=till.now, **more)
    return invoices.issue_invoice(invoice=draft, by=till.nora, now=till.now)


def test_whole_credit_leaves_nothing_claimed_and_is_numbered_by_itself(till):
    invoice, other = issue(till), issue(till)

    note = credit(till, invoice)

    assert (note.number, note.total, note.settlement) == ("CN-2026-0001", euros(8000), "nothing_paid")
    assert (fresh(invoice).state, fresh(invoice).due, balance_of(till.cora, "EUR")) == (
        "credited",
        euros(0),
        euros(8000),
    )
    assert note.ledger_entry.money == euros(-8000) and "Came late" in note.ledger_entry.reason
    assert [line.invoice_line.invoice_id for line in note.lines.all()] == [invoice.pk]
    assert credit(till, other, 1000).number == "CN-2026-0002"
    assert issue(till).number == "INV-2026-0003"


def test_number_of_a_credit_that_fails_is_not_lost(till, monkeypatch):
    invoice = issue(till)
    with monkeypatch.context() as patch:
        patch.setattr("billing.notifications.invoice_credited", lambda note, by: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            credit(till, invoice)

    assert (fresh(invoice).due, CreditNote.objects.count()) == (euros(8000), 0)
    assert credit(till, invoice).number == "CN-2026-0001"


def test_prefix_of_credit_notes_differs_from_that_of_invoices(till):
    terms = BillingTerms(number_prefix="re-", credit_note_prefix="RE")
    with pytest.raises(DomainError) as refused:
        save_settings(terms=terms, by=till.nora, now=till.now)
    assert (refused.value.code, refused.value.field) == ("prefix_same", "credit_note_prefix")

    save_settings(terms=BillingTerms(credit_note_prefix="gs", number_by_year=False), by=till.nora, now=till.now)

    assert credit(till, issue(till)).number == "GS-0001"
    assert NumberSequence.objects.get(name="credit_note").last == 1


@pytest.mark.parametrize(("refunds_paid", "state", "balance"), [(False, "credited", -8000), (True, "refunded", 0)])
def test_what_was_paid_is_kept_as_credit_or_given_back(till, refunds_paid, state, balance):
    invoice = issue(till)
    cash(till, invoice, 8000)

    note = credit(till, fresh(invoice), refunds_paid=refunds_paid)

    assert (fresh(invoice).state, balance_of(till.cora, "EUR")) == (state, euros(balance))
    assert (note.paid_part, note.settlement) == (euros(8000), "refund" if refunds_paid else "balance")
    assert [refund.money for refund in note.refunds.all()] == ([euros(8000)] if refunds_paid else [])


def test_what_is_due_goes_first(till):
    invoice = issue(till)
    cash(till, invoice, 3000)

    first = credit(till, fresh(invoice), 5000, refunds_paid=True)
    assert (first.settlement, fresh(invoice).state, Refund.objects.count()) == ("nothing_paid", "paid", 0)
    second = credit(till, fresh(invoice), 1000, refunds_paid=True)

    assert (second.paid_part, fresh(invoice).state, balance_of(till.cora, "EUR")) == (
        euros(1000),
        "partly_refunded",
        euros(0),
    )


def test_refund_is_spread_over_several_payments(till):
    invoice = issue(till)
    cash(till, invoice, 3000)
    cash(till, fresh(invoice), 5000)

    note = credit(till, fresh(invoice), 6000, refunds_paid=True)

    assert sorted(refund.amount for refund in note.refunds.all()) in ([1000, 5000], [3000, 3000])
    assert (balance_of(till.cora, "EUR"), fresh(invoice).claim) == (euros(0), euros(2000))


def test_card_refund_of_a_credit_leaves_the_claim_to_the_credit(shop):
    invoice = issue(shop)
    payment = payments.start_payment(invoices=[invoice.pk], by=shop.gus, now=shop.now).payment
    shop.processor.pay(shop.account.external_id, payment.external_id, "pm_card_visa")
    payments.refresh_payment(payment=payment, now=shop.now)

    note = credit(shop, fresh(invoice), 3000, refunds_paid=True)
    assert balance_of(shop.cora, "EUR") == euros(-3000)
    outbox.deliver_due()

    assert (fresh(invoice).claim, fresh(invoice).state, balance_of(shop.cora, "EUR")) == (
        euros(5000),
        "partly_refunded",
        euros(0),
    )
    assert note.refunds.get().state == "succeeded"


def test_lines_are_credited_once_and_with_exactly_their_tax(till):
    invoice = taxed(till, (1001, "19"), (333, "7"), (1001, "19"))
    first, second, third = invoice.lines.all()

    note = credit(till, invoice, lines=[first.pk])
    assert [(part.rate, part.net, part.tax) for part in note.rate_totals] == [(Decimal(19), euros(1001), euros(190))]
    with pytest.raises(ConflictError) as refused:
        credit(till, invoice, lines=[first.pk])
    assert refused.value.code == "lines_missing"
    credit(till, fresh(invoice), lines=[second.pk, third.pk])

    taxes = sum(tax for each in CreditNote.objects.all() for _, _, tax in each.by_rate)
    assert taxes == 380 + 23 and fresh(invoice).state == "credited"


def test_lines_of_which_a_part_is_credited_already_are_refused(till):
    invoice = taxed(till, (5000, "0"), (3000, "0"))
    credit(till, invoice, 4000)

    with pytest.raises(DomainError) as refused:
        credit(till, invoice, lines=[invoice.lines.first().pk])

    assert refused.value.code == "lines_too_high"
    assert credit(till, invoice).total == euros(4000)


@pytest.mark.parametrize("amount", [0, 8001])
def test_amount_that_cannot_be_credited_is_refused(till, amount):
    invoice = issue(till)
    with pytest.raises(DomainError) as refused:
        credit(till, invoice, amount)
    assert refused.value.field == "price"
    assert (fresh(invoice).due, CreditNote.objects.count()) == (euros(8000), 0)


def test_another_currency_a_draft_and_what_is_void_are_refused(till):
    invoice = issue(till)
    how = {"reason": "goodwill", "memo": "x", "by": till.nora, "now": till.now}
    with pytest.raises(DomainError) as refused:
        credit_notes.credit_invoice(invoice=invoice, credit=Credit(Money(100, "USD")), **how)
    assert refused.value.code == "amount_invalid"
    draft = invoices.draft_invoice(client=till.cora, items=[Item("x", euros(1))], by=till.nora, now=till.now)
    invoices.cancel_invoice(invoice=invoice, reason="typo", by=till.nora, now=till.now)

    for wrong in (draft, invoice):
        with pytest.raises(ConflictError) as refused:
            credit(till, wrong)
        assert refused.value.code == "not_creditable"


@pytest.mark.parametrize(("reason", "memo"), [("", "x"), ("nonsense", "x"), ("goodwill", "  ")])
def test_credit_needs_a_chosen_reason_and_words(till, reason, memo):
    with pytest.raises(DomainError) as refused:
        credit(till, issue(till), reason=reason, memo=memo)
    assert refused.value.code == "reason_missing"


@pytest.mark.parametrize("who", ["tess", "gus", "ada"])
def test_only_who_bills_credits(till, who):
    with pytest.raises(PermissionDenied):
        credit(till, issue(till), by=getattr(till, who))


def test_second_whole_credit_finds_nothing_left(till):
    invoice = issue(till)
    credit(till, invoice)

    with pytest.raises(ConflictError):
        credit(till, invoice)

    assert CreditNote.objects.count() == 1


def test_charge_of_a_credited_line_awaits_an_invoice_again_only_if_wanted(till):
    for bills_again, state in ((False, "invoiced"), (True, "open")):
        charge = charges.charge_appointment(
            ended=ended(till, till.cora, bills_again + 1), by=audit.SYSTEM, now=till.now
        )
        invoice = invoices.invoice_charges(charges=[charge], by=till.nora, now=till.now)
        credit_notes.credit_invoice(
            invoice=invoice,
            credit=Credit(bills_again=bills_again),
            reason="mistake",
            memo="x",
            by=till.nora,
            now=till.now,
        )
        assert fresh(charge).state == state


@pytest.mark.parametrize(("currency", "amount"), [("JPY", 333), ("KWD", 1000001)])
def test_currencies_with_other_decimals(till, currency, amount):
    invoice = taxed(till, (amount, "8.88"), currency=currency)
    part = Money(invoice.total_amount // 3, currency)
    for _ in range(3):
        credit_notes.credit_invoice(
            invoice=invoice, credit=Credit(part), reason="goodwill", memo="x", by=till.nora, now=till.now
        )
    if fresh(invoice).claim:
        credit(till, invoice)

    assert fresh(invoice).state == "credited" and balance_of(till.cora, currency) == Money(0, currency)
    assert sum(tax for note in invoice.credit_notes.all() for _, _, tax in note.by_rate) == (
        invoice.total_amount - amount
    )


def test_payer_gets_it_by_mail_and_behind_the_bell(till, mailoutbox):
    invoice = issue(till)
    while outbox.deliver_due():
        pass
    mailoutbox.clear()

    note = credit(till, invoice, 3000)
    while outbox.deliver_due():
        pass

    (mail,) = mailoutbox
    assert mail.to == ["Gus North <gus@north.test>"]
    assert mail.subject == f"Credit note {note.number} for invoice {invoice.number}"
    assert "€30.00" in mail.body and "Still due: €50.00." in mail.body and "Came late" in mail.body
    assert [part.filename if hasattr(part, "filename") else part[0] for part in mail.attachments] == [
        f"{note.number}.pdf"
    ]
    notice = Notice.objects.get(kind="credit_note")
    assert (notice.user_id, notice.path) == (till.gus.pk, f"/billing/credit-notes/{note.pk}/")
    assert "30" not in notice.body


def test_agent_who_is_gone_gets_no_mail(till, mailoutbox):
    invoice = issue(till, client=till.cleo)
    till.ada.is_active = False
    till.ada.save()
    mailoutbox.clear()

    credit(till, invoice)
    while outbox.deliver_due():
        pass

    assert not mailoutbox and fresh(invoice).state == "credited"


def test_document_names_the_invoice_it_corrects(till):
    invoice = taxed(till, (10000, "19"), (5000, "7"))
    cash(till, invoice, invoice.total_amount)

    note = credit(till, fresh(invoice), 2000, memo="קליאו 北 🎈 \u202e x")
    text, reader = read(credit_note_file(note, BERLIN))

    for words in ("Credit note", note.number, "Corrects invoice", invoice.number, "20 November 2026", "€20.00", "Goodwill",
                  "stays as credit on account"):  # fmt: skip
        assert words in text, words
    assert reader.metadata.title == f"Credit note {note.number} · North Practice"
    assert note.number in read(invoice_file(fresh(invoice), BERLIN))[0]


def test_credit_of_four_hundred_lines(till):
    invoice = taxed(till, *[(100 + at, "19" if at % 2 else "7") for at in range(400)])

    note = credit(till, invoice)

    assert (note.lines.count(), note.total) == (400, invoice.total)
    assert "Line 399" in read(credit_note_file(note, BERLIN))[0]
