"""What people book themselves and pay in advance: they read it before the last click, pay right after, and what changes is shown again."""

from billing.models import Payment, Rate
from billing.prepayments import queries
from billing.prepayments.actions import settings as rules
from billing.prepayments.actions.settings import Waiting
from billing.prepayments.models import Prepayment
from billing.prepayments.rules.prepaying import Terms
from core.kernel import clock
from core.people.models import Client, LinkedLogin
from core.scheduling.models import Appointment
from tests.factories.booking import WHO, choose, code_sent, first_free


def seen_of(page):
    return page.partition('name="prepayment_seen" value="')[2].partition('"')[0]


def test_visitor_reads_it_before_the_last_click_and_pays(paid, visit):
    browser = visit()
    held = choose(browser, first_free(paid))
    page = browser.get(held).content.decode()
    assert "€15.00" in page and "€60.00" in page and "at once" in page and "You pay nothing now" not in page
    browser.post(held, WHO)
    page = browser.get(f"{held}code/").content.decode()
    assert "Book and go on to pay" in page
    answer = browser.post(f"{held}code/", {"code": code_sent(), "prepayment_seen": seen_of(page)})
    link = answer.url
    assert "/prepay/" in link
    assert "€15.00" in browser.get(link).content.decode()
    booked = browser.get(f"{held}booked/").content.decode()
    assert "Held for you" in booked and link in booked and "It stands. The confirmation" not in booked
    browser.post(link)
    paid.processor.pay(paid.account.external_id, Payment.objects.get().external_id)
    assert "The time is yours" in browser.get(f"{link}done/").content.decode()
    assert Prepayment.objects.get().state == "held"
    assert "Held for you" not in browser.get(f"{held}booked/").content.decode()


def test_more_than_was_read_books_nothing_and_is_shown(paid, cast, visit):
    client = Client.objects.get(pk=cast.cleo.pk)
    client.permissions = ["see_upcoming", "see_payments"]
    client.save(update_fields=["permissions"])
    LinkedLogin.objects.filter(user=cast.cleo_login).exclude(client=client).delete()
    browser = visit(cast.cleo_login)
    held = choose(browser, first_free(paid))
    page = browser.get(held).content.decode()
    seen = seen_of(page)
    assert seen == "1500 EUR"
    Rate.objects.create(client=client, service=paid.service, amount=8000, currency="EUR")
    answer = browser.post(held, {"client": client.pk, "prepayment_seen": seen})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "€20.00" in text
    assert not Appointment.objects.exists()
    again = browser.post(held, {"client": client.pk, "prepayment_seen": seen_of(text)})
    assert "/prepay/" in again.url
    assert Prepayment.objects.get().total_amount == 2000


def test_who_sees_no_costs_reads_no_amount_and_somebody_else_is_asked(paid, cast, visit):
    Client.objects.filter(pk=cast.cleo.pk).update(permissions=["see_upcoming", "see_payments", "hide_costs"])
    browser = visit(cast.cleo_login)
    held = choose(browser, first_free(paid))
    page = browser.get(held).content.decode()
    assert "€" not in page.partition("<main")[2]
    answer = browser.post(held, {"client": cast.cleo.pk, "prepayment_seen": ""})
    assert answer.url == f"{held}booked/"
    booked = browser.get(answer.url).content.decode()
    assert "Ada North has paid in advance" in booked and "€" not in booked.partition("<main")[2]
    assert Prepayment.objects.get().payer == cast.ada


def test_without_a_rule_nothing_changes(paid, cast, visit):
    rules.save_settings(terms=Terms(), waiting=Waiting(), by=cast.nora, now=clock.now())
    browser = visit()
    held = choose(browser, first_free(paid))
    browser.post(held, WHO)
    assert "You pay nothing now" in browser.get(f"{held}code/").content.decode()
    assert browser.post(f"{held}code/", {"code": code_sent()}).url == f"{held}booked/"
    assert not Prepayment.objects.exists()
    assert queries.awaits_payment(Appointment.objects.get().pk, []) is None
