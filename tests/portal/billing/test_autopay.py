"""The pages of cards on file: charged by hand with amount and payer read first, and the rule."""

from django.urls import reverse

from billing.actions import card_links
from billing.autopay.models import AutopaySettings, CardCharge
from billing.models import Invoice
from billing.queries.card_links import digest_of, mandate_text
from tests.factories.till import issue


def url(name, *args):
    return reverse(f"billing:{name}", args=args, urlconf="deploy.urls.tenant")


def save(shop):
    """Gus gives a card by the link that was sent to him."""
    link = shop.link
    card_links.agree_and_begin(
        link=link, seen=digest_of(mandate_text(link)), language="en", ip_address=None, now=shop.now
    )
    link.refresh_from_db()
    options = {"stripe_account": shop.account.external_id}
    shop.processor.client.v1.setup_intents.confirm(
        link.setup_id, {"payment_method": "pm_card_visa", "return_url": "http://x.test/"}, options
    )
    card_links.finish_card_link(link=link, now=shop.now)


def test_staff_read_amount_payer_and_card_and_charge_it(shop, visit):
    invoice, browser = issue(shop), visit(shop.nora)
    page = url("invoice-card-charge", invoice.pk)
    assert page not in browser.get(url("invoice", invoice.pk)).content.decode()
    assert "no card that its holder has allowed" in browser.get(page).content.decode()
    save(shop)
    assert page in browser.get(url("invoice", invoice.pk)).content.decode()
    text = browser.get(page).content.decode()
    assert "€80.00" in text and "Gus" in text and "Visa •••• 4242" in text
    stale = browser.post(page, {"units": "7000", "currency": "EUR"})
    assert stale.status_code in (409, 422)
    assert 'name="units" value="8000"' in " ".join(stale.content.decode().split())
    assert browser.post(page, {"units": "8000", "currency": "12"}).status_code == 422
    assert browser.post(page, {"units": "8000", "currency": "EUR"}).status_code == 302
    assert Invoice.objects.get(pk=invoice.pk).state == Invoice.State.PAID
    history = browser.get(url("invoice", invoice.pk)).content.decode()
    assert "Card on file charged" in history and shop.nora.name in history
    browser.post(page, {"units": "8000", "currency": "EUR"})
    assert CardCharge.objects.count() == 1
    for who in (shop.gus, shop.tess, shop.ada):
        assert visit(who).post(page, {"units": "8000", "currency": "EUR"}).status_code in (403, 404)


def test_rule_and_plan_are_set(till, visit):
    browser = visit(till.nora)
    values = {"when": "due", "first_days": "2", "second_days": "", "third_days": "9"}
    assert browser.get(url("autopay-settings")).status_code == 200
    assert browser.post(url("autopay-settings"), values).status_code == 302
    assert AutopaySettings.objects.get().plan == (2, None, 9)
    assert browser.post(url("autopay-settings"), {**values, "third_days": "1"}).status_code == 422
    assert visit(till.tess).get(url("autopay-settings")).status_code == 403
