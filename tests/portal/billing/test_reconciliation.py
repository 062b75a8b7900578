"""The report of differences through its pages."""

import pytest
from django.urls import reverse

from billing.actions import payments
from billing.models import Invoice
from billing.reconciliation.models import Difference, Reconciliation
from billing.reconciliation.rules.comparison import Kind, Subject
from core.kernel import outbox
from portal.billing.reconciliation_rows import TEXTS
from tests.factories.disputes import paid_by_card
from tests.factories.till import issue

PAGE = "billing:reconciliation"


def text(browser) -> str:
    return browser.get(reverse(PAGE)).content.decode()


def test_compared_by_button_reported_and_taken_over(shop, visit):
    paid_by_card(shop)
    invoice, browser = issue(shop, amount=1234), visit(shop.nora)
    started = payments.start_payment(invoices=[invoice.pk], by=shop.gus, now=shop.now).payment
    shop.processor.pay(shop.account.external_id, started.external_id)
    assert reverse(PAGE) in browser.get(reverse("billing:payments")).content.decode()
    assert "Nothing was compared yet" in text(browser)

    browser.post(reverse("billing:reconciliation-new"))
    assert "being compared" in text(browser) and "Compare now" not in text(browser)
    again = browser.post(reverse("billing:reconciliation-new"), follow=True).content.decode()
    assert "being compared at this moment" in again
    while outbox.deliver_due():
        pass

    shown = text(browser)
    assert "€12.34" in shown and "not in your books" in shown and started.external_id in shown
    assert (
        "Taken over"
        in browser.post(reverse("billing:difference", args=[Difference.objects.get().pk]), follow=True).content.decode()
    )
    assert Invoice.objects.get(pk=invoice.pk).state == "paid"
    browser.post(reverse("billing:reconciliation-new"))
    while outbox.deliver_due():
        pass
    assert "No difference was found" in text(browser)


@pytest.mark.parametrize("who", ["tess", "gus", "ada", "cora_login"])
def test_others_do_not_get_there(till, visit, who):
    browser = visit(getattr(till, who))
    assert browser.get(reverse(PAGE)).status_code == 403
    assert browser.post(reverse("billing:reconciliation-new")).status_code == 403
    assert not Reconciliation.objects.exists()


def test_without_an_account_it_says_so(till, visit):
    shown = text(visit(till.nora))
    assert "No account is connected" in shown and "Compare now" not in shown


def test_refused_account_says_so(till, visit):
    Reconciliation.objects.create(
        account_id="acct_1", asked_at=till.now, asked_by="x", state="failed", done_at=till.now
    )
    assert "does not let us read the account" in text(visit(till.nora))


def test_every_difference_has_its_sentences(till, visit):
    last = Reconciliation.objects.create(
        account_id="acct_1", asked_at=till.now, asked_by="x", state="done", done_at=till.now
    )
    for number, (subject, kind) in enumerate([*TEXTS, (Subject.PAYMENT, Kind.CURRENCY)]):
        Difference.objects.create(
            reconciliation=last, subject=subject, kind=kind, key=f"key_{number}", words="<b>“Name” 山田 🎈",
            ours_amount=500, ours_currency="JPY", theirs_amount=12345, theirs_currency="KWD",
        )  # fmt: skip

    shown = text(visit(till.nora))

    assert "<b>“Name”" not in shown and "KWD 12.345" in shown.replace("KWD12.345", "KWD 12.345").replace("\xa0", " ")
    assert shown.count("key_") >= len(TEXTS) - 2
