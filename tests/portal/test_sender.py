"""Settings → Sender in the browser's hands: who may, what is shown, what is refused, and nothing lost (TEN-03, TEN-04, NOT-12)."""

import pytest

from branding.queries import current_brand
from branding.senders.models import MailboxProof, Sender, SigningKey
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.notifications.models import Delivery
from core.people.notifications import password_reset_requested
from tests.factories.dns_server import dns_server
from tests.factories.mail_domain import (
    ADDRESS,
    DOMAIN,
    platform_mail,
    prove,
    publish_domain,
    publish_keys,
    publish_zone,
    use_own_domain,
)

PAGES = ("", "domain/", "server/")


@pytest.fixture
def dns():
    with dns_server() as server, platform_mail():
        yield server


def page_of(browser, path=""):
    answer = browser.get(f"/settings/sender/{path}")
    assert answer.status_code == 200
    return answer.content.decode().replace("<wbr>", "")


def send(browser, path, **fields):
    return browser.post(f"/settings/sender/{path}", fields)


@pytest.mark.parametrize("path", PAGES)
def test_owner_and_administrator_may_and_nobody_else(cast, dns, visit, path):
    assert visit(cast.nora).get(f"/settings/sender/{path}").status_code == 200
    for person in (cast.sam, cast.tess, cast.gus, cast.ada):
        browser = visit(person)
        browser.raise_request_exception = False
        assert browser.get(f"/settings/sender/{path}").status_code == 403
        assert browser.post(f"/settings/sender/{path}").status_code == 403
    assert not Sender.objects.exists()


def test_from_nothing_to_an_own_domain_by_the_pages_alone(cast, dns, visit):
    browser = visit(cast.nora)
    publish_zone(dns)
    assert "Neutral sender" in page_of(browser) and "no-reply@post.neutral.test" in page_of(browser)

    send(browser, "domain/", address=ADDRESS)
    page = page_of(browser, "domain/")
    key = SigningKey.objects.get(state="active")
    assert f"{key.selector}._domainkey.{DOMAIN}" in page and f"bounce.{DOMAIN}" in page and "v=DMARC1; p=none" in page
    assert page.count("There is no such record yet") == 5

    publish_keys(dns)
    publish_domain(dns)
    assert "Every record is right" in browser.post("/settings/sender/domain/check/", follow=True).content.decode()
    assert "no such record" not in page_of(browser, "domain/")
    refused = browser.post("/settings/sender/way/", {"way": "domain"}, follow=True).content.decode()
    assert "Nobody has shown yet that they read" in refused and Sender.objects.get().way == "neutral"

    browser.post("/settings/sender/domain/code/")
    code = OutboxMessage.objects.get(name="senders.send_address_code").payload["code"]
    wrong = browser.post("/settings/sender/domain/proof/", {"code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422 and "This is not the code" in wrong.content.decode()
    assert MailboxProof.objects.get().tries_left == 4  # a wrong one is counted, though the form was refused
    browser.post("/settings/sender/domain/proof/", {"code": code})
    browser.post("/settings/sender/way/", {"way": "domain"})
    page = page_of(browser)
    assert ADDRESS in page and "In use" in page


def test_test_mail_is_waited_for_and_its_results_are_shown(cast, dns, visit):
    browser = visit(cast.nora)
    use_own_domain(dns, by=cast.nora)
    send(browser, "test/", address="nora@north.test")
    waiting = page_of(browser)
    assert "is being handed over" in waiting and 'hx-trigger="load delay:2s"' in waiting
    while outbox.deliver_due():
        pass
    part = browser.get("/settings/sender/test/result/").content.decode()
    assert part.count("badge--success") == 3
    assert "hx-trigger" not in part and "What the receiving server found was not measured" in part
    assert send(browser, "test/", address="no address").status_code == 302
    assert Sender.objects.get().last_test["address"] == "nora@north.test"


def test_broken_domain_is_said_at_the_top_with_the_way_to_mend_it(cast, dns, visit):
    use_own_domain(dns, by=cast.nora)
    dns.zones.remove(f"bounce.{DOMAIN}")
    browser = visit(cast.nora)
    browser.post("/settings/sender/domain/check/")
    page = page_of(browser).replace("<wbr>", "")
    assert f"Mail no longer leaves as {ADDRESS}" in page and "/settings/sender/domain/" in page
    assert "no-reply@post.neutral.test" in page and "Not used: a record is wrong" in page


def test_way_that_is_none_and_domain_without_a_zone_change_nothing(cast, dns, visit, settings):
    browser = visit(cast.nora)
    for way in ("", "elsewhere", "domain", "server"):
        browser.post("/settings/sender/way/", {"way": way})
    assert not Sender.objects.exclude(way="neutral").exists()
    settings.MAIL_ZONE = ""
    browser.raise_request_exception = False
    assert "Own domain" not in page_of(browser)
    assert browser.get("/settings/sender/domain/").status_code == 404
    assert browser.post("/settings/sender/domain/check/").status_code == 404


@pytest.mark.parametrize("name", ["東京クリニック", "🦜", "שלום", "Zero\u200bwidth", 'O"Neill', "x" * 120])
def test_any_name_is_kept(cast, visit, name):
    answer = send(
        visit(cast.nora),
        "",
        sender_name=name,
        reply_to="office@north.test",
        reply_to_appointments="",
        reply_to_billing="",
    )
    assert answer.status_code == 302
    assert type(current_brand()).objects.get().reply_to == "office@north.test"


def test_address_that_is_none_is_refused_at_its_field_and_nothing_is_kept(cast, visit):
    answer = send(
        visit(cast.nora), "", sender_name="New", reply_to="nobody", reply_to_appointments="", reply_to_billing=""
    )
    assert answer.status_code == 422 and "New" in answer.content.decode()
    assert type(current_brand()).objects.get().sender_name == ""


def test_password_of_a_server_is_shown_nowhere(cast, visit, settings):
    browser = visit(cast.nora)
    fields = {
        "address": ADDRESS,
        "host": "127.0.0.1",
        "port": 587,
        "security": "starttls",
        "user": "north",
        "password": "geheim123",
    }
    answer = browser.post("/settings/sender/server/", fields, follow=True)
    page = answer.content.decode()
    assert "leads into a private network" in page and "geheim123" not in page
    assert not Sender.objects.get().server_works
    assert "geheim123" not in str(list(Sender.objects.values()))
    refused = browser.post("/settings/sender/server/", {**fields, "port": 22})
    assert refused.status_code == 422 and "Mail servers listen at" in refused.content.decode()


def test_missing_mail_page_has_facts_what_to_do_and_the_steps_of_the_provider(cast, dns, visit):
    use_own_domain(dns, by=cast.nora)
    now = clock.now()
    for state, reason in (("bounced", "delivery.blocked"), ("delivered", ""), ("complained", "delivery.complained")):
        Delivery.objects.create(
            kind="test", address="Gus@Office.example", subject=f"It was {state}", message_id=state, state=state, reason_code=reason,
            created_at=now, changed_at=now,
        )  # fmt: skip
    dns.zones.set("office.example", "MX", "10 office-example.mail.protection.outlook.com.")
    browser = visit(cast.nora)
    page = (
        browser.get("/settings/mail/missing/", {"address": "gus@office.example"}).content.decode().replace("<wbr>", "")
    )
    assert "It was bounced" in page and "allow your sender" in page
    assert "lies in the mailbox" in page and "not spam" in page
    assert "What they can do: Microsoft 365" in page and f"add {ADDRESS} or {DOMAIN} as allowed" in page
    page = browser.get("/settings/mail/missing/", {"address": "gus@gmail.com"}).content.decode()
    assert "What they can do: Gmail" in page and "Nothing was sent to this address" in page
    for odd in ("", "@", "x" * 300, "<script>", "a@b", "\u202egus@x.example", "gus@" + "l" * 80 + ".example"):
        assert browser.get("/settings/mail/missing/", {"address": odd}).status_code == 200
    browser = visit(cast.tess)
    assert browser.get("/settings/mail/missing/").status_code == 403


def test_queue_is_seen_as_long_as_nothing_has_left(cast, visit):
    password_reset_requested(cast.tess)
    assert "1 mail waits in the queue" in visit(cast.nora).get("/settings/mail/").content.decode()
    while outbox.deliver_due():
        pass
    assert "in the queue" not in visit(cast.nora).get("/settings/mail/").content.decode()


def test_pages_cost_the_same_however_many_mails_there_are(cast, dns, visit, django_assert_max_num_queries):
    use_own_domain(dns, by=cast.nora)
    browser = visit(cast.nora)
    page_of(browser)
    with django_assert_max_num_queries(22):
        page_of(browser)
    with django_assert_max_num_queries(24):
        page_of(browser, "domain/")


def test_proven_address_needs_no_second_code(cast, dns, visit):
    use_own_domain(dns, by=cast.nora)
    page = visit(cast.nora).post("/settings/sender/domain/code/", follow=True).content.decode()
    assert "proven already" in page
    with pytest.raises(Exception, match="proven already"):
        prove(ADDRESS, cast.nora)
