"""The pages on which claims are settled: what they offer, what they say, and what stale ones answer."""

import pytest
from django.urls import reverse

from billing.actions import cards, invoices, manual_payments, refunds
from billing.gateways.base import Card
from billing.models import Customer, Invoice, Payment, PaymentAccount, PaymentShare
from core.kernel.money import Money
from tests.factories.till import issue


def cash(till, invoice, amount: int) -> Payment:
    return manual_payments.record_payment(
        invoice=invoice,
        amount=Money(amount, "EUR"),
        means="cash",
        received_on=till.now.date(),
        by=till.nora,
        now=till.now,
    )


@pytest.fixture
def account(till):
    return PaymentAccount.objects.create(
        external_id="acct_1", state="active", country="DE", currency="EUR", connected_at=till.now, changed_at=till.now
    )


def page_of(browser, invoice) -> str:
    return browser.get(reverse("billing:invoice", args=[invoice.pk])).content.decode()


def test_refund_form_asks_what_becomes_of_the_claim(till, visit):
    invoice, browser = issue(till), visit(till.nora)
    payment = cash(till, invoice, 8000)
    url = reverse("billing:invoice-refund", args=[invoice.pk])
    sent = {"payment": payment.pk, "price": "30", "reason": "back"}

    assert browser.post(url, sent).status_code == 422
    assert browser.post(url, sent | {"claim": "due"}).status_code == 302

    page = page_of(browser, invoice)
    assert Invoice.objects.get().due == Money(3000, "EUR")
    assert "€30.00" in page and "What was given back is still due." in page


def test_stale_refund_form_answers_with_a_sentence(till, visit):
    invoice, browser = issue(till), visit(till.nora)
    payment = cash(till, invoice, 8000)
    refunds.refund_invoice(
        invoice=invoice, payment=payment, amount=Money(8000, "EUR"), reason="all", by=till.nora, now=till.now
    )

    answer = browser.post(
        reverse("billing:invoice-refund", args=[invoice.pk]),
        {"payment": payment.pk, "price": "30", "claim": "due", "reason": "late"},
    )

    assert answer.status_code == 422
    assert "Nothing of that payment is left to give back." in answer.content.decode()
    assert str(payment.pk) not in answer.content.decode()


def test_less_is_claimed_through_the_page_and_shown_everywhere(till, visit):
    invoice, browser = issue(till), visit(till.nora)

    answer = browser.post(
        reverse("billing:invoice-credit", args=[invoice.pk]),
        {"what": "amount", "price": "30", "reason": "goodwill", "memo": "half an hour"},
    )

    assert answer.status_code == 302
    for reader in (till.nora, till.gus):
        page = page_of(visit(reader), invoice)
        assert "Not claimed any more" in page and "€50.00" in page and "half an hour" in page
    assert "€50.00" in browser.get(reverse("billing:balance", args=[till.cora.pk])).content.decode()
    assert "€50.00" in visit(till.gus).get("/dashboard/").content.decode()


def test_void_invoice_that_was_paid_offers_the_refund_and_says_why(till, visit):
    invoice = issue(till)
    invoices.cancel_invoice(invoice=invoice, reason="typo", by=till.nora, now=till.now)
    payment = Payment.objects.create(
        means="card", state="succeeded", payer=till.gus, payer_name="Gus", amount=8000, currency="EUR",
        account_id="acct_1", external_id="pi_1", started_at=till.now, succeeded_at=till.now,
    )  # fmt: skip
    PaymentShare.objects.create(payment=payment, invoice=invoice, amount=8000, currency="EUR")
    refunds.settlement.settle(payment, by=till.nora, now=till.now)
    browser = visit(till.nora)

    page = page_of(browser, invoice)
    form = browser.get(reverse("billing:invoice-refund", args=[invoice.pk])).content.decode()

    assert reverse("billing:invoice-refund", args=[invoice.pk]) in page and "more was paid than is claimed" in page
    assert 'name="claim"' not in form
    assert reverse("billing:invoice-delivery", args=[invoice.pk]) not in page


def test_pay_button_gives_way_to_a_sentence_below_the_processors_least(till, account, visit):
    little, enough = issue(till, amount=49), issue(till, amount=50)
    browser = visit(till.gus)

    assert reverse("billing:checkout") in page_of(browser, enough)
    page = page_of(browser, little)
    assert f'action="{reverse("billing:checkout")}"' not in page and "At least €0.50 can be paid by card." in page


@pytest.mark.parametrize("status", ["inactive", "prospect"])
def test_bill_of_a_client_who_is_not_active_says_so_to_payers_and_staff(till, account, visit, status):
    invoice = issue(till, client=till.cleo)
    till.cleo.status = status
    till.cleo.save()

    theirs, ours = page_of(visit(till.ada), invoice), page_of(visit(till.nora), invoice)
    listed = visit(till.ada).get(reverse("billing:invoices")).content.decode()

    assert f'action="{reverse("billing:checkout")}"' not in theirs
    assert invoice.number in listed and "Pay the chosen ones" not in listed
    assert "nothing can be paid here" in theirs and "nobody can pay this here" in ours
    assert invoice.number not in visit(till.ada).get("/dashboard/").content.decode()


def test_expired_card_is_marked_in_the_list(till, account, visit):
    customer = Customer.objects.create(user=till.gus, account=account, external_id="cus_1", created_at=till.now)
    for number, year in enumerate((2020, 2090)):
        card = Card(f"pm_{number}", "visa", f"424{number}", 1, year, f"fp{number}")
        cards.save_card(customer=customer, card=card, now=till.now)

    assert visit(till.gus).get(reverse("billing:cards")).content.decode().count("Expired: pays nothing any more") == 1


def test_words_of_the_processor_in_rows_of_earlier_releases_reach_nobody(till, account, visit):
    invoice = issue(till)
    payment = Payment.objects.create(
        means="card", state="refused", payer=till.gus, payer_name="Gus", amount=8000, currency="EUR",
        failure="You cannot confirm this PaymentIntent because it has a status of canceled.", started_at=till.now,
    )  # fmt: skip
    PaymentShare.objects.create(payment=payment, invoice=invoice, amount=8000, currency="EUR")

    for page in (page_of(visit(till.gus), invoice), page_of(visit(till.nora), invoice)):
        assert "PaymentIntent" not in page and "The card was refused." in page


def test_start_page_of_a_payer_adds_up_all_bills_and_shows_three(till, visit):
    browser, made = visit(till.gus), [issue(till, amount=1000 * (number + 1)) for number in range(5)]
    cash(till, made[4], 2000)
    Invoice.objects.filter(pk=made[0].pk).update(currency="USD")

    page = browser.get("/dashboard/")

    [panel] = [each for each in page.context["side_panels"] if each.template == "billing/_to_pay.html"]
    assert sorted(panel.context["sums"]) == ["$10.00", "€120.00"]
    assert panel.context["count"] == 5
    assert len(panel.context["rows"]) == 3
