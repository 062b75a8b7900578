"""The pages about text messages: the account, one's own number, the words, the log."""

import pytest

from core.kernel import clock, outbox
from core.notifications.channels import texted_among
from core.notifications.messages import Topic
from core.notifications.models import Delivery, NotificationSettings, StoppedNumber, TextNumber
from core.people import actions
from tests.factories.scheduling import book, tomorrow
from tests.factories.text_service import MOBILE, agreed, open_account, text_service
from tests.factories.web import browser_of

SETTINGS, NUMBER = "/settings/text-messages/", "/profile/notifications/number/"
REMINDER = "/settings/messages/sms/appointment_reminder/"
ACCOUNT = {"has_texts": "on", "account": "AC1", "token": "key", "sender": "+49 151 99999999", "texts_a_day": "100"}


@pytest.fixture
def service(settings, tmp_path):
    with text_service(tmp_path) as (address, texts):
        settings.SMS_API_BASE = address
        yield texts.kept


def deliver():
    while outbox.deliver_due():
        pass


def test_owner_switches_text_messages_on(cast):
    browser = browser_of(cast.nora)
    assert "Text messages" not in browser.get("/profile/notifications/").content.decode()
    assert browser.get(NUMBER).status_code == 404

    assert browser.post(SETTINGS, ACCOUNT).status_code == 302
    row = NotificationSettings.current()
    assert row.has_texts and row.text_sender == "+4915199999999"
    page = browser.get(SETTINGS).content.decode()
    assert "http://north.test/hooks/texts/" in page and "Give a number" in page


@pytest.mark.parametrize("field", ["account", "token", "sender"])
def test_what_is_missing_is_said_at_its_field(cast, field):
    page = browser_of(cast.nora).post(SETTINGS, {**ACCOUNT, field: ""})

    assert page.status_code == 422 and "needed before text messages can leave" in page.content.decode()
    assert not NotificationSettings.current().has_texts


def test_another_account_needs_its_own_key(cast):
    open_account(cast)
    page = browser_of(cast.nora).post(SETTINGS, {**ACCOUNT, "account": "AC2", "token": ""})

    assert page.status_code == 422 and NotificationSettings.current().text_account == "AC1"


@pytest.mark.parametrize("name", ["tess", "ada", "gus"])
def test_account_is_for_those_who_look_after_the_organization(cast, name):
    assert browser_of(getattr(cast, name)).get(SETTINGS).status_code in (403, 404)


NASTY = ["漢字", "👋🏽", "\u202eabc", "a\u200bb", "x" * 200, "\"'<b>", "a\nb", "../..", "AC1/../AC2"]


@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_words_are_refused_at_their_field(cast, nasty):
    browser = browser_of(cast.nora)
    for field in ("account", "sender"):
        page = browser.post(SETTINGS, {**ACCOUNT, field: nasty})
        kept = NotificationSettings.current()
        assert page.status_code == 422 or kept.text_account in ("ab", "abc") or kept.text_sender in ("ab", "a b", "abc")
    open_account(cast)
    assert browser_of(cast.gus).post(NUMBER, {"number": nasty, "agrees": "on"}).status_code == 422
    agreed_row = TextNumber.objects.filter(user_id=cast.gus.pk)
    assert not agreed_row.exists()


def test_code_page_says_why_the_code_has_not_arrived(cast, service):
    open_account(cast)
    browser = browser_of(cast.gus)
    browser.post(NUMBER, {"number": "+49 1512 3450000", "agrees": "on"})
    deliver()

    page = browser.get(f"{NUMBER}code/").content.decode()
    assert "The code has not arrived" in page and "No text message can be sent to this number" in page
    assert "+49 1512 3450000" in page


def test_sent_twice_is_one_code(cast, service):
    open_account(cast)
    browser = browser_of(cast.gus)
    form = {"number": "0151 23456789", "agrees": "on", "once": "0" * 32}
    browser.post(NUMBER, form)
    browser.post(NUMBER, form)
    deliver()

    assert len(service) == 1


def test_editor_counts_parts_and_warns(cast):
    open_account(cast)
    browser = browser_of(cast.nora)
    page = browser.get(f"{REMINDER}preview/").content.decode()
    assert "1 part, " in page and "GSM-7" in page and "Each part is paid for" not in page

    words = {"subject": "{{ organization }}: ą " + "x" * 100 + " {{ link }}"}
    page = browser.post(f"{REMINDER}preview/", words).content.decode()
    assert "3 parts" in page and "UCS-2" in page and "Each part is paid for" in page and "160: ą" in page


def test_words_fall_back_to_the_standard_ones_of_each_language(cast, service):
    open_account(cast)
    agreed(cast.gus)
    browser = browser_of(cast.nora)
    browser.post(f"{REMINDER}?language=en", {"subject": "We wait: {{ link }}"})
    booked = "/settings/messages/sms/appointment_booked/?language=en"
    browser.post(booked, {"subject": "{{ organization }} – {{ short_day }}\n{{ start }}"})
    book(cast, at=tomorrow())
    deliver()

    assert service[0].body.startswith("North Practice - ") and "\n" not in service[0].body


def test_test_goes_to_ones_own_number(cast, service):
    open_account(cast)
    browser = browser_of(cast.nora)
    assert "Send me a test" not in browser.get(REMINDER).content.decode()
    agreed(cast.nora)
    assert "Send me a test" in browser.get(REMINDER).content.decode()
    page = browser.post(REMINDER, {"subject": "Tried: {{ short_day }}", "test": "1"}).content.decode()
    deliver()

    assert "+49 1512 3456789" in page
    assert service[0].body.startswith("Tried: ") and Delivery.objects.get(channel="sms").is_test


def test_log_shows_it_and_sends_it_again(cast, service):
    open_account(cast)
    agreed(cast.gus)
    appointment = book(cast, at=tomorrow())
    deliver()
    row, browser = Delivery.objects.get(channel="sms"), browser_of(cast.nora)
    assert MOBILE in browser.get("/settings/mail/").content.decode()
    assert MOBILE in browser.get(f"/appointments/{appointment.pk}/").content.decode()
    assert "Send again" in browser.get(f"/settings/mail/{row.pk}/").content.decode()
    browser.post(f"/settings/mail/{row.pk}/repetition/")
    deliver()

    assert len(service) == 2


def test_text_that_failed_is_no_mail_that_did_not_arrive(cast, service):
    open_account(cast)
    agreed(cast.gus, "+4915123450000")
    book(cast, at=tomorrow())
    deliver()

    page = browser_of(cast.nora).get(f"/people/logins/{cast.gus.pk}/").content.decode()
    assert "The last mail to this address has not arrived" not in page


def test_who_gets_text_messages_is_asked_in_as_many_questions_for_many(cast, django_assert_num_queries):
    open_account(cast)
    users = [cast.gus, cast.tess, cast.nora]
    for number, user in enumerate(users):
        agreed(user, f"+491512345678{number}")
    actions.choose_channels(chosen={Topic.APPOINTMENTS: frozenset({"email"})}, by=cast.nora, now=clock.now())

    with django_assert_num_queries(5):
        found = texted_among([user.pk for user in users], Topic.APPOINTMENTS)
    assert found == {cast.gus.pk, cast.tess.pk}


def test_name_that_cannot_be_answered_promises_no_stop(cast):
    open_account(cast, sender="North")
    page = browser_of(cast.gus).get(NUMBER).content.decode()
    assert "Answering STOP" not in page and "I can end it at any time under Notifications" in page
    agreed(cast.gus)
    StoppedNumber.objects.create(number=MOBILE, stopped_at=clock.now())
    page = browser_of(cast.gus).get("/profile/notifications/").content.decode()
    assert "Give it again if you want text messages" in page and "Send START" not in page


def test_number_that_nothing_goes_to_is_said(cast):
    """As in choices that were stored before there were text messages."""
    open_account(cast)
    agreed(cast.gus)
    browser, said = browser_of(cast.gus), "Text messages are off for everything on this page"
    assert said not in browser.get("/profile/notifications/").content.decode()
    chosen = {topic: frozenset({"email"}) for topic in (Topic.APPOINTMENTS, Topic.REMINDERS, Topic.LIVE)}
    actions.choose_channels(chosen=chosen, by=cast.gus, now=clock.now())
    assert said in browser.get("/profile/notifications/").content.decode()


def test_code_that_failed_stands_nowhere_else(cast, service):
    open_account(cast)
    actions.give_text_number(number="+4915123450000", by=cast.gus, now=clock.now())
    deliver()
    row = Delivery.objects.get(channel="sms")
    row.reason_code = ""

    assert "It comes by no other way" in row.advice and "behind the bell" not in row.advice


def test_page_names_no_provider(cast):
    assert "Twilio" not in browser_of(cast.nora).get(SETTINGS).content.decode()
