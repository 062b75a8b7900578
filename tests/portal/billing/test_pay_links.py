"""An invoice is paid by the link in its mail: without sign-in, for that invoice and payer only, and not once nothing is due."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from billing.actions import invoices
from billing.models import Invoice, Payment
from billing.queries.pay_links import pay_token
from billing.reminders.actions.reminding import remind_now
from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.people.models import LinkedLogin
from tests.factories.till import issue


@pytest.fixture
def bill(shop):
    shop.bill = issue(shop)
    shop.pay_url = reverse("billing:pay-link", args=[pay_token(shop.bill, shop.bill.payer_user)])
    return shop


def test_mail_leads_to_the_link_and_the_payer_pays_without_sign_in(bill, visit):
    outbox.deliver_due()
    assert any(bill.pay_url in message.body for message in mail.outbox)
    browser = visit()
    page = browser.get(bill.pay_url)
    assert page.status_code == 200 and page.headers["Referrer-Policy"] == "no-referrer"

    assert browser.post(bill.pay_url).url == f"{bill.pay_url}card/"
    assert "<card-fields" in browser.get(f"{bill.pay_url}card/").content.decode()
    assert (
        browser.post(f"{bill.pay_url}card/", {"save": "no"}, headers={"Accept": "application/json"}).status_code == 200
    )
    payment = Payment.objects.get()
    bill.processor.pay(bill.account.external_id, payment.external_id)
    done = browser.get(f"{bill.pay_url}done/")

    assert "has arrived" in done.content.decode() and Invoice.objects.get(pk=bill.bill.pk).state == "paid"
    assert payment.payer == bill.bill.payer_user
    over = visit().get(bill.pay_url)
    assert over.status_code == 200 and "is paid" in over.content.decode()
    assert visit().post(bill.pay_url).status_code == 200 and Payment.objects.count() == 1


def test_reminder_leads_to_the_link_as_well(bill):
    outbox.deliver_due()
    mail.outbox.clear()
    Invoice.objects.filter(pk=bill.bill.pk).update(due_on=bill.now.date() - timedelta(days=4))
    remind_now(invoices=[Invoice.objects.get(pk=bill.bill.pk)], by=bill.nora, now=bill.now)
    OutboxMessage.objects.filter(state="waiting").update(due_at=bill.now - timedelta(days=1))
    outbox.deliver_due()

    (reminder,) = mail.outbox
    assert bill.pay_url in reminder.body


def test_scanner_that_follows_the_link_begins_nothing(bill, visit):
    for address in (bill.pay_url, f"{bill.pay_url}card/", f"{bill.pay_url}done/"):
        assert visit().get(address).status_code in (200, 302)
    assert not Payment.objects.exists()


@pytest.mark.parametrize("end", ["void", "not theirs", "costs hidden", "forged", "another host"])
def test_link_that_ended_shows_no_amount(bill, visit, end):
    organization, url = "north", bill.pay_url
    if end == "void":
        invoices.cancel_invoice(invoice=bill.bill, reason="typo", by=bill.nora, now=bill.now)
    elif end == "not theirs":
        Invoice.objects.filter(pk=bill.bill.pk).update(payer_user=bill.ada)
    elif end == "costs hidden":
        bill.cora.permissions = [*bill.cora.permissions, "hide_costs"]
        bill.cora.save()
        assert LinkedLogin.objects.filter(client=bill.cora, user=bill.bill.payer_user).exists()
    elif end == "forged":
        url = reverse("billing:pay-link", args=["forged:token"])
    else:
        organization = "south"

    for answer in (visit(organization=organization).get(url), visit(organization=organization).post(url)):
        assert answer.status_code in (404, 410) and "€" not in answer.content.decode()
    assert not Payment.objects.exists()


def test_two_browsers_pay_the_same_payment_once(bill, visit):
    one, two = visit(), visit()
    for browser in (one, two, one):
        assert browser.post(bill.pay_url).status_code == 302
    assert Payment.objects.count() == 1
