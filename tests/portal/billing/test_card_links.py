"""The pages of cards for those who bill, and the page of a link without sign-in: looking changes nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from billing.actions import card_links
from billing.models import CardLink, CardMandate, Customer, SavedCard
from billing.queries.card_links import mandates_in_force
from core.kernel.models import AuditEvent
from core.people.models import LinkedLogin, User
from tests.factories import processor as making


def seen_on(page) -> str:
    return page.context["seen"]


def give(shop, card: str = "pm_card_visa") -> None:
    link = CardLink.objects.get(pk=shop.link.pk)
    options = {"stripe_account": shop.account.external_id}
    shop.processor.client.v1.setup_intents.confirm(
        link.setup_id, {"payment_method": card, "return_url": "http://x.test/"}, options
    )


def test_scanner_that_follows_the_link_changes_nothing(shop, visit):
    before = list(CardLink.objects.values()), AuditEvent.objects.count()

    for _ in range(3):
        page = visit().get(shop.url)
    saved = visit().get(f"{shop.url}saved/")

    assert page.status_code == 200 and "Cora Winter" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "no-referrer" and "no-store" in page.headers["Cache-Control"]
    assert saved.status_code == 302
    assert (list(CardLink.objects.values()), AuditEvent.objects.count()) == before
    assert not CardMandate.objects.exists() and not Customer.objects.exists()


def test_payer_without_sign_in_agrees_gives_the_card_and_reads_that_it_is_saved(shop, visit):
    browser = visit()
    page = browser.get(shop.url)
    assert browser.post(shop.url, {"seen": seen_on(page)}).status_code == 302
    fields = browser.get(shop.url)
    assert "<card-fields" in fields.content.decode()
    assert "<card-fields" not in visit().get(shop.url).content.decode()  # another browser reads the words first
    give(shop)

    done = browser.get(f"{shop.url}saved/")

    assert done.status_code == 200 and "4242" in done.content.decode()
    assert SavedCard.objects.get().customer.user == shop.gus and mandates_in_force().get().ip_address == "127.0.0.1"
    again = visit().get(shop.url)
    assert again.status_code == 200 and not again.context.get("seen")
    assert browser.post(shop.url, {"seen": "x"}).status_code == 302 and SavedCard.objects.count() == 1


def test_two_tabs_agree_and_go_on_with_one_set_up(shop, visit):
    one, two = visit(), visit()
    seen = seen_on(one.get(shop.url))
    for browser in (one, two, one):
        assert browser.post(shop.url, {"seen": seen}).status_code == 302

    assert CardMandate.objects.count() == 1 and Customer.objects.count() == 1


@pytest.mark.parametrize("end", ["revoked", "expired", "no payer"])
def test_link_that_ended_says_so(shop, visit, end):
    browser, seen = visit(), seen_on(visit().get(shop.url))
    if end == "revoked":
        card_links.revoke_card_link(link=shop.link, by=shop.nora, now=shop.now)
    elif end == "expired":
        CardLink.objects.update(expires_at=shop.now - timedelta(minutes=1))
    else:
        LinkedLogin.objects.filter(user=shop.gus, client=shop.cora).delete()

    for answer in (browser.get(shop.url), browser.post(shop.url, {"seen": seen}), browser.get(f"{shop.url}saved/")):
        if answer.status_code == 302:  # back to the link, which says it
            answer = browser.get(answer.url)
        assert answer.status_code == 410 and "no longer works" in answer.content.decode()
    assert not CardMandate.objects.exists()


def test_link_on_another_host_or_forged_is_closed_alike(shop, visit):
    assert visit(organization="south").get(shop.url).status_code == 404
    assert visit().get(reverse("billing:card-link", args=["forged:token"])).status_code == 404


def test_processor_away_is_said_and_the_link_still_works(shop, visit, settings):
    browser = visit()
    seen = seen_on(browser.get(shop.url))
    there, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"
    making.gateways.gateway.cache_clear()
    answer = browser.post(shop.url, {"seen": seen})
    assert answer.status_code == 409 and "cannot be reached" in answer.content.decode()
    assert not CardMandate.objects.exists()

    settings.STRIPE_API_BASE = there
    making.gateways.gateway.cache_clear()
    assert browser.post(shop.url, {"seen": seen}).status_code == 302


def test_staff_send_resend_and_revoke_from_the_page_and_see_the_state(shop, visit):
    browser, here = visit(shop.nora), reverse("billing:payer-cards", args=[shop.cora.pk])
    assert "Sent" in browser.get(here).content.decode()

    browser.post(reverse("billing:payer-card-link", args=[shop.cora.pk]), {"payer": str(shop.gus.pk)})
    assert CardLink.objects.filter(revoked_at=None).count() == 1 and CardLink.objects.count() == 2
    newest = CardLink.objects.get(revoked_at=None)
    browser.post(reverse("billing:card-link-revocation", args=[newest.pk]))

    assert "Revoked" in browser.get(here).content.decode()
    assert browser.post(reverse("billing:card-link-revocation", args=[newest.pk])).status_code == 302


def test_those_who_do_not_bill_reach_nothing_of_it(shop, visit):
    for who in ("tess", "gus", "cleo_login"):
        browser = visit(getattr(shop, who))
        for name in ("payer-cards", "payer-customer"):
            assert browser.get(reverse(f"billing:{name}", args=[shop.cora.pk])).status_code in (403, 404)
        assert browser.post(
            reverse("billing:payer-card-link", args=[shop.cora.pk]), {"payer": str(shop.gus.pk)}
        ).status_code in (403, 404)
    assert CardLink.objects.count() == 1


def test_customer_is_linked_in_two_steps_and_unlinked(shop, visit):
    options = {"stripe_account": shop.account.external_id}
    known = shop.processor.client.v1.customers.create({"name": "Gus N.", "payment_method": "pm_card_visa"}, options).id
    browser, url = visit(shop.nora), reverse("billing:payer-customer", args=[shop.cora.pk])
    assert browser.get(f"{url}?payer={shop.gus.pk}").status_code == 200
    form = {"payer": str(shop.gus.pk), "customer": known}

    shown = browser.post(url, form)
    assert "Gus N." in shown.content.decode() and "4242" in shown.content.decode() and not Customer.objects.exists()
    assert browser.post(url, {**form, "seen": "something else"}).status_code == 422
    assert browser.post(url, {**form, "seen": shown.context["seen"]}).status_code == 302

    customer = Customer.objects.get()
    assert known in browser.get(reverse("billing:payer-cards", args=[shop.cora.pk])).content.decode()
    browser.post(reverse("billing:customer-removal", args=[customer.pk]), {"client": str(shop.cora.pk)})
    assert not Customer.objects.exists()


def test_id_that_is_none_is_refused_at_its_field(shop, visit):
    url = reverse("billing:payer-customer", args=[shop.cora.pk])
    answer = visit(shop.nora).post(url, {"payer": str(shop.gus.pk), "customer": "4242 4242 4242 4242"})

    assert answer.status_code == 422 and answer.context["form"].errors["customer"]


@pytest.mark.parametrize("more", [0, 3])
def test_page_of_cards_takes_as_many_queries_for_many_payers(shop, visit, more, django_assert_max_num_queries):
    for number in range(more):
        login = User.objects.create_user(email=f"p{number}@north.test", password="x", name="名" * 150, time_zone="UTC")
        LinkedLogin.objects.create(user=login, client=shop.cora, relationship="guardian")
        card_links.send_card_link(client=shop.cora, payer=login, by=shop.nora, now=shop.now)
    browser = visit(shop.nora)
    browser.get(reverse("billing:payer-cards", args=[shop.cora.pk]))

    with django_assert_max_num_queries(22):
        assert browser.get(reverse("billing:payer-cards", args=[shop.cora.pk])).status_code == 200


def test_payer_sees_and_withdraws_what_they_agreed_to(shop, visit):
    browser = visit()
    browser.post(shop.url, {"seen": seen_on(browser.get(shop.url))})
    give(shop)
    browser.get(f"{shop.url}saved/")
    mandate, own = mandates_in_force().get(), visit(shop.gus)

    assert mandate.text in own.get(reverse("billing:cards")).content.decode()
    assert visit(shop.ada).post(reverse("billing:card-mandate-withdrawal", args=[mandate.pk])).status_code == 404
    own.post(reverse("billing:card-mandate-withdrawal", args=[mandate.pk]))
    assert not mandates_in_force().exists()
