"""Two factors, always; guessing is slowed down; sessions grow old."""

import re
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from portal import known_devices
from portal.operator import access
from tenants import context
from tenants.models import OrganizationEvent
from tenants.operators import one_time_codes
from tenants.operators.models import Operator, OperatorSession, SignInFailure
from tests.factories.operators import PASSWORD, SECRET


def current():
    return one_time_codes.current_code(SECRET, time.time())


def give_password(browser, operator, password=PASSWORD):
    return browser.post("/sign-in/", {"email": operator.email, "password": password})


def test_password_alone_opens_nothing(opal, stranger):
    answer = give_password(stranger, opal)

    assert answer["Location"] == "/sign-in/code/"
    assert stranger.get("/organizations/")["Location"] == "/sign-in/"


def test_both_factors_sign_in_with_a_new_token(opal, stranger):
    give_password(stranger, opal)
    before = stranger.cookies[access.COOKIE].value

    answer = stranger.post("/sign-in/code/", {"code": current()})

    assert answer["Location"] == "/organizations/"
    cookie = stranger.cookies[access.COOKIE]
    assert cookie.value != before
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and not cookie["domain"]
    assert stranger.get("/organizations/").status_code == 200
    with context.public_context():
        assert OperatorSession.objects.count() == 1
        assert cookie.value not in OperatorSession.objects.get().digest
        assert OrganizationEvent.objects.filter(action="operator.signed_in", actor=opal.email).exists()


def test_wrong_password_and_unknown_operator_get_the_same_answer(opal, stranger):
    wrong = give_password(stranger, opal, "wrong")
    unknown = stranger.post("/sign-in/", {"email": "nobody@vendor.test", "password": "wrong"})

    assert wrong.status_code == unknown.status_code == 422
    sentence = "The e-mail address or the password is wrong."
    assert sentence in wrong.content.decode() and sentence in unknown.content.decode()


def test_code_works_once(opal, stranger, client):
    code = current()
    give_password(stranger, opal)
    assert stranger.post("/sign-in/code/", {"code": code}).status_code == 302

    client.defaults["HTTP_HOST"] = "console.test"
    give_password(client, opal)
    answer = client.post("/sign-in/code/", {"code": code})

    assert answer.status_code == 422
    assert "used already" in answer.content.decode()


@pytest.mark.parametrize("code", ["000000", "12345", "abcdef", "", "１２３４５６"])
def test_wrong_code_is_refused(opal, stranger, code):
    give_password(stranger, opal)

    assert stranger.post("/sign-in/code/", {"code": code}).status_code == 422
    assert stranger.get("/organizations/").status_code == 302


def test_guessing_is_stopped_after_five_wrong_attempts(opal, stranger, moved_clock):
    for _ in range(5):
        give_password(stranger, opal, "wrong")

    answer = give_password(stranger, opal)
    assert "Too many wrong attempts" in answer.content.decode()
    # Somebody else's address is not locked out by it.
    assert (
        stranger.post("/sign-in/", {"email": opal.email, "password": PASSWORD}, REMOTE_ADDR="10.9.8.7").status_code
        == 302
    )

    moved_clock(timedelta(minutes=16))
    assert give_password(stranger, opal).status_code == 302


def test_guessing_codes_is_stopped_too(opal, stranger):
    give_password(stranger, opal)
    for _ in range(5):
        stranger.post("/sign-in/code/", {"code": "000000"})

    answer = stranger.post("/sign-in/code/", {"code": current()})

    assert "Too many wrong attempts" in answer.content.decode()
    with context.public_context():
        assert SignInFailure.objects.count() == 5


def test_recovery_code_works_once(opal, stranger):
    for expected in (302, 422):
        give_password(stranger, opal)
        answer = stranger.post("/sign-in/recovery/", {"code": opal.codes[0].upper()})
        assert answer.status_code == expected


def test_first_sign_in_enrols_a_device(db, stranger, monkeypatch):
    monkeypatch.setattr("sys.stdin", _Lines(PASSWORD))
    call_command("create_operator", "new@vendor.test", name="New Person", password_stdin=True)
    stranger.post("/sign-in/", {"email": "new@vendor.test", "password": PASSWORD})
    assert stranger.get("/sign-in/code/")["Location"] == "/sign-in/enrolment/"
    assert stranger.post("/sign-in/code/", {"code": "123456"}).status_code == 422  # no way round the enrolment

    shown = stranger.get("/sign-in/enrolment/").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", shown).group(1).replace(" ", "")
    assert "<svg" in shown and "style=" not in shown

    assert stranger.post("/sign-in/enrolment/", {"code": "000000"}).status_code == 422
    answer = stranger.post("/sign-in/enrolment/", {"code": one_time_codes.current_code(secret, time.time())})

    assert len(re.findall(r"<code>[a-z0-9]{5}-[a-z0-9]{5}</code>", answer.content.decode())) == 10
    assert stranger.get("/organizations/").status_code == 200
    with context.public_context():
        made = Operator.objects.get(email="new@vendor.test")
    assert secret not in made.encrypted_secret and made.enrolled_at


def test_session_ends_when_idle_and_at_the_end_of_the_day(console, moved_clock):
    for _ in range(28):
        moved_clock(timedelta(minutes=27))
        answer = console.get("/organizations/")
        if answer.status_code == 302:
            break
    assert answer.status_code == 302  # after twelve hours, although never idle


def test_session_ends_when_idle(console, moved_clock):
    moved_clock(timedelta(minutes=31))

    assert console.get("/organizations/").status_code == 302


def test_sign_out_ends_the_session_on_the_server(console):
    token = console.cookies[access.COOKIE].value

    assert console.get("/sign-out/").status_code == 405
    assert console.post("/sign-out/")["Location"] == "/sign-in/"

    console.cookies[access.COOKIE] = token
    assert console.get("/organizations/").status_code == 302


def test_setting_the_password_anew_ends_sessions(console, monkeypatch):
    monkeypatch.setattr("sys.stdin", _Lines("another long password"))

    call_command("create_operator", "opal@vendor.test", password_stdin=True)

    assert console.get("/organizations/").status_code == 302


@pytest.mark.parametrize(
    ("email", "password", "secret", "sentence"),
    [
        ("opal", PASSWORD, "", "not an e-mail address"),
        ("o@vendor.test", "short", "", "too short"),
        ("o@vendor.test", PASSWORD, "not base 32!", "must be base 32"),
    ],
)
def test_command_says_what_is_wrong(db, monkeypatch, email, password, secret, sentence):
    monkeypatch.setattr("sys.stdin", _Lines(password))

    with pytest.raises(CommandError, match=sentence):
        call_command("create_operator", email, password_stdin=True, totp_secret=secret)


@pytest.mark.parametrize("path", ["/", "/organizations/", "/organizations/new/", "/history/", "/workers/", "/design/"])
def test_console_sends_strangers_to_the_sign_in(stranger, path):
    assert stranger.get(path)["Location"] == "/sign-in/"


@pytest.mark.parametrize("path", ["/organizations/", "/organizations/new/", "/sign-in/enrolment/", "/workers/"])
def test_console_is_unknown_on_an_organizations_host(cast, console, visit, path):
    assert visit().get(path).status_code == 404
    mine = visit(cast.nora)
    mine.cookies[access.COOKIE] = console.cookies[access.COOKIE].value
    assert mine.get(path).status_code == 404


def test_organizations_pages_are_unknown_on_the_console(console):
    assert console.get("/dashboard/").status_code == 404
    assert console.get("/account/login/").status_code == 404


def test_foreign_session_cookie_does_no_harm(stranger):
    stranger.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32

    assert stranger.get("/sign-in/").status_code == 200
    assert stranger.get("/organizations/").status_code == 302


def test_post_without_csrf_token_is_refused(opal):
    browser = Browser(enforce_csrf_checks=True, headers={"host": "console.test"})

    assert give_password(browser, opal).status_code == 403


class _Lines:
    def __init__(self, line):
        self.line = line

    def readline(self):
        return self.line + "\n"


def test_clock_of_the_house_is_not_the_authenticators(opal, stranger, moved_clock):
    moved_clock(timedelta(hours=5))
    give_password(stranger, opal)

    assert stranger.post("/sign-in/code/", {"code": current()}).status_code == 302
    assert clock.now()


def test_console_has_a_picture_in_the_browsers_tab(stranger):
    page = stranger.get("/sign-in/").content.decode()
    assert 'rel="icon"' in page and "/static/img/console.svg" in page

    answer = stranger.get("/favicon.ico")

    assert (answer.status_code, answer["Location"]) == (302, "/static/img/console.svg")


def guess(opal, times=1, **extra):
    """Wrong passwords, each from a browser that the console does not know; the last answer."""
    for _ in range(times):
        answer = give_password(Browser(headers={"host": "console.test"}, **extra), opal, "wrong")
    return answer


def test_sixth_guess_is_refused_with_the_time_to_wait_for_operators_and_nobodies_alike(opal):
    nobody = SimpleNamespace(email="nobody@vendor.test")
    for who, address in ((opal, "198.51.100.1"), (nobody, "198.51.100.2")):
        assert guess(who, times=5, REMOTE_ADDR=address).status_code == 422
        refused = guess(who, REMOTE_ADDR=address)
        assert refused.status_code == 429
        assert 800 < int(refused["Retry-After"]) <= 900
        assert "Try again in 15 minutes" in refused.content.decode()


def test_guesses_from_everywhere_do_not_lock_out_a_known_device(opal, console, moved_clock):
    device = console.cookies[known_devices.COOKIE]
    assert device["httponly"] and not device["domain"]
    for number in range(61):
        answer = guess(opal, REMOTE_ADDR=f"198.51.100.{number}")
    assert answer.status_code == 429

    mine = Browser(headers={"host": "console.test"}, REMOTE_ADDR="203.0.113.5")
    assert give_password(mine, opal).status_code == 429
    mine.cookies[known_devices.COOKIE] = device.value
    assert give_password(mine, opal).status_code == 302
    for _ in range(10):
        assert give_password(mine, opal, "wrong").status_code == 422
    assert give_password(mine, opal).status_code == 429


def test_right_passwords_use_nothing_up(opal):
    for _ in range(8):
        assert give_password(Browser(headers={"host": "console.test"}), opal).status_code == 302
    with context.public_context():
        assert not SignInFailure.objects.exists()


def test_every_branch_hashes_once_and_asks_the_same_of_the_database(opal, monkeypatch):
    hasher = type(hashers.get_hasher())
    done, stock = [], hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *args, **kw: done.append(1) or stock(self, *args, **kw))
    with context.public_context():
        Operator.objects.create(
            email="gone@vendor.test", password=opal.password, is_active=False, created_at=clock.now()
        )
    statements = {}
    for email in ("warm@vendor.test", opal.email, "nobody@vendor.test", "gone@vendor.test"):
        done.clear()
        with CaptureQueriesContext(connection) as asked:
            assert guess(SimpleNamespace(email=email)).status_code == 422
        assert len(done) == 1, email
        texts = [" ".join(query["sql"].split()[:4]) for query in asked]
        statements[email] = [text for text in texts if not text.startswith(("SET", "SAVEPOINT", "RELEASE"))]
    assert statements[opal.email] == statements["nobody@vendor.test"] == statements["gone@vendor.test"]


def test_typed_address_that_is_nobodys_is_kept_nowhere_in_clear(opal):
    guess(SimpleNamespace(email="secret.person@vendor.test"))

    with context.public_context():
        kept = str(list(SignInFailure.objects.values())) + str(list(OrganizationEvent.objects.values()))
    assert "secret" not in kept and "unknown address" in kept
