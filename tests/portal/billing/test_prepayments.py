"""The pages of what is paid in advance: the rule, asking by hand, and paying by link without sign-in."""

from datetime import timedelta

from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import Payment
from billing.prepayments.models import Prepayment, PrepaymentException, PrepaymentSettings, ServicePrepayment
from billing.prepayments.queries import token_of
from core.kernel import outbox
from core.scheduling.actions import cancel_appointment
from tests.factories.prepayments import ahead, ask

RULE = {
    "ask": "amount", "amount": "20", "share": "", "is_for_first_visits": "on", "hold_minutes": "60", "hold_hours": "48",
    "asks_when_staff_book": "",
}  # fmt: skip


def url(name, *args):
    return reverse(f"billing:{name}", args=args, urlconf="deploy.urls.tenant")


def test_rule_is_set_for_everything_and_for_one_service(till, visit):
    browser = visit(till.nora)
    page = browser.get(url("prepayment-settings")).content.decode()
    assert "Card payments are not ready" in page
    assert browser.post(url("prepayment-settings"), RULE).status_code == 302
    found = PrepaymentSettings.objects.get()
    assert (found.ask, found.amount, found.is_for_first_visits) == ("amount", 2000, True)
    for wrong in (
        {"amount": ""},
        {"ask": "share", "share": "100"},
        {"hold_minutes": "5"},
        {"ask": "share", "share": ""},
    ):
        assert browser.post(url("prepayment-settings"), {**RULE, **wrong}).status_code == 422
    service = url("prepayment-service", till.therapy.pk)
    assert browser.post(service, {"ask": "share", "share": "25"}).status_code == 302
    assert ServicePrepayment.objects.get().share == 25
    assert "25 % of the price" in browser.get(url("prepayment-settings")).content.decode()
    assert browser.post(service, {"ask": "rule"}).status_code == 302
    assert not ServicePrepayment.objects.exists()
    assert visit(till.tess).get(url("prepayment-settings")).status_code == 403


def test_one_client_is_asked_never_or_always(till, visit):
    browser, page = visit(till.nora), url("prepayment-exception", till.cora.pk)
    assert browser.post(page, {"rule": "always"}).status_code == 302
    assert PrepaymentException.objects.get().rule == "always"
    panels = reverse("people:client_panels", args=[till.cora.pk], urlconf="deploy.urls.tenant")
    assert "Always asked" in browser.get(panels).content.decode()
    assert browser.post(page, {"rule": ""}).status_code == 302
    assert not PrepaymentException.objects.exists()
    assert visit(till.gus).get(page).status_code in (403, 404)


def test_staff_ask_by_hand_and_the_page_of_the_appointment_says_so(shop, visit):
    appointment, browser = ahead(shop, shop.cora), visit(shop.nora)
    page = url("prepayment-ask", appointment.pk, shop.cora.pk)
    of_appointment = reverse("scheduling:appointment", args=[appointment.pk], urlconf="deploy.urls.tenant")
    assert page in browser.get(of_appointment).content.decode()
    assert 'value="80.00"' in browser.get(page).content.decode()
    assert browser.post(page, {"amount": "90", "hours": "24"}).status_code == 422
    assert browser.post(page, {"amount": "20", "hours": "24"}).status_code == 302
    asked = Prepayment.objects.get()
    assert "€20.00" in browser.get(of_appointment).content.decode()
    outbox.deliver_due()
    (sent,) = [message for message in mail.outbox if "pay in advance" in message.subject]
    assert sent.to == ["Gus North <gus@north.test>"] or "gus" in sent.to[0]
    assert token_of(asked) in sent.body
    seen = visit(shop.tess).get(of_appointment).content.decode()
    assert "stands once it is paid" in seen
    assert "€" not in seen.partition("<main")[2]
    assert url("prepay-link", token_of(asked)) in visit(shop.gus).get(of_appointment).content.decode()


def test_whoever_has_the_link_reads_everything_and_pays(shop, visit):
    asked = ask(shop, ahead(shop, shop.cora))
    link, browser = url("prepay-link", token_of(asked)), visit()
    page = browser.get(link)
    text = page.content.decode()
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "€20.00" in text and "€80.00" in text and "Cancelling" in text
    assert browser.post(link).url == f"{link}card/"
    assert "<card-fields" in browser.get(f"{link}card/").content.decode()
    answer = browser.post(f"{link}card/", {"save": "no"}, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    payment = Payment.objects.get()
    shop.processor.pay(shop.account.external_id, payment.external_id)
    assert "The time is yours" in browser.get(f"{link}done/").content.decode()
    asked.refresh_from_db()
    assert asked.state == Prepayment.State.HELD
    assert "It is paid" in visit().get(link).content.decode()
    assert visit().post(link).status_code == 200
    assert Payment.objects.count() == 1
    staff = visit(shop.nora)
    assert "€20.00" in staff.get(url("prepayments")).content.decode()
    assert asked.invoice.number in staff.get(url("prepayment", asked.pk)).content.decode()
    assert staff.get(url("payment", payment.pk)).status_code == 200


def test_link_that_is_over_says_why_and_takes_nothing(shop, visit):
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment)
    link, browser = url("prepay-link", token_of(asked)), visit()
    browser.post(link)
    payment = Payment.objects.get()
    cancel_appointment(appointment, by=shop.sam, now=shop.now)
    assert browser.post(f"{link}card/", {"save": "no"}, headers={"Accept": "application/json"}).status_code == 409
    payment.refresh_from_db()
    assert payment.state == Payment.State.CANCELLED
    assert "not asked for any more" in visit().get(link).content.decode()
    assert visit().get(link).status_code == 410
    assert visit().get(url("prepay-link", "forged")).status_code == 404
    Prepayment.objects.filter(pk=asked.pk).update(state="asked", due_at=shop.now - timedelta(minutes=1))
    assert "time to pay is up" in visit().get(link).content.decode()


def test_sent_again_and_not_asked_any_more(shop, visit):
    asked, browser = ask(shop, ahead(shop, shop.cora)), visit(shop.nora)
    assert browser.post(url("prepayment-delivery", asked.pk)).status_code == 302
    assert browser.post(url("prepayment-removal", asked.pk)).status_code == 302
    asked.refresh_from_db()
    assert asked.state == Prepayment.State.WITHDRAWN
    assert visit(shop.gus).get(url("prepayment", asked.pk)).status_code == 200
    for who in (shop.tess, shop.cleo_login, shop.ada):
        assert visit(who).get(url("prepayment", asked.pk)).status_code == 404
        assert visit(who).post(url("prepayment-removal", asked.pk)).status_code in (403, 404)


def test_list_costs_the_same_for_one_and_for_three(shop, visit):
    browser, counts = visit(shop.nora), []
    for number in range(3):
        ask(shop, ahead(shop, shop.cora, days=number + 3))
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(url("prepayments")).content.decode()
        assert page.count("€20.00") == number + 1
        counts.append(len(asked))
    assert counts[1] == counts[2] <= 16
