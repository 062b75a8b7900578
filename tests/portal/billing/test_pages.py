"""Every page about money opens for whoever may, and for nobody else."""

import pytest
from django.urls import reverse

from billing.actions import catalogue, charges, manual_payments
from billing.models import Customer, PaymentAccount, SavedCard
from core.kernel import audit
from core.kernel.money import Money
from tests.factories.till import ended, issue

STAFF_PAGES = [
    "invoices", "invoice-new", "charges", "payments", "balances", "services", "service-new", "rates", "rate-new", "settings", "account",
    "reminders", "reminder-settings",
]  # fmt: skip


@pytest.fixture
def shop(till):
    """A charge that awaits an invoice, an own rate, and an invoice for each client."""
    till.charge = charges.charge_appointment(ended=ended(till, till.cora), by=audit.SYSTEM, now=till.now)
    till.rate = catalogue.set_rate(
        client=till.cora, service=till.hourly, price=Money(5000, "EUR"), by=till.nora, now=till.now
    )
    till.invoice = issue(till)
    till.hidden = issue(till, client=till.cleo, amount=12345)
    return till


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_staff_page_opens_for_whoever_bills(shop, visit, name):
    assert visit(shop.nora).get(reverse(f"billing:{name}")).status_code == 200


@pytest.mark.parametrize("name", [name for name in STAFF_PAGES if name not in ("invoices", "payments")])
@pytest.mark.parametrize("who", ["tess", "gus", "ada", "cleo_login"])
def test_staff_page_is_forbidden_to_others(shop, visit, name, who):
    assert visit(getattr(shop, who)).get(reverse(f"billing:{name}")).status_code == 403


@pytest.mark.parametrize("part", ["", "document/"])
def test_invoice_opens_for_those_who_may_see_it(shop, visit, part):
    url = reverse("billing:invoice", args=[shop.invoice.pk]) + part

    answers = {
        who: visit(getattr(shop, who)).get(url).status_code
        for who in ("nora", "gus", "cora_login", "ada", "tess", "cleo_login")
    }

    assert answers == {"nora": 200, "gus": 200, "cora_login": 200, "ada": 404, "tess": 404, "cleo_login": 404}


@pytest.mark.parametrize("name", ["invoices", "payments", "cards", "card-new"])
def test_who_has_nothing_to_do_with_money_finds_no_lists_of_it(shop, visit, name):
    """Tess bills nobody; Cleo's costs are hidden from her own login."""
    found = {
        who: visit(getattr(shop, who)).get(reverse(f"billing:{name}")).status_code for who in ("tess", "cleo_login")
    }

    assert found == {"tess": 404, "cleo_login": 404}


@pytest.mark.parametrize("who", ["nora", "cleo_login"])
def test_card_saved_before_can_still_be_removed(shop, visit, who):
    browser, cards = visit(getattr(shop, who)), reverse("billing:cards")
    assert browser.get(cards).status_code == 404
    card_of(shop, getattr(shop, who))

    assert browser.get(cards).status_code == 200
    assert cards in browser.get(reverse("billing:invoices")).content.decode()
    assert browser.get(reverse("billing:card-new")).status_code == (404 if who == "nora" else 302)


def card_of(shop, user):
    account = PaymentAccount.objects.create(
        external_id="acct_1", state="active", country="DE", currency="EUR", connected_at=shop.now, changed_at=shop.now
    )
    customer = Customer.objects.create(user=user, account=account, external_id="cus_1", created_at=shop.now)
    return SavedCard.objects.create(
        customer=customer, external_id="pm_1", brand="visa", last4="4242", expires_month=4, expires_year=2090, saved_at=shop.now
    )  # fmt: skip


def test_address_of_the_checkout_leads_back_to_the_invoices(till, visit):
    answer = visit(till.gus).get(reverse("billing:checkout"))

    assert (answer.status_code, answer["Location"]) == (302, reverse("billing:invoices"))


def test_new_invoice_offers_the_draft_beside_the_issue(till, visit):
    page = visit(till.nora).get(reverse("billing:invoice-new")).content.decode()

    actions = page[page.index('class="form__actions"') :]
    assert actions.index("Issue and send") < actions.index("Save as draft") < actions.index("Cancel")


def test_no_charge_is_chosen_beforehand(shop, visit):
    page = visit(shop.nora).get(reverse("billing:charges")).content.decode()

    assert 'name="charge"' in page
    assert "checked" not in page


def test_paying_chosen_ones_is_offered_where_something_is_open(shop, visit):
    pages = visit(shop.gus)
    assert (
        "Pay the chosen ones" not in pages.get(reverse("billing:invoices")).content.decode()
    )  # no account takes cards
    PaymentAccount.objects.create(
        external_id="acct_1", state="active", country="DE", currency="EUR", connected_at=shop.now, changed_at=shop.now
    )
    assert "Pay the chosen ones" in pages.get(reverse("billing:invoices")).content.decode()

    assert "Pay the chosen ones" not in pages.get(reverse("billing:invoices") + "?state=paid").content.decode()
    type(shop.invoice).objects.update(state="void")
    assert "Pay the chosen ones" not in pages.get(reverse("billing:invoices")).content.decode()


def test_charges_carry_what_the_sum_is_made_of_and_the_total_stands_there(shop, visit):
    page = visit(shop.nora).get(reverse("billing:charges")).content.decode()

    price = shop.charge.price
    assert f'data-minor="{price.amount}"' in page and 'data-currency="EUR"' in page
    assert f"{price.format('en')} in all" in page
    assert 'data-part="all"' in page


@pytest.mark.parametrize(("query", "is_found"), [("cora", True), ("Cora nobody", False), ("%", False)])
def test_charges_are_searched(shop, visit, query, is_found):
    page = visit(shop.nora).get(reverse("billing:charges"), {"q": query}).content.decode()

    assert ('name="charge"' in page) == is_found
    assert ("Nothing found" in page) != is_found


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ({"q": "transfer-77"}, True), ({"q": "cora"}, True), ({"q": "nobody"}, False), ({"means": "transfer"}, True), ({"means": "card"}, False),
        ({"from": "2000-01-01", "to": "2099-12-31"}, True), ({"to": "2000-01-01"}, False), ({"from": "9999-12-31"}, False),
        ({"from": "yesterday", "to": "0000-00-00"}, True), ({"means": "gold"}, True),
    ],
)  # fmt: skip
def test_payments_are_searched_by_name_way_and_day(shop, visit, asked, is_found):
    manual_payments.record_payment(
        invoice=shop.invoice, amount=shop.invoice.total, means="transfer", reference="TRANSFER-77", received_on=shop.now.date(),
        by=shop.nora, now=shop.now,
    )  # fmt: skip

    page = visit(shop.nora).get(reverse("billing:payments"), asked).content.decode()

    assert ("billing-link" in page) == is_found
    assert ("Nothing found" in page) != is_found
