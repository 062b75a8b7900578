"""Opened on a browser where somebody else is signed in: it says so, asks, and does nothing half-way."""

import re

import pytest
from django.core import mail

from core.kernel import clock, outbox
from core.people import actions
from core.people.actions import NewLogin
from core.people.models import Invitation, User
from tests.factories.web import PASSWORD, sign_in
from tests.portal.account.second_factor import enrol

NEW = "paper lantern morning"


def who(browser):
    """The address that the browser is signed in as; empty for nobody."""
    page = browser.get("/profile/")
    return page.context["user"].email if page.status_code == 200 else ""


def link_in(message):
    return re.search(r"http://north\.test(\S+)", message.body).group(1)


@pytest.fixture
def invited(cast):
    """Mia's login, and the path in her invitation."""
    login = NewLogin("mia@example.test", "Mia <b>Long</b>", "guardian", "Europe/Berlin")
    client = actions.add_client(
        first_name="Max", time_zone="Europe/Berlin", logins=[login], by=cast.nora, now=clock.now()
    )
    outbox.deliver_due()
    return client.logins.get(), link_in(mail.outbox[-1])


FORM = {"password": NEW, "time_zone": "Europe/Lisbon"}


def test_invitation_at_the_front_desk_says_who_is_signed_in_and_goes_on_when_asked(cast, visit, invited):
    mia, path = invited
    browser = visit(cast.sam)

    page = browser.get(path)

    text = page.content.decode()
    assert page.status_code == 200
    assert "Sam North is signed in here" in text and "mia@example" in text.replace("<wbr>", "")
    assert "Mia &lt;b&gt;Long&lt;/b&gt;" in text and "<b>Long" not in text
    assert 'name="password"' not in text
    assert who(browser) == cast.sam.email

    answer = browser.post(path, {"instead_of": cast.sam.pk})
    assert (answer.status_code, answer.url) == (302, path)
    assert who(browser) == ""
    assert 'name="password"' in browser.get(path).content.decode()
    assert browser.post(path, FORM).url == "/dashboard/"
    assert who(browser) == "mia@example.test"


@pytest.mark.parametrize("instead_of", ["", "somebody", "00000000-0000-0000-0000-000000000000"])
def test_invitation_sent_from_a_page_of_before_is_not_used_and_signs_nobody_out(cast, visit, invited, instead_of):
    """The page was opened, somebody else signed in in another tab, then it was sent."""
    mia, path = invited
    browser = visit(cast.sam)

    answer = browser.post(path, {**FORM, "instead_of": instead_of})

    assert answer.status_code == 409
    assert "has not been used" in " ".join(answer.content.decode().split())
    assert who(browser) == cast.sam.email
    assert Invitation.objects.get(user=mia).accepted_at is None
    assert not User.objects.get(pk=mia.pk).has_usable_password()
    assert visit().post(path, FORM).status_code == 302


def test_invitation_of_the_one_who_is_signed_in_goes_straight_on(cast, visit, invited):
    mia, path = invited
    browser = visit(mia)  # by a one-time code, before any password

    assert 'name="password"' in browser.get(path).content.decode()
    assert browser.post(path, FORM).url == "/dashboard/"
    assert who(browser) == mia.email


def test_used_invitation_reads_the_same_whoever_is_signed_in(cast, visit, invited):
    _, path = invited
    visit().post(path, FORM)

    browser = visit(cast.sam)
    assert browser.get(path).status_code == browser.post(path, FORM).status_code == 410
    assert who(browser) == cast.sam.email


@pytest.fixture
def reset(cast, visit):
    """The path of Gus's link for a new password."""
    visit().post("/account/password/reset/", {"email": cast.gus.email})
    outbox.deliver_due()
    return link_in(mail.outbox[-1])


def test_reset_link_where_somebody_else_is_signed_in_asks_first(cast, visit, reset):
    browser = visit(cast.sam)
    asked = browser.get(reset, follow=True)
    form_path = asked.redirect_chain[-1][0]
    text = asked.content.decode()
    assert "Sam North is signed in here" in text and "Gus North" in text and 'name="password1"' not in text
    assert who(browser) == cast.sam.email

    passwords = {"password1": NEW, "password2": NEW}
    assert browser.post(form_path, passwords).status_code == 409
    assert User.objects.get(pk=cast.gus.pk).check_password(PASSWORD)
    assert who(browser) == cast.sam.email

    assert browser.post(form_path, {"instead_of": cast.sam.pk}).url == form_path
    assert who(browser) == ""
    page = browser.get(form_path).content.decode()
    assert f'value="{cast.gus.email}"' in page and 'autocomplete="username"' in page and "Gus North" in page
    assert browser.post(form_path, passwords).status_code == 302
    assert User.objects.get(pk=cast.gus.pk).check_password(NEW)


def test_reset_link_of_the_one_who_is_signed_in_goes_straight_on(cast, visit):
    browser = visit(cast.gus)
    browser.post("/account/password/reset/", {"email": cast.gus.email})
    outbox.deliver_due()

    assert 'name="password1"' in browser.get(link_in(mail.outbox[-1]), follow=True).content.decode()


def begun(visit, way, user):
    """A browser on which `user` has begun to sign in; the path and the form that would finish it."""
    browser = visit()
    if way == "password":
        browser.get("/account/login/")
        return browser, "/account/login/", {"login": user.email, "password": PASSWORD}
    if way == "code":
        browser.post("/account/login/code/", {"email": user.email})
        outbox.deliver_due()
        code = re.search(r"\b(\d{6})\b", mail.outbox[-1].body).group(1)
        return browser, "/account/login/code/confirm/", {"code": code}
    if way == "second factor":
        codes = enrol(user)
        sign_in(browser, user.email)
        return browser, "/account/2fa/authenticate/", {"code": codes[0]}
    return browser, "/account/2fa/webauthn/login/", {"credential": "{}"}


@pytest.mark.parametrize("way", ["password", "code", "second factor", "passkey"])
def test_sign_in_finished_where_somebody_else_has_signed_in_meanwhile_says_so_and_does_nothing(
    cast, visit, invited, way
):
    browser, path, form = begun(visit, way, cast.gus)
    browser.post(invited[1], FORM)
    assert who(browser) == "mia@example.test"

    answer = browser.post(path, {**form, "next": "/billing/"})

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "is signed in here" in text and "not used" in " ".join(text.split())
    assert 'value="/account/login/?next=/billing/"' in text
    assert who(browser) == "mia@example.test"
    out = browser.post("/account/logout/", {"next": "/account/login/?next=/billing/"})
    assert out.url == "/account/login/?next=/billing/"
    assert sign_in(browser, cast.tess.email, next="/billing/").url == "/billing/"


@pytest.mark.parametrize("next_url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_way_on_never_leads_to_another_host(cast, visit, next_url):
    answer = visit(cast.sam).post("/account/login/", {"login": "x", "password": "y", "next": next_url})

    assert answer.status_code == 409 and "evil" not in answer.content.decode()
    assert "javascript" not in answer.content.decode()


def test_sign_in_form_sent_twice_leads_where_the_first_one_did(cast, visit):
    browser = visit()
    for _ in range(2):
        assert sign_in(browser, next="/people/staff/").url == "/people/staff/"


FOREIGN = "/people/clients/{}/"


@pytest.mark.parametrize("query", ["", "?tab=a&next=b"])
def test_foreign_and_unknown_addresses_say_who_is_signed_in_and_offer_another(cast, visit, query):
    """Gus acts for Cleo; Theo is somebody else's, and the third id was never given."""
    browser = visit(cast.gus)
    other = actions.add_client(first_name="Theo", time_zone="Europe/Berlin", by=cast.nora, now=clock.now())
    pages = {}
    for pk in (other.pk, "01a2288d-c365-7360-b9ae-a16c329708ed"):
        path = FOREIGN.format(pk) + query
        answer = browser.get(path)
        assert answer.status_code == 404
        text = answer.content.decode()
        assert "You are signed in as <strong>Gus North</strong>" in " ".join(text.split())
        alike = re.sub(r'name="form_\w+" value="[^"]*"', "", re.sub(r"\b\w{64}\b", "CSRF", text))
        pages[pk] = alike.replace(str(pk), "ID")
        kept = re.search(r'name="next"\s+value="([^"]+)"', text).group(1).replace("&amp;", "&")
        assert browser.post("/account/logout/", {"next": kept}).url == kept
        login = browser.get(kept)
        after = re.search(r'name="next" value="([^"]+)"', login.content.decode()).group(1).replace("&amp;", "&")
        assert after == path
        assert sign_in(browser, cast.nora.email, next=after).url == path
        browser.force_login(cast.gus, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert len(set(pages.values())) == 1


def test_address_of_a_button_is_not_kept_as_the_way_back(cast, visit):
    answer = visit(cast.gus).post("/people/clients/01a2288d-c365-7360-b9ae-a16c329708ed/status/", {})

    assert answer.status_code == 404
    assert 'value="/account/login/"' in answer.content.decode()


def test_page_for_nobody_in_particular_names_nobody(cast, visit):
    text = visit().get("/no/such/page/").content.decode()

    assert "signed in as" not in text and "logout" not in text


def test_page_that_a_role_does_not_include_says_whose_role(cast, visit):
    answer = visit(cast.tess).get("/settings/brand/")

    assert answer.status_code in (403, 404)
    assert "Tess North" in answer.content.decode()


@pytest.mark.parametrize("path", ["/account/password/change/", "/account/reauthenticate/"])
def test_form_with_a_password_carries_the_user_name(cast, visit, path):
    browser = visit()
    sign_in(browser)
    text = browser.get(path).content.decode()

    name = re.search(r'<input[^>]*autocomplete="username"[^>]*>', text, re.DOTALL).group(0)
    assert 'value="tess@north.test"' in name
    assert text.index('autocomplete="username"') < text.index('type="password"')
