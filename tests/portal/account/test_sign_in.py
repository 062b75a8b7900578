"""Signing in: password, one-time code, second factor, reset; refused to those who may not; ended at once."""

import re
import time

import pytest
from django.core import mail

from core.kernel import clock, outbox
from core.kernel.models import AuditEvent
from core.people import actions
from core.people.models import User
from tenants.operators.one_time_codes import current_code
from tests.factories.web import PASSWORD, sign_in


def test_password_opens_the_dashboard(cast, visit):
    browser = visit()

    answer = sign_in(browser, "TESS@north.test")

    assert (answer.status_code, answer.url) == (302, "/dashboard/")
    assert browser.get("/profile/").status_code == 200
    assert AuditEvent.objects.filter(action="login.signed_in", actor_label="Tess North").exists()


def test_wrong_password_and_unknown_address_read_the_same(cast, visit):
    wrong = sign_in(visit(), password="not this one").content.decode()
    unknown = sign_in(visit(), "nobody@north.test").content.decode()

    for page in (wrong, unknown):
        assert "do not belong together" in page


def test_login_of_one_organization_is_unknown_to_the_other(cast, visit):
    answer = sign_in(visit(organization="south"))

    assert answer.status_code == 422
    assert "do not belong together" in answer.content.decode()


def test_session_of_one_organization_is_worthless_at_the_other(cast, visit):
    browser = visit(cast.tess)
    assert browser.get("/profile/").status_code == 200

    assert browser.get("/profile/", headers={"host": "south.test"}).status_code == 302


@pytest.mark.parametrize("next_url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_no_open_redirect_after_signing_in(cast, visit, next_url):
    answer = sign_in(visit(), next=next_url)

    assert "evil" not in answer.get("Location", "")
    assert "javascript" not in answer.get("Location", "")


def test_deep_link_survives_signing_in(cast, visit):
    browser = visit()
    asked = browser.get("/people/staff/")
    assert asked.url == "/account/login/?next=/people/staff/"

    assert sign_in(browser, next="/people/staff/").url == "/people/staff/"


@pytest.mark.parametrize("who", ["cleo_login", "gus"])
def test_inactive_client_cannot_sign_in_and_is_signed_out(cast, visit, who):
    user = getattr(cast, who)
    browser = visit(user)
    assert browser.get("/profile/").status_code == 200

    actions.change_client_status(client=cast.cleo, status="inactive", by=cast.nora, now=clock.now())

    assert browser.get("/profile/").status_code == 302
    refused = sign_in(visit(), user.email)
    assert refused.url == "/account/inactive/"
    assert "cannot sign in at present" in visit().get("/account/inactive/").content.decode()


def test_access_switched_off_ends_sessions_and_coming_back_does_not_revive_them(cast, visit):
    browser = visit(cast.gus)
    visit(cast.nora).post(f"/people/logins/{cast.gus.pk}/access/", {"may_log_in": "off"})
    assert browser.get("/profile/").status_code == 302
    assert "_auth_user_id" not in signed_in_nowhere(visit, cast.gus.email)

    visit(cast.nora).post(f"/people/logins/{cast.gus.pk}/access/", {"may_log_in": "on"})

    assert browser.get("/profile/").status_code == 302
    assert sign_in(visit(), cast.gus.email).url == "/dashboard/"


def test_nobody_switches_off_their_own_access(cast, visit):
    visit(cast.nora).post(f"/people/logins/{cast.nora.pk}/access/", {"may_log_in": "off"})

    assert User.objects.get(pk=cast.nora.pk).is_active


def test_one_time_code(cast, visit):
    browser = visit()
    browser.post("/account/login/code/", {"email": "tess@north.test"})
    outbox.deliver_due()
    code = re.search(r"\b(\d{6})\b", mail.outbox[0].body).group(1)

    assert "do not" not in browser.get("/account/login/code/confirm/").content.decode()
    assert browser.post("/account/login/code/confirm/", {"code": "000000"}).status_code == 422
    answer = browser.post("/account/login/code/confirm/", {"code": code})

    assert (answer.status_code, answer.url) == (302, "/dashboard/")
    assert "North Practice" in mail.outbox[0].subject


def test_code_for_an_unknown_address_sends_nothing_and_tells_nothing(cast, visit):
    answer = visit().post("/account/login/code/", {"email": "nobody@north.test"}, follow=True)
    outbox.deliver_due()

    assert answer.status_code == 200
    assert not mail.outbox


def test_password_reset_link_works_once(cast, visit):
    browser = visit()
    browser.post("/account/password/reset/", {"email": "tess@north.test"})
    outbox.deliver_due()
    path = re.search(r"http://north\.test(\S+)", mail.outbox[0].body).group(1)

    form = browser.get(path, follow=True)
    new = {"password1": "a wholly new phrase", "password2": "a wholly new phrase"}
    assert browser.post(form.redirect_chain[-1][0], new).status_code == 302
    assert sign_in(visit(), password="a wholly new phrase").url == "/dashboard/"
    assert "no longer works" in visit().get(path, follow=True).content.decode()
    outbox.deliver_due()
    assert mail.outbox[-1].subject == "Your password was changed"


def test_password_reset_for_an_unknown_address_reads_the_same(cast, visit):
    known = visit().post("/account/password/reset/", {"email": "tess@north.test"}, follow=True)
    unknown = visit().post("/account/password/reset/", {"email": "nobody@north.test"}, follow=True)
    outbox.deliver_due()

    assert "Look into your mail" in known.content.decode()
    assert "Look into your mail" in unknown.content.decode()
    assert [message.to for message in mail.outbox] == [["Tess North <tess@north.test>"]]


def test_password_reset_opens_nothing_for_the_shut_out(cast, visit):
    actions.change_client_status(client=cast.cleo, status="inactive", by=cast.nora, now=clock.now())
    visit().post("/account/password/reset/", {"email": cast.gus.email})
    outbox.deliver_due()

    assert not mail.outbox


def signed_in_nowhere(visit, email: str):
    browser = visit()
    sign_in(browser, email)
    return browser.session


def reauthenticated(visit, user):
    browser = visit()
    sign_in(browser, user.email)
    assert browser.get("/account/2fa/totp/activate/").url.startswith("/account/reauthenticate/")
    assert browser.get("/account/reauthenticate/").status_code == 200
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    return browser


def test_second_factor_is_set_up_and_asked_for(cast, visit, django_capture_on_commit_callbacks):
    browser = reauthenticated(visit, cast.tess)
    page = browser.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    assert 'src="data:image/svg+xml' in page.content.decode()
    secret = page.context["form"].secret
    code = current_code(secret, time.time())

    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post("/account/2fa/totp/activate/", {"code": code}).status_code == 302
    recovery = browser.get("/account/2fa/recovery-codes/").context["unused_codes"][0]
    outbox.deliver_due()
    assert mail.outbox[-1].subject == "An authenticator app was added to your login"

    other = visit()
    asked = sign_in(other)
    assert asked.url.startswith("/account/2fa/authenticate/")
    assert other.get("/profile/").status_code == 302
    assert other.get("/account/2fa/authenticate/").status_code == 200
    assert other.post("/account/2fa/authenticate/", {"code": "123"}).status_code == 422
    assert other.post("/account/2fa/authenticate/", {"code": recovery}).url == "/dashboard/"


def test_issuer_is_the_organization(cast, visit):
    browser = reauthenticated(visit, cast.tess)
    page = browser.get("/account/2fa/totp/activate/")

    assert "North%20Practice" in page.context["totp_url"]
    assert "colonnade" not in page.content.decode().lower()


def test_switched_off_between_password_and_second_factor(cast, visit):
    browser = reauthenticated(visit, cast.gus)
    secret = browser.get("/account/2fa/totp/activate/").context["form"].secret
    code = current_code(secret, time.time())
    browser.post("/account/2fa/totp/activate/", {"code": code})
    recovery = browser.get("/account/2fa/recovery-codes/").context["unused_codes"][0]
    other = visit()
    sign_in(other, cast.gus.email)

    actions.change_client_status(client=cast.cleo, status="inactive", by=cast.nora, now=clock.now())

    assert other.post("/account/2fa/authenticate/", {"code": recovery}).url == "/account/inactive/"
    assert other.get("/profile/").status_code == 302


def test_signing_out_elsewhere_keeps_this_session(cast, visit):
    here, elsewhere = visit(cast.tess), visit(cast.tess)

    assert here.post("/account/sessions/").status_code == 302

    assert here.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302


def test_profile_is_changed_and_checked(cast, visit):
    browser = visit(cast.gus)
    form = {"name": "Gus Guardian", "time_zone": "Asia/Tokyo", "language": "en"}

    assert browser.post("/profile/", form).status_code == 302
    assert browser.post("/profile/", {**form, "time_zone": "Nowhere"}).status_code == 422
    assert browser.post("/profile/", {**form, "name": ""}).status_code == 422

    gus = User.objects.get(pk=cast.gus.pk)
    assert (gus.name, gus.time_zone) == ("Gus Guardian", "Asia/Tokyo")


@pytest.mark.parametrize(
    "path", ["/account/signup/", "/account/email/", "/account/confirm-email/", "/account/confirm-email/x/"]
)
def test_there_is_no_self_registration(cast, visit, path):
    assert visit().get(path).status_code == 404
    assert visit().post(path, {"email": "new@example.test", "password1": PASSWORD}).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/account/login/", "/account/login/code/", "/account/password/reset/", "/account/password/reset/done/",
     "/account/inactive/", "/account/password/reset/key/1-x/"],
)  # fmt: skip
def test_entrance_pages_are_the_organizations(cast, visit, path):
    page = visit().get(path, follow=True)

    assert page.status_code == 200
    text = page.content.decode()
    assert "North Practice" in text
    for word in ("colonnade", "allauth", "<style", "style=", "onclick"):
        assert word not in text.lower()


@pytest.mark.parametrize(
    "path",
    ["/account/2fa/", "/account/2fa/webauthn/", "/account/2fa/webauthn/add/", "/account/2fa/totp/activate/",
     "/account/password/change/", "/account/logout/"],
)  # fmt: skip
def test_pages_of_ones_own_are_the_organizations(cast, visit, path):
    page = reauthenticated(visit, cast.tess).get(path, follow=True)

    assert page.status_code == 200
    text = page.content.decode()
    for word in ("colonnade", "allauth", "<style", "style=", "onclick"):
        assert word not in text.lower()
