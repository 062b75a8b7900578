"""Where somebody is signed in: seen, and signed out one by one."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock, outbox
from core.kernel.models import AuditEvent
from portal.account.user_agents import program_of
from tests.factories.web import sign_in

PATH = "/account/sessions/"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"


@pytest.fixture(autouse=True)
def _fresh_limits(north):
    cache.clear()


@pytest.fixture
def two(cast, visit):
    """Tess at her laptop and on her phone."""
    laptop, phone = visit(HTTP_USER_AGENT=LAPTOP), visit(HTTP_USER_AGENT=PHONE)
    for browser in (laptop, phone):
        assert sign_in(browser).status_code == 302
    return laptop, phone


def row_of(browser):
    return UserSession.objects.get(session_key=browser.session.session_key)


def is_signed_in(browser):
    return browser.get("/profile/").status_code == 200


def test_both_devices_are_listed_and_this_one_is_named(two):
    laptop, _ = two

    page = laptop.get(PATH).content.decode()

    assert "Firefox on Windows" in page and "Safari on iPhone" in page
    assert page.index("Firefox on Windows") < page.index("This device") < page.index("Safari on iPhone")
    assert page.count(f'action="{PATH}') == 1  # this one goes by the menu


def test_lost_phone_is_signed_out_and_the_laptop_stays(cast, two):
    laptop, phone = two
    lost = row_of(phone)

    answer = laptop.post(f"{PATH}{lost.pk}/", follow=True)

    assert "The device is signed out." in answer.content.decode()
    assert not is_signed_in(phone) and is_signed_in(laptop)
    assert "Safari on iPhone" not in laptop.get(PATH).content.decode()
    event = AuditEvent.objects.get(action="login.device_signed_out")
    assert event.actor_label == "Tess North" and event.changes == {"address": [lost.ip, None]}
    outbox.deliver_due()
    assert mail.outbox[-1].subject == "You signed out a device" and mail.outbox[-1].to == [
        "Tess North <tess@north.test>"
    ]


def test_device_in_use_is_not_signed_out_by_the_list(two):
    laptop, _ = two

    laptop.post(f"{PATH}{row_of(laptop).pk}/")

    assert is_signed_in(laptop)
    assert not AuditEvent.objects.filter(action="login.device_signed_out").exists()


def test_somebody_elses_device_is_nowhere(cast, two, visit):
    laptop, phone = two
    stranger = visit(cast.sam)

    assert stranger.post(f"{PATH}{row_of(phone).pk}/").status_code == 404
    assert "iPhone" not in stranger.get(PATH).content.decode()
    assert is_signed_in(phone)


def test_signing_out_elsewhere_ends_the_others_and_is_told(two):
    laptop, phone = two

    laptop.post(PATH)

    assert not is_signed_in(phone) and is_signed_in(laptop)
    page = laptop.get(PATH).content.decode()
    assert "This device" in page and "iPhone" not in page
    assert AuditEvent.objects.filter(action="login.sessions_ended", actor_label="Tess North").count() == 1
    outbox.deliver_due()
    assert mail.outbox[-1].subject == "You signed out everywhere else"


def test_list_asks_as_often_for_one_device_as_for_three(two, visit, django_assert_num_queries):
    laptop, phone = two
    laptop.get(PATH)  # which asks for the organization's hosts, once in a process
    with CaptureQueriesContext(connection) as captured:
        laptop.get(PATH)
    asked = len(captured)
    sign_in(visit(HTTP_USER_AGENT=PHONE))
    with django_assert_num_queries(asked):
        laptop.get(PATH)
    assert asked <= 15


def test_use_is_noted_now_and_then_and_costs_nothing_between(two, monkeypatch):
    laptop, _ = two
    before = row_of(laptop).last_seen_at

    laptop.get("/profile/")
    assert row_of(laptop).last_seen_at == before

    monkeypatch.setattr(clock, "offset", lambda: timedelta(minutes=11))
    laptop.get("/profile/")
    assert row_of(laptop).last_seen_at > before


@pytest.mark.parametrize(
    ("agent", "names"),
    [
        (LAPTOP, ("Firefox", "Windows")),
        (PHONE, ("Safari", "iPhone")),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0", ("Edge", "Linux")),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36", ("Chrome", "Android")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_program_is_told_from_what_it_says_of_itself(agent, names):
    program = program_of(agent)

    assert (program.browser, program.system) == names
