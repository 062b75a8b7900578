"""Hide costs, isolation and query counts: every address about money, asked by those who must not see an amount."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from billing.actions import catalogue, charges, evidence, manual_payments
from billing.actions.catalogue import BillingTerms
from billing.models import Invoice, Payment
from billing.prepayments.models import Prepayment
from billing.reconciliation.models import Difference, Reconciliation
from core.kernel import audit, outbox
from core.kernel.money import Money
from core.notifications.models import Notice
from tenants.context import organization_context
from tests.factories.cast import fixed_id
from tests.factories.disputes import card_payment, dispute
from tests.factories.packages import offer, sell
from tests.factories.till import appointment_of, credit, ended, issue
from tests.factories.wages import earn, pay_out

NEXT_YEAR = f"{date.today().year + 1}-01-01"  # noqa: DTZ011 because the views know no other clock here
AMOUNT = re.compile(r"(?:€|\bEUR)\s?\d|\d\s?(?:€|EUR\b)|123[.,]45")
# What a page carries that is random or signed: the token, and the hidden fields that {% csrf_token %} adds to each form. Chance may write
# "1EUR" or "-EUR0" into one.
TOKEN = re.compile(
    r'(?<="X-CSRFToken": ")\w+|(?<=name=")(?:csrfmiddlewaretoken|form_key|form_version|form_owner)" value="[\w:.-]+'
)


@pytest.fixture
def books(till):
    """Cleo's bills: 123.45 open and paid; an own rate; a charge. And what Nora earns, in a payout."""
    till.bill = issue(till, client=till.cleo, amount=12345)
    till.credit = credit(till, issue(till, client=till.cleo, amount=24690), 12345)
    paid = issue(till, client=till.cleo, amount=12345)
    till.payment = manual_payments.record_payment(
        invoice=paid, amount=paid.total, means="cash", received_on=till.now.date(), by=till.nora, now=till.now
    )
    till.rate = catalogue.set_rate(
        client=till.cleo, service=till.therapy, price=Money(12345, "EUR"), by=till.nora, now=till.now
    )
    till.charge = charges.charge_appointment(ended=ended(till, till.cleo), by=audit.SYSTEM, now=till.now)
    till.package = offer(by=till.nora, now=till.now, is_online=True, price=Money(12345, "EUR"))
    till.ten = sell(till.package, till.cleo, by=till.nora, now=till.now)
    till.met = charges.charge_appointment(ended=ended(till, till.cleo, 2), by=audit.SYSTEM, now=till.now)
    starts_at = till.now + timedelta(days=3)
    till.prepayment = Prepayment.objects.create(
        appointment_id=fixed_id(590), client=till.cleo, description="Speech", happens_at=starts_at, payer=till.ada,
        price_amount=12345, amount=12345, total_amount=12345, currency="EUR", asked_at=till.now, asked_by="Nora",
        due_at=till.now + timedelta(days=1),
    )  # fmt: skip
    till.dispute = dispute(card_payment(till, issue(till, client=till.cleo, amount=12345)), "needs_response", -12345)
    given = SimpleUploadedFile("letter.pdf", b"%PDF-1.4 letter")
    till.evidence = evidence.add_file(dispute=till.dispute, kind="receipt", given=given, by=till.nora, now=till.now)
    compared = Reconciliation.objects.create(
        account_id="acct_1", asked_at=till.now, asked_by="x", state="done", done_at=till.now
    )
    till.difference = Difference.objects.create(
        reconciliation=compared,
        subject="payment",
        kind="missing_here",
        key="pi_1",
        theirs_amount=12345,
        theirs_currency="EUR",
    )
    till.wage_rate = earn(till.nora.staff, euros=123, by=till.nora)
    till.run = pay_out(by=till.nora)
    return till


def addresses(books) -> list[str]:
    """Every address of the app, with the ids that it takes."""
    known = {"invoice": books.bill.pk, "payment": books.payment.pk, "charge": books.charge.pk, "service": books.therapy.pk,
             "rate": books.rate.pk, "credit": books.credit.pk,
             "balance": books.cleo.pk, "card": books.bill.pk, "cost": books.bill.pk, "wages": books.nora.staff.pk,
             "wage": books.nora.staff.pk, "wage-rate-removal": books.wage_rate.pk, "payout": books.run.payouts.get().pk,
             "payout-document": books.run.payouts.get().pk, "payer": books.cleo.pk, "customer": books.bill.pk}  # fmt: skip
    known |= {
        "package": books.ten.pk,
        "package-buy": books.cleo.pk,
        "package-offer": books.package.pk,
        "charge-units": books.met.pk,
        "prepayment": books.prepayment.pk,
        "prepayment-exception": books.cleo.pk,
        "prepayment-service": books.therapy.pk,
    }
    known |= {"dispute": books.dispute.pk, "difference": books.difference.pk}
    known |= dict.fromkeys(("dispute-file", "dispute-file-removal"), books.evidence.pk)
    known |= dict.fromkeys(
        ("payout-run", "payout-run-bank-file", "payout-run-payment", "payout-run-removal", "payout-run-file"),
        books.run.pk,
    )
    patterns = next(
        found for found in get_resolver().url_patterns[0].url_patterns if getattr(found, "namespace", "") == "billing"
    )
    urls = []
    for pattern in patterns.url_patterns:
        name = pattern.name
        if name == "prepayment-ask":
            urls.append(reverse(f"billing:{name}", args=[books.prepayment.appointment_id, books.cleo.pk]))
            continue
        takes = "<uuid" in str(pattern.pattern)
        about = ["forged"] if "<str" in str(pattern.pattern) else []
        urls.append(reverse(f"billing:{name}", args=[known.get(name) or known[name.split("-")[0]]] if takes else about))
    return urls


@pytest.mark.parametrize("who", ["cleo_login", "gus", "tess", "sam"])
def test_no_page_shows_an_amount_to_those_from_whom_costs_are_hidden(books, visit, who):
    browser = visit(getattr(books, who))
    for url in [*addresses(books), "/dashboard/", "/notifications/"]:
        for answer in (browser.get(url), browser.post(url)):
            assert not AMOUNT.search(TOKEN.sub("", answer.content.decode(errors="replace"))), url
            assert answer.status_code in (302, 403, 404, 405) or url.count("-") < 4, (
                url
            )  # those of one thing, by its id


@pytest.mark.parametrize("name", ["csrfmiddlewaretoken", "form_key", "form_version", "form_owner"])
def test_what_chance_writes_into_a_hidden_field_is_no_amount(name):
    assert AMOUNT.search('value="19aac-x-EUR0"') and AMOUNT.search('value="a:1EUR:b"')
    for chance in ("19aac-x-EUR0", "a:1EUR:b-EUR7", "1EUR", ".eJ-1EUR_:c"):
        assert not AMOUNT.search(TOKEN.sub("", f'<input type="hidden" name="{name}" value="{chance}">'))
    assert AMOUNT.search(TOKEN.sub("", f'<input type="hidden" name="{name}" value="x"><p>EUR 0</p>'))
    assert AMOUNT.search(TOKEN.sub("", '<input type="hidden" name="price" value="1EUR">'))


def test_the_same_pages_do_show_it_to_the_agent(books, visit):
    page = visit(books.ada).get(reverse("billing:invoice", args=[books.bill.pk]))

    assert AMOUNT.search(page.content.decode())


def test_no_mail_or_notice_about_money_reaches_the_client(books):
    catalogue.save_settings(terms=BillingTerms(invoice_at_completion=True), by=books.nora, now=books.now)
    outbox.deliver_due()

    assert mail.outbox
    assert {address for message in mail.outbox for address in message.to} == {"Ada North <ada@north.test>"}
    hidden = {books.cleo_login.pk, books.gus.pk, books.tess.pk}
    assert not Notice.objects.filter(user_id__in=hidden, kind__startswith="invoice").exists()


def test_strangers_of_another_organization_find_nothing_under_the_same_ids(books, visit):
    with organization_context(books.south):
        theirs = Invoice.objects.create(
            id=books.bill.pk,
            client=books.south_people.cleo,
            state="draft",
            currency="USD",
            due_on=books.now.date(),
            payer_name="Greta",
            has_chosen_payer=True,
        )
        assert theirs.pk == books.bill.pk

    page = visit(books.nora).get(reverse("billing:invoice", args=[books.bill.pk])).content.decode()
    other = (
        visit(books.olga, organization="south").get(reverse("billing:invoice", args=[books.bill.pk])).content.decode()
    )

    assert books.bill.number in page and "Greta" not in page
    assert "Greta" in other and books.bill.number not in other
    paid = reverse("billing:payment", args=[books.payment.pk])
    assert visit(books.nora).get(paid).status_code == 200
    assert visit(books.olga, organization="south").get(paid).status_code == 404


@pytest.mark.parametrize("who", ["", "anonymous"])
def test_nobody_without_a_login_sees_anything(books, visit, who):
    browser = visit()
    for url in addresses(books):
        answer = browser.get(url)
        assert answer.status_code in (302, 404, 405), url
        if answer.status_code == 302:
            assert "/account/login/" in answer.url or answer.url == "/billing/invoices/", url


LISTS = ["invoices", "charges", "payments", "balances", "services", "rates"]


@pytest.mark.parametrize("name", LISTS)
def test_list_takes_the_same_queries_for_one_row_and_three(till, visit, name, django_assert_max_num_queries):
    def add(number: int) -> None:
        invoice = issue(till, client=[till.cora, till.cleo][number % 2])
        manual_payments.record_payment(
            invoice=invoice,
            amount=Money(1000, "EUR"),
            means="cash",
            received_on=till.now.date(),
            by=till.nora,
            now=till.now,
        )
        charges.charge_appointment(ended=ended(till, till.cora, number=number), by=audit.SYSTEM, now=till.now)
        service = catalogue.save_service(
            terms=catalogue.ServiceTerms(name=f"Extra {number}", price=Money(100, "EUR")), by=till.nora, now=till.now
        )
        catalogue.set_rate(client=till.cora, service=service, price=Money(90, "EUR"), by=till.nora, now=till.now)

    browser, url = visit(till.nora), reverse(f"billing:{name}")
    add(1)
    browser.get(url)
    with django_assert_max_num_queries(15) as first:
        browser.get(url)
    add(2)
    add(3)
    with django_assert_max_num_queries(15) as second:
        assert browser.get(url).status_code == 200

    assert len(second) == len(first)


@pytest.mark.parametrize("who", ["gus", "ada"])
def test_payers_list_takes_the_same_queries_for_one_row_and_three(till, visit, who, django_assert_max_num_queries):
    client = till.cleo if who == "ada" else till.cora
    browser, url = visit(getattr(till, who)), reverse("billing:invoices")
    issue(till, client=client)
    browser.get(url)
    with django_assert_max_num_queries(15) as first:
        browser.get(url)
    issue(till, client=client)
    issue(till, client=client)
    with django_assert_max_num_queries(15) as second:
        assert browser.get(url).content.decode().count("billing-link") == 3

    assert len(second) == len(first)


def test_invoice_form_makes_and_sends_an_invoice(till, visit):
    sent = {"client": till.cora.pk, "description": "Report", "price": "45,50", "tax_rate": "19", "due_on": NEXT_YEAR}

    answer = visit(till.nora).post(reverse("billing:invoice-new"), sent)

    made = Invoice.objects.get()
    assert answer.status_code == 302 and (made.state, made.total_amount) == ("open", 5415)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "12.345"),
        ("price", "-1"),
        ("price", "x"),
        ("due_on", "2001-01-01"),
        ("tax_rate", "100"),
        ("description", ""),
    ],
)
def test_invoice_form_says_what_is_wrong_and_makes_nothing(till, visit, field, value):
    good = {"client": till.cora.pk, "description": "Report", "price": "45.50", "tax_rate": "19", "due_on": NEXT_YEAR}

    answer = visit(till.nora).post(reverse("billing:invoice-new"), good | {field: value})

    assert answer.status_code == 422 and not Invoice.objects.exists()
    assert f'id="id_{field}_error"' in answer.content.decode() or "errors" in answer.content.decode()


def test_payment_by_hand_and_its_reversal_through_the_pages(till, visit):
    invoice, browser = issue(till), visit(till.nora)
    sent = {"price": "80.00", "means": "transfer", "received_on": "2026-11-20", "reference": "statement 7"}

    assert browser.post(reverse("billing:invoice-payment", args=[invoice.pk]), sent).status_code == 302
    payment = Payment.objects.get()
    assert (
        browser.get(reverse("billing:payment-receipt", args=[payment.pk])).headers["Content-Type"] == "application/pdf"
    )
    assert browser.post(reverse("billing:payment-reversal", args=[payment.pk]), {"reason": "typo"}).status_code == 302

    assert Invoice.objects.get().state == "open" and Payment.objects.get().state == "reversed"


def test_cost_of_one_appointment_is_set_on_its_page_and_charged_first(till, visit):
    made = appointment_of(till, till.cora)
    url = reverse("billing:cost", args=[made.pk])
    assert url in visit(till.nora).get(f"/appointments/{made.pk}/").content.decode()
    assert visit(till.tess).get(url).status_code == 403

    answer = visit(till.nora).post(url, {"client": till.cora.pk, "price": "20", "reason": "trial"})

    assert answer.status_code == 302
    charged = charges.charge_appointment(
        ended=ended(till, till.cora, appointment_id=made.pk), by=audit.SYSTEM, now=till.now
    )
    assert (charged.amount, charged.source) == (2000, "override")


def test_dashboard_shows_bills_to_those_who_pay_them(books, visit):
    issue(books, amount=7000)

    assert "€70.00" in visit(books.gus).get("/dashboard/").content.decode()
    assert "€123.45" in visit(books.ada).get("/dashboard/").content.decode()
    assert "Still to be billed" in visit(books.nora).get("/dashboard/").content.decode()
