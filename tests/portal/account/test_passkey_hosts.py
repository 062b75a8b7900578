"""A passkey works where it was made: whoever has one is led there and back, and nobody else gets in that way."""

import json
import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import transaction

from core.kernel import clock, outbox
from core.people import passkeys
from portal.account.passkeys import PROOF, TICKET
from tenants import domains
from tenants.context import public_context
from tenants.models import Domain
from tests.factories.passkeys import add_passkey
from tests.factories.web import PASSWORD, sign_in

NEW = "praxis.example"
AT_NEW = {"host": NEW}


@pytest.fixture
def moved(cast):
    """North has moved from north.test to praxis.example, and its passkey-holder has one of before."""
    key = add_passkey(cast.tess, "north.test")
    with public_context():
        new = Domain.objects.create(tenant=cast.north, domain=NEW, is_primary=False, verified_at=clock.now())
    domains.make_primary(cast.north.pk, new.pk, by="Op", now=clock.now())
    cast.north.__dict__.pop("_primary_host", None)
    return key


def begin(browser):
    """The password at the new address; the page that asks for more."""
    answer = browser.post("/account/login/", {"login": "tess@north.test", "password": PASSWORD}, headers=AT_NEW)
    assert answer.url == "/account/2fa/authenticate/", answer.content.decode()[:500]
    return browser.get("/account/2fa/authenticate/", headers=AT_NEW).content.decode()


def use_link(page):
    return re.search(r"http://north\.test(/account/passkeys/use/[^\"]+)", page)[1]


def options_of(page):
    return json.loads(re.search(r'<script id="passkey-options"[^>]*>(.*?)</script>', page)[1])["request_options"]


def confirm(browser, path, passkey):
    """At the address before: the passkey is asked for and used; the page that leads back."""
    assert browser.get(path).url == "/account/2fa/authenticate/"
    page = browser.get("/account/2fa/authenticate/").content.decode()
    answer = browser.post("/account/2fa/authenticate/", {"credential": passkey.answer(options_of(page))}, follow=True)
    return re.search(rf"http://{NEW}(/account/passkeys/carried/[^\"]+)\"", answer.content.decode())[1]


def test_passkey_of_the_address_before_ends_the_sign_in_at_the_new_one(visit, moved):
    here, there = visit(), visit()  # cookies belong to a host
    page = begin(here)
    assert "Use your passkey at north.test" in page and "passkey-options" not in page
    carried = confirm(there, use_link(page), moved)
    answer = here.get(carried, headers=AT_NEW)
    assert answer.url == "/dashboard/"
    page = here.get("/dashboard/", headers=AT_NEW).content.decode()
    assert (
        "Your passkey does not work at this web address" in page and f"http://{NEW}/account/2fa/webauthn/add/" in page
    )


def test_proof_ends_no_other_sign_in_and_only_once(visit, moved):
    here, other = visit(), visit()
    begin(other)
    carried = confirm(visit(), use_link(begin(here)), moved)
    assert other.get(carried, headers=AT_NEW).url == "/account/2fa/authenticate/"
    assert visit().get(carried, headers=AT_NEW).url == "/account/login/"
    assert here.get(carried, headers=AT_NEW).url == "/dashboard/"
    assert other.get("/dashboard/", headers=AT_NEW).status_code == 302


def test_after_the_overlap_the_address_before_still_takes_the_passkey_and_shows_nothing_else(cast, visit, moved):
    with public_context():
        Domain.objects.filter(domain="north.test").update(redirects_at=clock.now() - timedelta(days=1))
    here, there = visit(), visit()
    carried = confirm(there, use_link(begin(here)), moved)
    assert here.get(carried, headers=AT_NEW).url == "/dashboard/"
    assert there.get("/dashboard/").status_code == 308


@pytest.mark.parametrize("state", ["late", "forged", "of another organization"])
def test_ticket_that_is_none_shows_a_page(cast, visit, moved, monkeypatch, state):
    organization = cast.south.pk if state == "of another organization" else cast.north.pk
    facts = {"organization": str(organization), "user": str(cast.tess.pk), "nonce": "n", "to": NEW}
    ticket = signing.dumps(facts, salt=PROOF if state == "forged" else TICKET)
    if state == "late":
        monkeypatch.setattr("portal.account.passkey_views.TICKET_SECONDS", -1)
    answer = visit().get(f"/account/passkeys/use/{ticket}/")
    assert answer.status_code == 410 and "This took too long" in answer.content.decode()
    assert visit(cast.tess).get(f"/account/passkeys/used/{ticket}/").status_code == 410


def test_somebody_else_who_is_signed_in_there_is_asked(cast, visit, moved):
    path = use_link(begin(visit()))
    there = visit(cast.sam)
    assert "Sam" in there.get(path).content.decode()
    assert there.get(path.replace("/use/", "/used/")).status_code == 410


def test_dashboard_tells_during_the_overlap_and_stops_when_there_is_one_for_the_new_address(cast, visit, moved):
    there = visit(cast.tess)
    page = there.get("/dashboard/").content.decode()
    assert f"We are moving to {NEW}" in page
    add_passkey(cast.tess, NEW)
    assert "We are moving" not in there.get("/dashboard/").content.decode()
    assert "Use your passkey at" not in begin(visit())
    assert "We are moving" not in visit(cast.sam).get("/dashboard/").content.decode()


def test_those_who_need_a_host_are_counted_before_it_goes(cast, visit, moved):
    assert passkeys.who_need("north.test") == [cast.tess] and passkeys.left_behind(NEW) == [cast.tess]
    with public_context():
        old = Domain.objects.get(domain="north.test")
    page = visit(cast.nora).get(f"/settings/hosts/{old.pk}/removal/").content.decode()
    assert "1 person has a passkey that works only at this address" in page
    add_passkey(cast.tess, NEW)
    assert passkeys.who_need("north.test") == [] and passkeys.left_behind(NEW) == []


def test_where_the_address_is_gone_a_recovery_code_is_asked_for(cast, visit, moved):
    with public_context():
        Domain.objects.filter(domain="north.test").update(state="degraded", problem="moved_away")
    page = begin(visit())
    assert "no longer ours" in page and "Use your passkey at" not in page


def test_passkey_works_where_it_was_made_as_before(cast, visit):
    key, browser = add_passkey(cast.tess, "north.test"), visit()
    assert sign_in(browser).url == "/account/2fa/authenticate/"
    page = browser.get("/account/2fa/authenticate/").content.decode()
    assert "made at" not in page
    answer = browser.post("/account/2fa/authenticate/", {"credential": key.answer(options_of(page))})
    assert answer.url == "/dashboard/"


@pytest.mark.parametrize("at_once", [True, False])
def test_whoever_needs_an_address_that_is_given_back_is_told_and_offered_a_new_passkey(
    cast, moved, mailoutbox, at_once
):
    add_passkey(cast.sam, "north.test")
    add_passkey(cast.sam, NEW)
    deliver_all()
    mailoutbox.clear()
    with public_context():
        old = Domain.objects.get(domain="north.test")

    domains.remove_domain(cast.north.pk, old.pk, by="Op", now=clock.now(), at_once=at_once)
    deliver_all()

    (mail,) = mailoutbox
    assert "tess@north.test" in mail.to[0] and mail.subject == "Make a new passkey"
    for said in (mail.body, mail.alternatives[0].content):
        assert ("not reached at north.test any more" in said) is at_once
        assert ("gives up the address north.test" in said) is not at_once
        assert f"{NEW}/account/2fa/" in said and "recovery code" in said


def test_whoever_has_made_a_new_passkey_is_not_told_any_more(cast, moved, mailoutbox):
    deliver_all()
    mailoutbox.clear()
    with public_context():
        old = Domain.objects.get(domain="north.test")
    domains.remove_domain(cast.north.pk, old.pk, by="Op", now=clock.now(), at_once=False)
    add_passkey(cast.tess, NEW)
    deliver_all()
    with public_context(), transaction.atomic():
        domains.release(Domain.objects.select_related("tenant").get(domain="north.test"), by="Op", now=clock.now())
    deliver_all()
    assert mailoutbox == []


def test_of_an_address_that_is_kept_nobody_is_told_that_it_goes(cast, moved, mailoutbox):
    deliver_all()
    mailoutbox.clear()
    with public_context():
        old = Domain.objects.get(domain="north.test")
    domains.remove_domain(cast.north.pk, old.pk, by="Op", now=clock.now(), at_once=False)

    domains.keep_domain(cast.north.pk, old.pk, by="Op", now=clock.now())
    deliver_all()

    assert mailoutbox == []


def test_of_an_address_that_went_sooner_nobody_reads_that_it_is_still_there(cast, moved, mailoutbox):
    deliver_all()
    mailoutbox.clear()
    with public_context():
        old = Domain.objects.get(domain="north.test")
    domains.remove_domain(cast.north.pk, old.pk, by="Op", now=clock.now(), at_once=False)
    domains.remove_domain(cast.north.pk, old.pk, by="Op", now=clock.now())

    deliver_all()

    assert mailoutbox and all("not reached at north.test any more" in mail.body for mail in mailoutbox)


def test_who_is_moved_back_meanwhile_is_not_told_of_the_address_in_between(cast, moved, mailoutbox):
    with public_context():
        old = Domain.objects.get(domain="north.test")
    domains.make_primary(cast.north.pk, old.pk, by="Op", now=clock.now())
    cast.north.__dict__.pop("_primary_host", None)

    deliver_all()

    assert not [mail for mail in mailoutbox if "tess@north.test" in mail.to[0]]


def deliver_all():
    while outbox.deliver_due():
        pass
