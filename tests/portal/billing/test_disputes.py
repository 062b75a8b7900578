"""Disputes through their pages: found wherever the payment is, answered once, and seen by whoever bills only."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing.models import BouncedPayout, Dispute, DisputeFile, PaymentAccount
from core.kernel import clock
from tests.factories.disputes import LAST_DAY, card_payment, decide, dispute, dispute_at_bank, paid_by_card
from tests.factories.pages import fields_of
from tests.factories.processor import hand_on
from tests.factories.till import issue


@pytest.fixture(autouse=True)
def _soon(monkeypatch, till):
    monkeypatch.setattr(clock, "now", lambda: till.now)


@pytest.fixture
def hook(visit):
    """Hands a webhook on to the product."""
    browser = visit(organization="operator")
    return lambda event: hand_on(browser, event)


@pytest.fixture
def disputed(till):
    till.invoice = issue(till)
    till.payment = card_payment(till, till.invoice)
    till.dispute = dispute(till.payment, "needs_response", -8000)
    return till


def text(browser, name, *keys) -> str:
    return browser.get(reverse(f"billing:{name}", args=keys)).content.decode()


def test_dispute_is_found_wherever_the_payment_is(disputed, visit):
    till, browser = disputed, visit(disputed.nora)
    page = reverse("billing:dispute", args=[till.dispute.pk])

    assert page in text(browser, "invoice", till.invoice.pk)
    assert page in text(browser, "payment", till.payment.pk)
    assert page in text(browser, "disputes")
    assert reverse("billing:disputes") in text(browser, "payments")
    assert "Taken back by the bank" in text(browser, "balance", till.cora.pk)
    assert "Disputed" in text(browser, "invoices") and "Disputed" in text(browser, "payments")
    assert "Disputed" in browser.get("/dashboard/").content.decode()
    shown = browser.get(page).content.decode()
    assert "€80.00" in shown and "did not pay this" in shown and "€15.00" in shown


def test_payer_reads_that_nothing_is_to_be_paid_and_nothing_else(disputed, visit):
    till = disputed
    for reader in (till.gus, till.cora_login):
        browser = visit(reader)
        shown = text(browser, "invoice", till.invoice.pk)
        assert "Nothing is to be paid until it has decided" in shown
        assert reverse("billing:checkout") not in shown
        assert browser.get(reverse("billing:disputes")).status_code == 403
        assert browser.get(reverse("billing:dispute", args=[till.dispute.pk])).status_code == 403
    own = text(visit(till.gus), "payment", till.payment.pk)
    assert "disputed at the bank" in own and "did not pay this" not in own


def test_answer_is_begun_with_what_was_sold_and_kept(disputed, visit):
    browser, address = visit(disputed.nora), reverse("billing:dispute-answer", args=[disputed.dispute.pk])
    form = fields_of(browser.get(address))
    assert form["what_was_sold"] == ["Assessment"]

    browser.post(address, form | {"explanation": "They came.\n“Yes” 🎈 山田 <b>"})

    assert Dispute.objects.get().explanation.startswith("They came.")
    shown = text(browser, "dispute", disputed.dispute.pk)
    assert "&lt;b&gt;" in shown and "🎈" in shown


def test_second_of_two_tabs_is_told(disputed, visit):
    browser, address = visit(disputed.nora), reverse("billing:dispute-answer", args=[disputed.dispute.pk])
    first, second = fields_of(browser.get(address)), fields_of(browser.get(address))
    browser.post(address, first | {"explanation": "First."})

    assert browser.post(address, second | {"explanation": "Second."}).status_code == 422
    assert Dispute.objects.get().explanation == "First."


def test_file_is_added_opened_and_taken_back(disputed, visit):
    browser, key = visit(disputed.nora), disputed.dispute.pk
    address = reverse("billing:dispute-file-new", args=[key])
    form = fields_of(browser.get(address))
    given = SimpleUploadedFile("letter “1”.pdf", b"%PDF-1.4 letter")
    assert browser.post(address, form | {"kind": "receipt", "files": given}).status_code == 302

    row = DisputeFile.objects.get()
    opened = browser.get(reverse("billing:dispute-file", args=[row.pk]))
    assert opened.status_code == 200 and "attachment" in opened.headers["Content-Disposition"]
    assert visit(disputed.gus).get(reverse("billing:dispute-file", args=[row.pk])).status_code == 403
    assert "letter “1”.pdf" in text(browser, "dispute", key)
    browser.post(reverse("billing:dispute-file-removal", args=[row.pk]))
    assert not DisputeFile.objects.exists()


def test_after_the_last_day_nothing_is_offered(disputed, visit, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LAST_DAY)
    browser = visit(disputed.nora)

    shown = text(browser, "dispute", disputed.dispute.pk)

    assert "The last day is over" in shown and "Send the answer" not in shown
    answer = browser.post(reverse("billing:dispute-submission", args=[disputed.dispute.pk]), follow=True)
    assert "cannot be answered any more" in answer.content.decode()


def test_answer_and_outcome_through_the_pages(shop, hook, visit):
    _, payment = paid_by_card(shop)
    external_id = dispute_at_bank(shop, payment)
    hook(shop.processor.delivered("charge.dispute.funds_withdrawn")[0])
    found, browser = Dispute.objects.get(), visit(shop.nora)
    send = reverse("billing:dispute-submission", args=[found.pk])
    assert "before you send" in browser.post(send, follow=True).content.decode()

    address = reverse("billing:dispute-answer", args=[found.pk])
    browser.post(address, fields_of(browser.get(address)) | {"explanation": "They came."})
    assert "The answer is sent" in browser.post(send, follow=True).content.decode()
    assert "Send the answer" not in text(browser, "dispute", found.pk)

    decide(shop, external_id, "lost")
    hook(shop.processor.delivered("charge.dispute.closed")[0])
    assert "stays with whoever paid" in text(browser, "dispute", found.pk)
    assert found.payment.payer_name in browser.get(reverse("billing:disputes") + "?state=closed").content.decode()
    assert "No disputes here" in text(browser, "disputes")


def test_account_page_says_what_went_wrong(till, visit):
    BouncedPayout.objects.create(
        external_id="po_1", account_id="acct_1", amount=12345, currency="EUR", made_at=till.now, bounced_at=till.now
    )
    PaymentAccount.objects.create(
        external_id="acct_1",
        state="restricted",
        country="DE",
        currency="EUR",
        connected_at=till.now,
        changed_at=till.now,
    )
    shown, invoice = text(visit(till.nora), "account"), issue(till)

    assert "Your bank has sent €123.45 back" in shown and "Nobody can pay by card at the moment" in shown
    assert "not possible at the moment" in text(visit(till.gus), "invoice", invoice.pk)


@pytest.mark.parametrize("query", ["Gus", "INV", "nobody"])
def test_disputes_are_found_by_payer_and_number(disputed, visit, query):
    shown = visit(disputed.nora).get(reverse("billing:disputes"), {"q": query, "state": ""}).content.decode()

    assert (reverse("billing:dispute", args=[disputed.dispute.pk]) in shown) == (query != "nobody")
