"""Text messages on their way: nothing twice, nothing lost, and who hears when none leaves any more."""

import json
from datetime import timedelta
from email.utils import format_datetime
from importlib import import_module
from unittest import mock

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock, outbox, outside
from core.kernel.models import OutboxMessage
from core.kernel.outside import Answer, Trouble, Unreachable
from core.notifications import text_gateway
from core.notifications.models import ChannelPreference, Delivery, Notice, NotificationSettings
from core.notifications.text_messages import latest_trouble
from core.notifications.text_reports import StillSendingError
from core.people import actions
from core.scheduling.actions import cancel_appointment
from core.scheduling.outbox_names import TEXT_CHANGE
from deploy.local.mailcatcher.text_messages import signature
from tests.factories.scheduling import book, book_weekly
from tests.factories.text_service import MOBILE, agreed, open_account, text_service
from tests.factories.web import browser_of

DAYS = timedelta(days=3)


@pytest.fixture
def service(settings, tmp_path):
    with text_service(tmp_path) as (address, texts):
        settings.SMS_API_BASE = address
        yield texts.kept


def deliver():
    while outbox.deliver_due():
        pass


def deliver_and_lose_the_answer(monkeypatch):
    """The provider takes the message, and nobody hears of it."""
    real = outside.fetch

    def fetch_and_lose(request, **more):
        real(request, **more)
        raise Unreachable(Trouble.SLOW, "127.0.0.1")

    with monkeypatch.context() as patched:
        patched.setattr(text_gateway.outside, "fetch", fetch_and_lose)
        deliver()


def due_again(**values):
    """The promise of the text is due now, as it would be later."""
    OutboxMessage.objects.filter(name=TEXT_CHANGE).update(due_at=clock.now(), leased_until=None, **values)


def answers(monkeypatch, *said):
    """What the provider answers from now on, one after another; the last for ever. What was asked is in the list."""
    asked, left = [], list(said)

    def fetch(request, **_):
        asked.append(request)
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        status, content = answer
        return Answer(status, {}, content, request.url)

    monkeypatch.setattr(text_gateway.outside, "fetch", fetch)
    return asked


@pytest.fixture
def promised(cast, service):
    open_account(cast)
    agreed(cast.gus)
    return book(cast, at=clock.now() + DAYS)


def test_message_whose_answer_was_lost_is_not_sent_again(cast, service, promised, monkeypatch):
    deliver_and_lose_the_answer(monkeypatch)
    row = Delivery.objects.get(channel="sms")
    assert (row.state, row.reason_code) == ("trying", "delivery.text_away")
    due_again()
    deliver()

    assert len(service) == 1
    assert Delivery.objects.get(channel="sms").state in ("sent", "delivered")
    assert OutboxMessage.objects.get(name=TEXT_CHANGE).outcome == service[0].sid


def test_worker_that_dies_after_handing_it_over_leaves_it_handed_over(cast, service, promised, monkeypatch):
    real = text_gateway.TwilioGateway.send

    def send_and_die(self, message):
        real(self, message)
        raise KeyboardInterrupt  # no error that the outbox catches: the transaction is gone as with the worker

    with monkeypatch.context() as patched:
        patched.setattr(text_gateway.TwilioGateway, "send", send_and_die)
        with pytest.raises(KeyboardInterrupt):
            deliver()
    assert not Delivery.objects.filter(channel="sms").exists()
    due_again()
    deliver()

    assert len(service) == 1 and Delivery.objects.get(channel="sms").address == MOBILE


def test_message_that_never_came_through_is_sent_by_the_next_attempt(cast, service, promised, monkeypatch):
    with monkeypatch.context() as patched:
        answers(patched, Unreachable(Trouble.REFUSED, "127.0.0.1"))
        deliver()
    assert list(service) == []
    due_again()
    deliver()

    assert len(service) == 1


def test_the_same_words_of_another_promise_do_not_count_as_sent(cast, service, promised, monkeypatch):
    deliver()
    first = OutboxMessage.objects.get(name=TEXT_CHANGE)
    outbox.repeat(first, by=cast.nora)
    with monkeypatch.context() as patched:
        answers(patched, Unreachable(Trouble.SLOW, "127.0.0.1"))
        deliver()
    due_again()
    deliver()

    assert [each.body for each in service] == [service[0].body] * 2


def test_report_of_what_was_thought_lost_ends_the_attempts(cast, service, promised, monkeypatch):
    with monkeypatch.context() as patched:
        answers(patched, Unreachable(Trouble.SLOW, "127.0.0.1"))
        deliver()
    row = Delivery.objects.get(channel="sms")
    address, form = f"/hooks/texts/{row.promise_id}/", {"MessageStatus": "delivered"}
    made = signature(f"http://north.test{address}", form, "key")
    browser_of(None).post(address, form, headers={"x-twilio-signature": made})
    due_again()
    deliver()

    assert list(service) == [] and Delivery.objects.get(channel="sms").state == "delivered"


@pytest.mark.parametrize(
    ("answer", "reason", "state"),
    [
        ((401, b'{"code": 20003, "message": "Authenticate"}'), "delivery.text_account", "failed"),
        ((400, b'{"code": 21606, "message": "From"}'), "delivery.text_account", "failed"),
        ((400, b'{"code": 21703}'), "delivery.text_account", "failed"),
        ((400, b'{"code": 21408}'), "delivery.text_country", "failed"),
        ((400, b'{"code": 21614}'), "delivery.text_number", "failed"),
        ((400, b"<html>no"), "delivery.text_refused", "failed"),
        ((400, b'{"code": "21614"}'), "delivery.text_refused", "failed"),
        ((429, b""), "delivery.text_away", "trying"),
        ((503, b"[]"), "delivery.text_away", "trying"),
        ((307, b""), "delivery.text_away", "trying"),
        ((201, b"[" * 100_000), "delivery.text_away", "trying"),
        ((201, b'{"sid": ""}'), "delivery.text_away", "trying"),
    ],
)
def test_whatever_the_provider_answers_is_in_the_log(cast, promised, monkeypatch, answer, reason, state):
    answers(monkeypatch, answer)
    deliver()

    row = Delivery.objects.get(channel="sms")
    assert (row.reason_code, row.state) == (reason, state)


def test_redirect_is_not_followed(cast, promised, monkeypatch):
    asked = answers(monkeypatch, (201, b'{"sid": "SM1"}'))
    deliver()

    (request,) = asked
    assert not request.follows and request.authorization.startswith("Basic ")


def test_provider_on_the_internet_is_never_sought_in_a_private_network(cast, promised, settings, monkeypatch):
    settings.SMS_API_BASE = "https://texts.test"
    asked = answers(monkeypatch, (201, b'{"sid": "SM1"}'))
    deliver()

    assert not asked[0].allows_private


def test_account_that_is_refused_is_told_once_and_stands_on_its_page(cast, service, promised, monkeypatch):
    book(cast, at=clock.now() + 2 * DAYS)
    with monkeypatch.context() as patched:
        answers(patched, (401, b'{"code": 20003, "message": "Authenticate <b>"}'))
        deliver()
    assert Notice.objects.filter(kind="texts_held", user_id=cast.nora.pk).count() == 1
    page = browser_of(cast.nora).get("/settings/text-messages/").content.decode()
    assert "Text messages do not leave" in page and "does not take the account" in page
    assert not Notice.objects.filter(kind="promise_failed").exists()

    book(cast, at=clock.now() + 3 * DAYS)
    deliver()
    assert "does not take the account" not in browser_of(cast.nora).get("/settings/text-messages/").content.decode()


def test_provider_that_stays_away_is_told_once(cast, service, promised, monkeypatch):
    answers(monkeypatch, Unreachable(Trouble.REFUSED, "127.0.0.1"))
    for attempt in range(5):
        deliver()
        told = Notice.objects.filter(kind="texts_held", user_id=cast.nora.pk).count()
        assert told == (1 if attempt >= 2 else 0)
        due_again()


def test_log_keeps_no_link_that_opens_anything(cast, service, promised):
    deliver()

    row = Delivery.objects.get(channel="sms")
    link = service[0].body.split()[-1]
    assert link.startswith("http://north.test/a/") and browser_of(None).get(link).status_code == 200
    assert "http" not in row.subject and row.subject.startswith("North Practice: ")


def test_log_keeps_no_code(cast, service):
    open_account(cast)
    actions.give_text_number(number=MOBILE, by=cast.gus, now=clock.now())
    deliver()

    assert service[0].body[:6].isdecimal() and not Delivery.objects.get(channel="sms").subject[:6].isdecimal()


def test_series_is_told_by_one_text_message(cast, service):
    open_account(cast)
    agreed(cast.gus)
    series = book_weekly(cast)
    deliver()

    (one,) = service
    assert "4 appointments booked, from" in one.body and f"/series/{series.pk}/" in one.body


def test_who_may_not_sign_in_any_more_gets_nothing(cast, service, promised):
    actions.switch_access(login=cast.gus, may_log_in=False, by=cast.nora, now=clock.now())
    deliver()

    assert list(service) == []


def test_client_who_is_inactive_by_then_gets_nothing_but_that_it_is_off(cast, service, promised):
    actions.change_client_status(client=cast.cleo, status="inactive", by=cast.nora, now=clock.now())
    deliver()
    assert list(service) == []
    cancel_appointment(promised, by=cast.tess, now=clock.now())
    deliver()

    (one,) = service
    assert "is off" in one.body and "/a/" not in one.body  # which would lead nowhere


def test_switched_off_before_it_leaves_is_not_sent(cast, service, promised):
    open_account(cast, has_texts=False)
    deliver()

    assert list(service) == []


def test_list_that_cannot_be_read_sends_nothing(cast, service, promised, monkeypatch):
    with monkeypatch.context() as patched:
        answers(patched, Unreachable(Trouble.SLOW, "127.0.0.1"))
        deliver()
    due_again()
    with monkeypatch.context() as patched:
        asked = answers(patched, (200, b'{"unexpected": 1}'))
        deliver()
    row = Delivery.objects.get(channel="sms")

    assert [request.method for request in asked] == ["GET"]
    assert (row.state, row.reason_code) == ("trying", "delivery.text_away")


def test_message_that_was_taken_and_lost_is_no_message_that_left(cast, service, promised, monkeypatch):
    deliver_and_lose_the_answer(monkeypatch)
    due_again()
    with monkeypatch.context() as patched:
        as_lost = {"status": "undelivered", "error_code": 30007}
        row = {
            "sid": service[0].sid,
            "to": MOBILE,
            "body": service[0].body,
            "date_created": format_datetime(clock.now()),
            **as_lost,
        }
        answers(patched, (200, json.dumps({"messages": [row]}).encode()))
        deliver()
        lost = Delivery.objects.get(channel="sms")
        assert (lost.state, lost.reason_code) == ("failed", "delivery.text_filtered")

        outbox.repeat(OutboxMessage.objects.get(name=TEXT_CHANGE), by=cast.nora)
        asked = answers(
            patched, (200, json.dumps({"messages": [row]}).encode()), (201, b'{"sid": "SM2"}')
        )  # the loss is known: it is sent once more
        deliver()
    assert [request.method for request in asked] == ["GET", "POST"]
    assert Delivery.objects.get(channel="sms").state == "sent"


def test_what_has_left_is_not_held_by_the_limit_of_the_day(cast, service, promised, monkeypatch):
    deliver_and_lose_the_answer(monkeypatch)
    now = clock.now()
    Delivery.objects.create(
        kind="x", channel="sms", address=MOBILE, message_id="m", state="sent", created_at=now, changed_at=now
    )
    open_account(cast, texts_a_day=1)
    due_again()
    deliver()

    assert len(service) == 1
    assert Delivery.objects.get(channel="sms", kind="appointment_booked").state in ("sent", "delivered")


def test_codes_do_not_use_up_the_day_of_reminders(cast, service):
    open_account(cast, texts_a_day=1)
    agreed(cast.gus)
    actions.give_text_number(number="+4915123456780", by=cast.tess, now=clock.now())
    deliver()
    book(cast, at=clock.now() + DAYS)
    deliver()
    actions.give_text_number(number="+4915123456781", by=cast.ada, now=clock.now())
    deliver()

    assert [each.to for each in service] == [MOBILE, "+4915123456780"]


def test_alert_goes_when_the_account_is_mended_or_the_limit_raised(cast, service, promised, monkeypatch):
    with monkeypatch.context() as patched:
        answers(patched, (401, b'{"code": 20003}'))
        deliver()
    assert latest_trouble() is not None
    open_account(cast, token="another")
    assert latest_trouble() is None

    deliver()
    open_account(cast, token="another", texts_a_day=1)
    for day in (4, 5):
        book(cast, at=clock.now() + timedelta(days=day))
    deliver()
    assert latest_trouble() is not None
    open_account(cast, token="another", texts_a_day=50)
    assert latest_trouble() is None


def test_report_that_is_faster_than_the_log_waits_for_nobody(cast, service, promised):
    """The promise is held by whoever hands the message over: what was said meanwhile is noted when it is let go."""
    deliver()
    row = Delivery.objects.get(channel="sms")
    address, form = f"/hooks/texts/{row.promise_id}/", {"MessageStatus": "delivered"}
    headers = {"x-twilio-signature": signature(f"http://north.test{address}", form, "key")}

    with mock.patch("core.notifications.text_webhooks.note_report", side_effect=StillSendingError):
        for _again in range(2):
            assert browser_of(None).post(address, form, headers=headers).status_code == 204
    row.refresh_from_db()
    assert row.state == "sent"
    assert OutboxMessage.objects.filter(name="notifications.text_report").count() == 1
    OutboxMessage.objects.filter(name="notifications.text_report").update(due_at=clock.now())
    deliver()

    row.refresh_from_db()
    assert row.state == "delivered"


def test_reminder_leaves_without_the_row_of_the_login(cast, service, promised, moved_clock):
    """Whoever signs in, or changes a name, does not wait for a provider."""
    deliver()
    moved_clock(DAYS - timedelta(hours=23))
    with CaptureQueriesContext(connection) as asked:
        deliver()
    assert len(service) == 2
    assert not [
        one["sql"] for one in asked if "people_user" in one["sql"] and "FOR " in one["sql"] and "UPDATE" in one["sql"]
    ]


def test_choices_from_before_there_were_texts_have_them(cast):
    migration = import_module("core.notifications.migrations.0007_texts_in_earlier_choices")
    NotificationSettings.objects.update_or_create(
        is_current=True, defaults={"has_texts": False, "usual": {"appointments": ["push"], "billing": ["push"]}}
    )
    kept = {"appointments": ["email"], "reminders": [], "billing": ["push"]}
    for topic, channels in kept.items():
        ChannelPreference.objects.create(user_id=cast.gus.pk, topic=topic, channels=channels)

    migration.add_texts(apps, None)

    found = dict(ChannelPreference.objects.filter(user_id=cast.gus.pk).values_list("topic", "channels"))
    assert found == {"appointments": ["email", "sms"], "reminders": [], "billing": ["push"]}
    assert NotificationSettings.current().usual == {"appointments": ["push", "sms"], "billing": ["push"]}
