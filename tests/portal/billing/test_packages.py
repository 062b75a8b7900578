"""The pages of packages, for whoever sells them and for whoever has one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions import charges
from billing.models import Charge, Invoice
from billing.packages import queries
from billing.packages.models import Package, PackageSettings, Purchase, UnitEntry
from core.kernel import clock
from core.people.models import Client, LinkedLogin
from core.scheduling.actions import complete_appointment
from portal.person_choices import MOST
from tests.factories.packages import offer, pay, sell
from tests.factories.scheduling import completion_type
from tests.factories.till import appointment_of, ended

NASTY = "周二 🙂 ‏שלום‏ <b>“'&\u200b"
OFFER = {
    "name": "Ten", "unit": "appointment", "units": "10", "price": "700", "tax_rate": "0", "valid_count": "3",
    "valid_period": "months", "weekly_limit": "", "covers_all": "on", "is_online": "on", "is_active": "on",
}  # fmt: skip


def url(name, *args):
    return reverse(f"billing:{name}", args=args, urlconf="deploy.urls.tenant")


def main_of(answer):
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.fixture
def sold(till):
    """Ten appointments for Cora, paid today; one is used."""
    till.now = clock.now()
    till.package = offer(by=till.nora, now=till.now, is_online=True)
    till.ten = sell(till.package, till.cora, by=till.nora, now=till.now)
    charges.charge_appointment(ended=ended(till, till.cora, starts_at=till.now), by=till.tess, now=till.now)
    return till


def test_whoever_bills_sees_all_that_were_sold(sold, visit):
    browser = visit(sold.nora)
    page = main_of(browser.get(url("packages")))
    assert "Ten at once" in page and "9 of 10 left" in page and "€630.00" in page and "Cora Winter" in page
    page = main_of(browser.get(url("package", sold.ten.pk)))
    for words in ("9 of 10 left", "€70.00", "Bought", "Used", "−1", "+10", "Freeze", "Refund what is left"):
        assert words in page, words
    assert "9 of 10 left" in main_of(browser.get(url("balance", sold.cora.pk)))
    panels = reverse("people:client_panels", args=[sold.cora.pk], urlconf="deploy.urls.tenant")
    assert "9 of 10 left" in browser.get(f"{panels}?rest").content.decode()
    for state, there in (("current", True), ("waiting", False), ("over", False)):
        assert ("Ten at once" in main_of(browser.get(f"{url('packages')}?state={state}"))) == there
    assert "Ten at once" in main_of(browser.get(f"{url('packages')}?q=cora"))


@pytest.mark.parametrize("who", ["gus", "cora_login"])
def test_payer_sees_what_is_left_and_what_it_will_meet(sold, visit, who):
    sold.now += timedelta(days=1)
    appointment_of(sold, sold.cora)
    browser = visit(getattr(sold, who))
    page = main_of(browser.get(url("packages")))
    assert "9 of 10 left" in page and "Covers next" in page and "Buy a package for Cora Winter" in page
    page = main_of(browser.get(url("package", sold.ten.pk)))
    assert "9 of 10 left" in page and "Freeze" not in page and "<form" not in page
    for name in ("package-freeze", "package-transfer", "package-refund"):
        assert browser.get(url(name, sold.ten.pk)).status_code == 403
    for name in ("package-offers", "package-settings", "package-sale"):
        assert browser.get(url(name)).status_code == 403


@pytest.mark.parametrize("who", ["tess", "sam", "cleo_login", "ada"])
def test_nobody_else_finds_it(sold, visit, who):
    assert visit(getattr(sold, who)).get(url("package", sold.ten.pk)).status_code == 404


def test_offer_is_added_and_changed(till, visit):
    browser = visit(till.nora)
    assert browser.post(url("package-offer-new"), OFFER | {"name": NASTY}).status_code == 302
    package = Package.objects.get()
    assert (package.name[:4], package.units, package.amount, package.valid_count) == (NASTY[:4], 1000, 70000, 3)
    page = browser.get(url("package-offer", package.pk)).content.decode()
    assert 'value="10"' in page and 'value="700.00"' in page
    sent = OFFER | {
        "name": "Five h", "unit": "hour", "units": "5.5", "covers_all": "", "services": [str(till.hourly.pk)],
        "weekly_limit": "2",
    }  # fmt: skip
    assert browser.post(url("package-offer", package.pk), sent).status_code == 302
    package.refresh_from_db()
    assert (package.units, package.weekly_limit, package.covers_all) == (330, 120, False)
    assert "Five h" in main_of(browser.get(url("package-offers")))


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"units": "0"}, "units"),
        ({"units": "1.5"}, "units"),
        ({"units": "1000000000000"}, "units"),
        ({"price": "0"}, "price"),
        ({"price": "1000000000000"}, "price"),
        ({"price": "-5"}, "price"),
        ({"valid_count": "0"}, "valid_count"),
        ({"weekly_limit": "11"}, "weekly_limit"),
        ({"covers_all": ""}, "services"),
        ({"unit": "miles"}, "unit"),
        ({"name": " "}, "name"),
    ],
)
def test_offer_that_cannot_be_is_an_error_at_its_field(till, visit, sent, field):
    answer = visit(till.nora).post(url("package-offer-new"), OFFER | sent)
    assert answer.status_code == 422 and answer.context["form"].errors[field]
    assert not Package.objects.exists()


def test_staff_sell_and_the_payer_pays(sold, visit):
    browser = visit(sold.nora)
    page = browser.get(f"{url('package-sale')}?client={sold.cora.pk}")
    key = next(iter(page.context["form"].packages))
    answer = browser.post(url("package-sale"), {"client": str(sold.cora.pk), "package": key})
    purchase = Purchase.objects.order_by("-sold_at").first()
    assert answer["Location"] == url("package", purchase.pk) and not purchase.is_released
    assert "Not paid yet" in main_of(browser.get(answer["Location"]))
    pay(purchase, by=sold.nora, now=sold.now)
    assert "10 of 10 left" in main_of(browser.get(answer["Location"]))


def test_payer_buys_once_however_often_it_is_sent(sold, visit):
    browser, buy = visit(sold.gus), url("package-buy", sold.cora.pk)
    page = browser.get(buy)
    assert "€700.00" in main_of(page) and "Buy with an obligation to pay" in main_of(page)
    form_key = main_of(page).partition('name="form_key" value="')[2].partition('"')[0]
    sent = {"package": next(iter(page.context["form"].packages)), "form_key": form_key}
    answers = [browser.post(buy, sent) for _ in range(2)]
    purchase = Purchase.objects.exclude(pk=sold.ten.pk).get()
    assert {answer["Location"] for answer in answers} == {url("invoice", purchase.invoice_id)}
    assert purchase.invoice.payer_user == sold.gus
    assert "when the payer ordered it" in main_of(visit(sold.nora).get(url("invoice", purchase.invoice_id)))


def test_other_price_than_was_read_is_not_bought(sold, visit):
    browser, buy = visit(sold.gus), url("package-buy", sold.cora.pk)
    key = next(iter(browser.get(buy).context["form"].packages))
    Package.objects.update(amount=99900)
    answer = browser.post(buy, {"package": key})
    assert answer.status_code == 422 and "has changed" in main_of(answer)
    assert browser.get(url("package-buy", sold.cleo.pk)).status_code == 404
    assert visit(sold.nora).get(buy).status_code == 404
    Package.objects.update(is_online=False)
    assert browser.get(buy).status_code == 404
    assert Purchase.objects.count() == 1


def test_freeze_and_its_end(sold, visit):
    browser, today = visit(sold.nora), queries.day_of(sold.now)
    sent = {"first": today.isoformat(), "last": (today + timedelta(days=6)).isoformat(), "reason": NASTY}
    assert browser.post(url("package-freeze", sold.ten.pk), sent).status_code == 302
    page = main_of(browser.get(url("package", sold.ten.pk)))
    assert "Frozen from" in page and "End the freeze" in page and "&lt;b&gt;" in page
    assert browser.post(url("package-freeze", sold.ten.pk), sent).status_code == 422
    assert browser.post(url("package-resume", sold.ten.pk)).status_code == 302
    assert "End the freeze" not in main_of(browser.get(url("package", sold.ten.pk)))


def test_whom_units_can_go_to_is_searched_where_there_are_many(sold, visit):
    many = [Client(first_name=f"Sis {at:02}", last_name="Winter", time_zone="Europe/Berlin") for at in range(40)]
    Client.objects.bulk_create(many)
    LinkedLogin.objects.bulk_create(LinkedLogin(user=sold.gus, client=each, relationship="guardian") for each in many)
    stranger = Client.objects.create(first_name="Una", last_name="Winter", time_zone="Europe/Berlin")
    browser, transfer = visit(sold.nora), url("package-transfer", sold.ten.pk)

    page = main_of(browser.get(transfer))
    found = browser.get("/people/choices/paid_by_the_same/", {"purchase": str(sold.ten.pk), "q": "winter"}).json()

    assert page.count("Sis ") <= MOST and "<person-picker" in page
    assert len(found["people"]) == MOST and found["more"]
    assert str(stranger.pk) not in {each["key"] for each in found["people"]}
    assert browser.get("/people/choices/paid_by_the_same/", {"purchase": "x", "q": "winter"}).status_code == 404
    assert browser.get("/people/choices/paid_by_the_same/", {"q": "winter"}).json()["people"] == []
    assert browser.post(transfer, {"client": str(stranger.pk), "units": "4", "reason": "x"}).status_code == 422
    assert browser.post(transfer, {"client": str(many[-1].pk), "units": "4", "reason": "x"}).status_code == 302


def test_transfer_and_refund(sold, visit):
    sister = Client.objects.create(first_name="Sis", last_name="Winter", time_zone="Europe/Berlin")
    LinkedLogin.objects.create(user=sold.gus, client=sister, relationship="guardian")
    browser = visit(sold.nora)
    transfer = url("package-transfer", sold.ten.pk)
    assert "Sis Winter" in main_of(browser.get(transfer))
    for units in ("0", "10", "0.5", "x"):
        sent = {"client": str(sister.pk), "units": units, "reason": "x"}
        assert browser.post(transfer, sent).status_code == 422, units
    assert browser.post(transfer, {"client": str(sister.pk), "units": "4", "reason": "x"}).status_code == 302
    assert Purchase.objects.get(client=sister).units == 400
    refund = url("package-refund", sold.ten.pk)
    assert "€350.00" in main_of(browser.get(refund))
    assert browser.post(refund, {"how": "money", "reason": "moves"}).status_code == 302
    assert Invoice.objects.get(pk=sold.ten.invoice_id).refunded_amount == 35000
    assert browser.post(refund, {"how": "money", "reason": "moves"}).status_code == 422


def test_settings(till, visit):
    browser = visit(till.nora)
    assert browser.post(url("package-settings"), {"usable_when": "issued", "notice_days": "7"}).status_code == 302
    assert PackageSettings.objects.values_list("usable_when", "notice_days").get() == ("issued", 7)
    for sent in ({"usable_when": "never", "notice_days": "7"}, {"usable_when": "paid", "notice_days": "400"}):
        assert browser.post(url("package-settings"), sent).status_code == 422


def test_appointment_says_from_what_it_is_paid(till, visit):
    sell(offer(by=till.nora, now=till.now), till.cora, by=till.nora, now=till.now)
    made = appointment_of(till, till.cora)
    browser = visit(till.nora)
    page = reverse("scheduling:appointment", args=[made.pk], urlconf="deploy.urls.tenant")
    assert "paid from “Ten at once” (10 of 10 left)" in main_of(browser.get(page))
    completion = reverse("scheduling:completion", args=[made.pk], urlconf="deploy.urls.tenant")
    assert "paid from “Ten at once”" in main_of(browser.get(completion))
    assert "paid from" not in main_of(visit(till.tess).get(page))
    complete_appointment(
        made, completion_type=completion_type("Completed"), by=till.tess, now=till.now + timedelta(hours=1)
    )
    shown = main_of(browser.get(page))
    back = url("charge-units", Charge.objects.get().pk)
    assert "Paid from the package “Ten at once”." in shown and back in shown
    assert browser.post(back, {"then": "charge", "reason": "not held"}).status_code == 302
    assert Charge.objects.get().amount == 8000 and UnitEntry.objects.filter(kind="returned").count() == 1
    assert "€80.00" in main_of(browser.get(url("charges")))


def test_list_takes_the_same_queries_for_one_and_five(sold, visit):
    for who in (sold.nora, sold.gus):
        browser = visit(who)
        browser.get(url("packages"))
        with CaptureQueriesContext(
            connection,
        ) as few:
            browser.get(url("packages"))
        for number in range(4):
            package = offer(f"P{who.pk}{number}", by=sold.nora, now=sold.now, units=Decimal(5))
            sell(package, sold.cora, by=sold.nora, now=sold.now)
        with CaptureQueriesContext(connection) as many:
            browser.get(url("packages"))
        assert len(many) <= len(few) + 1
