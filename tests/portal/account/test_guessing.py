"""Strangers who guess are stopped and told how long; known devices, other addresses and a whole practice at nine are not."""

from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as CacheConnectionError

from core.kernel import outbox
from core.kernel.models import LimitCount, OutboxMessage
from core.people.models import User
from portal import known_devices
from tests.factories.web import PASSWORD, sign_in
from tests.portal.account.second_factor import enrol


def guess(visit, *, email="tess@north.test", times=1, **extra):
    """Wrong passwords, each from a browser that nobody knows; the last answer."""
    for _ in range(times):
        answer = sign_in(visit(**extra), email, password="guess")
    return answer


def known(visit, email="tess@north.test", **extra):
    """A browser on which this person has signed in, and signed out."""
    browser = visit(**extra)
    assert sign_in(browser, email).status_code == 302
    browser.post("/account/logout/")
    return browser


def test_sixth_guess_is_refused_with_the_time_to_wait(cast, visit):
    assert guess(visit, times=5).status_code == 422

    answer = sign_in(visit())  # even the right one

    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 300
    page = answer.content.decode()
    assert "Try again in 5 minutes" in page and "one-time code" in page
    assert 'value="tess@north.test"' in page
    assert visit().get("/account/login/").status_code == 200


def test_waiting_as_long_as_was_said_opens_it_again(cast, visit, moved_clock):
    guess(visit, times=5)
    moved_clock(timedelta(seconds=int(sign_in(visit())["Retry-After"])))

    assert sign_in(visit()).status_code == 302


@pytest.mark.parametrize("email", ["tess@north.test", "TESS@north.test ", "nobody@north.test"])
def test_known_and_unknown_addresses_are_refused_alike(cast, visit, email):
    answers = [guess(visit, email=email).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_guesses_from_everywhere_do_not_lock_out_a_known_device(cast, visit):
    mine = known(visit)
    for number in range(40):
        guess(visit, REMOTE_ADDR=f"198.51.100.{number}")

    assert sign_in(visit(REMOTE_ADDR="203.0.113.5")).status_code == 429
    assert sign_in(mine).status_code == 302


def test_known_device_has_a_limit_of_its_own(cast, visit):
    mine = known(visit)
    for _ in range(10):
        assert sign_in(mine, password="guess").status_code == 422

    answer = sign_in(mine)

    assert answer.status_code == 429 and answer["Retry-After"]
    assert sign_in(visit()).status_code == 302


def test_device_of_one_person_is_no_device_of_another(cast, visit):
    mine = known(visit)
    guess(visit, email=cast.gus.email, times=5)

    assert sign_in(mine, cast.gus.email).status_code == 429


def test_one_browser_knows_the_whole_front_desk(cast, visit):
    mine = known(visit)
    assert sign_in(mine, cast.sam.email).status_code == 302
    mine.post("/account/logout/")
    for person in (cast.tess, cast.sam):
        guess(visit, email=person.email, times=5)

        assert sign_in(mine, person.email).status_code == 302
        mine.post("/account/logout/")


def test_cookie_of_a_device_is_worthless_elsewhere_and_when_it_was_made_up(cast, visit):
    mine = known(visit)
    cookie = mine.cookies[known_devices.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"]
    assert int(cookie["max-age"]) > 300 * 24 * 3600
    guess(visit, times=5)
    device, mark = cookie.value.split(".")
    for value in ("", "x", device, f"{device}.{'0' * 32}", f"{'A' * 22}.{mark}", f"{mark}.{device}", "." * 5000, "é\0"):
        forger = visit()
        forger.cookies[known_devices.COOKIE] = value
        assert sign_in(forger).status_code == 429, value

    theirs = visit(organization="south")
    theirs.cookies[known_devices.COOKIE] = cookie.value
    for _ in range(5):
        sign_in(theirs, password="guess")
    assert sign_in(theirs).status_code == 429


def test_signing_out_everywhere_else_forgets_all_devices_but_this(cast, visit):
    other, mine = known(visit), visit()
    sign_in(mine)
    mine.post("/account/sessions/")
    mine.post("/account/logout/")
    guess(visit, times=5)

    assert sign_in(other).status_code == 429
    assert sign_in(mine).status_code == 302


def test_practice_of_thirty_behind_one_router_signs_in_at_nine(cast, visit, north):
    """From new devices, each with two wrong passwords first; hashing as in the tests, counting as in production."""
    for number in range(30):
        User.objects.create_user(email=f"p{number}@north.test", name=f"P {number}", password=PASSWORD)
    people = [f"p{number}@north.test" for number in range(30)]
    for email in people:
        assert guess(visit, email=email, times=2).status_code == 422

    # They are nobody's staff and so end at the page for those who may not sign in: but never at the limit.
    assert {sign_in(visit(), email).status_code for email in people} == {302}


def test_one_address_that_tries_every_login_is_stopped(cast, visit):
    answers = [guess(visit, email=f"x{number}@north.test").status_code for number in range(101)]

    assert answers == [422] * 100 + [429]
    assert sign_in(visit(REMOTE_ADDR="203.0.113.5")).status_code == 302


def test_neighbours_in_one_network_of_ipv6_count_together(cast, visit):
    for number in range(5):
        guess(visit, REMOTE_ADDR=f"2001:db8::{number}")

    assert sign_in(visit(REMOTE_ADDR="2001:db8::ffff")).status_code == 429
    assert sign_in(visit(REMOTE_ADDR="2001:db8:0:1::1")).status_code == 302


def test_limits_hold_while_the_cache_is_away(cast, visit, monkeypatch):
    def away(*_, **__):
        raise CacheConnectionError("nobody answers")

    monkeypatch.setattr("redis.connection.ConnectionPool.get_connection", away)
    assert [guess(visit).status_code for _ in range(6)] == [422] * 5 + [429]


def test_nobody_signs_in_while_nothing_can_be_counted(cast, visit, monkeypatch):
    def away(*_, **__):
        raise OperationalError("the server is gone")

    monkeypatch.setattr("core.kernel.limits._count", away)
    assert sign_in(visit()).status_code == 503


def test_limits_of_one_organization_do_not_lock_another(cast, visit):
    guess(visit, times=5)

    answer = sign_in(visit(organization="south"), "tess@north.test", password="guess")

    assert answer.status_code == 422


def test_asking_for_mail_is_limited_by_login_and_never_on_a_known_device_by_strangers(cast, visit):
    for path in ("/account/password/reset/", "/account/login/code/"):
        mine = known(visit)
        LimitCount.objects.all().delete()
        for email in ("tess@north.test", "nobody@north.test"):
            answers = [visit().post(path, {"email": email}).status_code for _ in range(4)]
            assert answers == [302] * 3 + [429]
        refused = visit().post(path, {"email": "tess@north.test"})
        assert 1 <= int(refused["Retry-After"]) <= 60 and "Try again in a minute" in refused.content.decode()
        assert mine.post(path, {"email": "tess@north.test"}).status_code == 302


def test_strangers_cannot_use_up_the_mails_of_a_day_of_a_known_device(cast, visit, moved_clock):
    mine = known(visit)
    for _ in range(21):
        moved_clock(timedelta(minutes=2))
        stranger = visit(REMOTE_ADDR="198.51.100.7").post("/account/login/code/", {"email": "tess@north.test"})
    assert stranger.status_code == 429 and int(stranger["Retry-After"]) > 3600

    assert mine.post("/account/login/code/", {"email": "tess@north.test"}).status_code == 302


def test_second_factor_is_limited_and_not_by_strangers(cast, visit):
    enrol(cast.tess)
    mine = visit()
    sign_in(mine)
    answers = [mine.post("/account/2fa/authenticate/", {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert mine.post("/account/2fa/authenticate/", {"code": "000000"})["Retry-After"]


def test_confirming_is_limited(cast, visit):
    browser = visit()
    sign_in(browser)
    path = "/account/password/change/"
    form = {"oldpassword": "guess", "password1": "a wholly new phrase", "password2": "a wholly new phrase"}

    assert [browser.post(path, form).status_code for _ in range(11)] == [422] * 10 + [429]
    path = "/account/reauthenticate/"
    assert [browser.post(path, {"password": "guess"}).status_code for _ in range(11)] == [422] * 10 + [429]


@pytest.fixture
def hashes(monkeypatch):
    """How many passwords were hashed, by whatever way."""
    done = []
    hasher = hashers.get_hasher()
    stock = type(hasher).encode
    monkeypatch.setattr(type(hasher), "encode", lambda self, *args, **kw: done.append(1) or stock(self, *args, **kw))
    return done


def test_every_branch_of_the_sign_in_hashes_once(cast, visit, hashes):
    invited = User.objects.create_user(email="invited@north.test", name="Not yet")
    assert not invited.has_usable_password()
    User.objects.filter(pk=cast.gus.pk).update(is_active=False)
    for email in ("tess@north.test", "nobody@north.test", "invited@north.test", cast.gus.email, cast.ada.email):
        hashes.clear()
        guess(visit, email=email)
        assert len(hashes) == 1, email


@pytest.mark.parametrize("path", ["/account/password/reset/", "/account/login/code/"])
def test_asking_for_mail_does_the_same_work_for_an_address_that_nobody_has(cast, visit, path, hashes):
    def statements(email):
        with CaptureQueriesContext(connection) as asked:
            assert visit().post(path, {"email": email}).status_code == 302
        texts = [" ".join(query["sql"].split()[:4]) for query in asked]
        return [text for text in texts if not text.startswith(("SET", "SAVEPOINT", "RELEASE"))]

    statements("warm@north.test")
    known = statements("tess@north.test")

    assert known == statements("nobody@north.test")
    assert not hashes
    outbox.deliver_due()
    assert [message.to for message in mail.outbox] == [["Tess North <tess@north.test>"]]
    assert OutboxMessage.objects.filter(state="void").count() == 2
    assert "nobody" not in str(list(OutboxMessage.objects.values()))


def test_every_branch_of_an_invitation_that_opens_nothing_hashes_nothing(cast, visit, hashes):
    form = {"password": "paper lantern morning", "time_zone": "Europe/Lisbon"}
    for token in ("x", "A" * 43):
        assert visit().post(f"/account/invitations/{token}/", form).status_code == 404
        assert visit().post(f"/account/password/reset/key/1-{token}/", form).status_code in (404, 422)
    assert not hashes
