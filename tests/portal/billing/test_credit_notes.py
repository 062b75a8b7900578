"""Credit notes through their pages: chosen, refused with a sentence, found where they belong, and shown to nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions import manual_payments
from billing.models import CreditNote, Invoice
from tests.factories.pages import fields_of
from tests.factories.till import credit, issue


def form_of(browser, invoice) -> tuple[str, dict]:
    address = reverse("billing:invoice-credit", args=[invoice.pk])
    return address, fields_of(browser.get(address)) | {"reason": "goodwill", "memo": "Ended early"}


def cash(till, invoice) -> None:
    manual_payments.record_payment(
        invoice=invoice, amount=invoice.due, means="cash", received_on=till.now.date(), by=till.nora, now=till.now
    )


def test_whole_credit_is_shown_wherever_the_invoice_is(till, visit):
    invoice, browser = issue(till), visit(till.nora)
    address, form = form_of(browser, invoice)

    answer = browser.post(address, form)

    note = CreditNote.objects.get()
    page = reverse("billing:credit-note", args=[note.pk])
    assert answer.headers["Location"] == page
    for reader in (till.nora, till.gus, till.cora_login):
        reading = visit(reader)
        shown = reading.get(page).content.decode()
        assert "Ended early" in shown and "€80.00" in shown and invoice.number in shown
        assert reading.get(reverse("billing:credit-note-document", args=[note.pk])).content.startswith(b"%PDF")
        assert note.number in reading.get(reverse("billing:credit-notes")).content.decode()
        own = reading.get(reverse("billing:invoice", args=[invoice.pk])).content.decode()
        assert page in own and "Credited" in own
    for stranger in (till.ada, till.tess, till.cleo_login):
        assert visit(stranger).get(page).status_code == 404
        assert visit(stranger).get(f"{page}document/").status_code == 404


def test_form_asks_what_becomes_of_money_only_where_some_was_paid(till, visit):
    open_one, paid, browser = issue(till), issue(till), visit(till.nora)
    cash(till, paid)

    assert "settlement" not in form_of(browser, open_one)[1]
    address, form = form_of(browser, paid)
    refused = browser.post(address, form)

    assert refused.status_code == 422 and "Choose what becomes of the money" in refused.content.decode()
    assert browser.post(address, form | {"settlement": "refund"}).status_code == 302
    assert Invoice.objects.get(pk=paid.pk).state == "refunded"
    assert (
        "is refunded"
        in browser.get(reverse("billing:credit-note", args=[CreditNote.objects.get().pk])).content.decode()
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"what": "amount", "price": "80.01"}, "left to credit"),
        ({"what": "amount", "price": ""}, "Enter an amount."),
        ({"what": "amount", "price": "0"}, "above zero"),
        ({"what": "amount", "price": "ten"}, "price"),
        ({"reason": ""}, "reason"),
        ({"memo": ""}, "memo"),
    ],
)
def test_what_cannot_be_credited_is_said_and_nothing_typed_is_lost(till, visit, typed, said):
    invoice, browser = issue(till), visit(till.nora)
    address, form = form_of(browser, invoice)

    answer = browser.post(address, form | {"memo": "Çok güzel 北 🎈"} | typed)

    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert typed.get("memo", "Çok güzel 北 🎈") in page
    assert not CreditNote.objects.exists()


def test_second_tab_and_second_sending_credit_nothing_more(till, visit):
    invoice, browser = issue(till), visit(till.nora)
    address, form = form_of(browser, invoice)
    _, stale = form_of(browser, invoice)
    form |= {"what": "amount", "price": "30"}

    assert browser.post(address, form).status_code == 302
    browser.post(address, form)
    late = browser.post(address, stale | {"what": "amount", "price": "10"})

    assert CreditNote.objects.count() == 1
    assert late.status_code == 422


def test_list_takes_the_same_queries_however_long_it_is(till, visit):
    browser, address = visit(till.nora), reverse("billing:credit-notes")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            credit(till, issue(till))
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            browser.get(address)
        counts.append(len(asked))

    assert counts[0] == counts[1]
