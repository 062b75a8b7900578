"""What comes back: STOP, START, HELP and anything else, and what the provider reports."""

from datetime import timedelta
from uuid import uuid4

import pytest

from core.kernel import clock
from core.kernel.errors import DomainError
from core.notifications.channels import channels_of, text_number_of
from core.notifications.messages import Channel, Topic
from core.notifications.models import Delivery, Notice, StoppedNumber
from core.notifications.rules.text_answers import meaning
from core.people import actions
from deploy.local.mailcatcher.text_messages import signature
from tenants.context import organization_context, public_context
from tenants.models import Domain
from tests.database import organization
from tests.factories.scheduling import book
from tests.factories.text_service import MOBILE, agreed, open_account
from tests.factories.web import browser_of
from tests.notifications.texts import ANSWERS, deliver, signed
from tests.rules_tables import rows


def test_stop_start_and_help_are_answered_and_heeded(cast, service):
    open_account(cast)
    agreed(cast.gus)
    browser = browser_of(None)

    answer = signed(browser, ANSWERS, {"MessageSid": uuid4().hex, "From": MOBILE, "Body": " stop "})
    assert "North Practice: no more text messages" in answer.content.decode()
    assert Channel.SMS not in channels_of(cast.gus.pk, Topic.REMINDERS)
    book(cast, at=clock.now() + timedelta(days=3))
    deliver()
    assert list(service) == []

    assert (
        "Answer STOP"
        in signed(
            browser, ANSWERS, {"MessageSid": uuid4().hex, "From": MOBILE, "Body": "Where is it?"}
        ).content.decode()
    )
    assert (
        "again"
        in signed(browser, ANSWERS, {"MessageSid": uuid4().hex, "From": MOBILE, "Body": "START"}).content.decode()
    )
    assert Channel.SMS in channels_of(cast.gus.pk, Topic.REMINDERS)
    nobody = signed(
        browser, ANSWERS, {"MessageSid": uuid4().hex, "From": "+4915100000001", "Body": "STOP"}
    ).content.decode()
    assert "<Message>" not in nobody


def test_answer_that_is_played_again_changes_nothing(cast, service):
    open_account(cast)
    agreed(cast.gus)
    browser = browser_of(None)
    start = {"MessageSid": "SM1", "From": MOBILE, "Body": "START"}
    signed(browser, ANSWERS, start)
    signed(browser, ANSWERS, {"MessageSid": "SM2", "From": MOBILE, "Body": "STOP"})

    assert "<Message>" not in signed(browser, ANSWERS, start).content.decode()
    assert text_number_of(cast.gus.pk) == ""


def test_stop_holds_for_the_number_whoever_gives_it_again(cast, service):
    open_account(cast)
    agreed(cast.gus)
    signed(browser_of(None), ANSWERS, {"MessageSid": "SM1", "From": MOBILE, "Body": "STOP"})
    actions.remove_text_number(by=cast.gus, now=clock.now())
    for user in (cast.gus, cast.tess):
        with pytest.raises(DomainError, match="Send START from it to \\+4915199999999"):
            actions.give_text_number(number=MOBILE, by=user, now=clock.now())
    deliver()
    assert list(service) == []

    signed(browser_of(None), ANSWERS, {"MessageSid": "SM2", "From": MOBILE, "Body": "Start"})
    actions.give_text_number(number=MOBILE, by=cast.gus, now=clock.now())


def test_stopped_number_agrees_anew_where_the_sender_cannot_be_answered(cast, service):
    open_account(cast, sender="North")
    StoppedNumber.objects.create(number=MOBILE, stopped_at=clock.now())
    actions.give_text_number(number=MOBILE, by=cast.gus, now=clock.now())
    deliver()
    actions.confirm_text_number(code=service[0].body[:6], by=cast.gus, now=clock.now())

    assert text_number_of(cast.gus.pk) == MOBILE


def test_two_machines_do_not_talk_for_ever(cast, service):
    open_account(cast)
    agreed(cast.gus)
    browser = browser_of(None)
    said = [
        signed(browser, ANSWERS, {"MessageSid": f"SM{number}", "From": MOBILE, "Body": "I am away"}).content.decode()
        for number in range(8)
    ]

    assert ["<Message>" in each for each in said] == [True] * 6 + [False] * 2


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"MessageSid": "SM1"},
        {"MessageSid": "S" * 300, "From": MOBILE, "Body": "STOP"},
        {"MessageSid": "SM1", "From": "32665", "Body": "STOP"},
        {"MessageSid": "SM1", "From": "+1\x00", "Body": "STOP"},
        {"MessageSid": "SM1", "From": MOBILE, "Body": "\u202e\x00🏴" * 500},
    ],
)
def test_odd_answers_are_taken_without_harm(cast, service, form):
    open_account(cast)
    agreed(cast.gus)

    assert signed(browser_of(None), ANSWERS, form).status_code in (200, 400)
    assert text_number_of(cast.gus.pk) == MOBILE


def test_report_that_they_have_stopped_is_heeded(cast, service):
    open_account(cast)
    agreed(cast.gus)
    book(cast, at=clock.now() + timedelta(days=3))
    deliver()
    row = Delivery.objects.get(channel="sms")
    signed(browser_of(None), f"{ANSWERS}{row.promise_id}/", {"MessageStatus": "undelivered", "ErrorCode": "21610"})

    assert text_number_of(cast.gus.pk) == ""


@pytest.mark.unit
@pytest.mark.parametrize(("text", "means"), rows("text-answers"))
def test_answers_mean_what_the_table_says(text, means):
    assert meaning(text) == means


def test_what_the_account_did_not_sign_is_refused(cast, service):
    open_account(cast)
    agreed(cast.gus)
    browser = browser_of(None)

    assert browser.post(ANSWERS, {"MessageSid": uuid4().hex, "From": MOBILE, "Body": "STOP"}).status_code == 404
    assert (
        signed(browser, ANSWERS, {"MessageSid": uuid4().hex, "From": MOBILE, "Body": "STOP"}, key="other").status_code
        == 404
    )
    assert text_number_of(cast.gus.pk) == MOBILE


def test_report_of_the_network_is_in_the_log(cast, service):
    open_account(cast)
    agreed(cast.gus)
    book(cast, at=clock.now() + timedelta(days=3))
    deliver()
    row = Delivery.objects.get(channel="sms")
    address = f"{ANSWERS}{row.promise_id}/"

    assert browser_of(None).post(address, {"MessageStatus": "delivered"}).status_code == 404
    assert signed(browser_of(None), address, {"MessageStatus": "delivered"}).status_code == 204
    row.refresh_from_db()
    assert row.state == "delivered"
    signed(browser_of(None), address, {"MessageStatus": "undelivered", "ErrorCode": "30005"})
    row.refresh_from_db()
    assert (row.state, row.reason_code) == ("bounced", "delivery.text_undelivered")
    assert not Notice.objects.filter(kind="mail_bounced").exists()


def test_key_of_another_organization_signs_nothing_here(cast, service):
    open_account(cast)
    agreed(cast.gus)
    book(cast, at=clock.now() + timedelta(days=3))
    deliver()
    row = Delivery.objects.get(channel="sms")
    with organization_context(organization("south")):
        actions.set_text_account(
            has_texts=True,
            account="AC2",
            token="south",
            sender="South",
            texts_a_day=9,
            by=cast.olga,
            now=clock.now(),
        )
    report, form = f"{ANSWERS}{row.promise_id}/", {"MessageStatus": "undelivered", "ErrorCode": "21610"}
    stop = {"MessageSid": "SM1", "From": MOBILE, "Body": "STOP"}
    at_home = browser_of(None, organization="south")
    for browser, host in ((browser_of(None), "north.test"), (at_home, "south.test")):
        for address, sent in ((report, form), (ANSWERS, stop)):
            made = signature(f"http://{host}{address}", sent, "south")
            browser.post(address, sent, headers={"x-twilio-signature": made})

    row.refresh_from_db()
    assert row.state in ("sent", "delivered") and text_number_of(cast.gus.pk) == MOBILE


def test_report_to_a_former_host_is_taken(cast, service):
    """The address stands in what was sent; the primary host may be another one since."""
    open_account(cast)
    agreed(cast.gus)
    stop = {"MessageSid": "SM1", "From": MOBILE, "Body": "STOP"}
    host = "other.north.test"
    with public_context():
        Domain.objects.create(tenant=organization("north"), domain=host, is_primary=False, verified_at=clock.now())
    made = signature(f"http://{host}{ANSWERS}", stop, "key")
    browser = browser_of(None)
    browser.defaults["HTTP_HOST"] = host

    assert browser.post(ANSWERS, stop, headers={"host": host, "x-twilio-signature": made}).status_code == 200
    assert text_number_of(cast.gus.pk) == ""


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("\u2068STOP\u2069", "stop"),
        ("ST\u200bOP\ufeff", "stop"),
        ("arre\u0302t", "stop"),
        ("🛑 stop 🛑", "stop"),
        ("Don't stop", "help"),
    ],
)
def test_signs_that_nobody_sees_change_no_answer(text, means):
    assert meaning(text) == means


@pytest.mark.parametrize(("read_as", "number"), [("STOP", ""), ("HELP", MOBILE), ("", MOBILE)])
def test_what_the_provider_has_read_as_stop_is_one(cast, service, read_as, number):
    open_account(cast)
    agreed(cast.gus)
    form = {"MessageSid": "SM1", "From": MOBILE, "Body": "basta", "OptOutType": read_as}
    signed(browser_of(None), ANSWERS, form)

    assert text_number_of(cast.gus.pk) == number


def test_old_report_does_not_undo_a_start(cast, service):
    open_account(cast)
    agreed(cast.gus)
    book(cast, at=clock.now() + timedelta(days=3))
    deliver()
    row, browser = Delivery.objects.get(channel="sms"), browser_of(None)
    address, report = f"{ANSWERS}{row.promise_id}/", {"MessageStatus": "undelivered", "ErrorCode": "21610"}
    signed(browser, address, report)
    assert text_number_of(cast.gus.pk) == ""
    signed(browser, ANSWERS, {"MessageSid": "SM1", "From": MOBILE, "Body": "START"})
    signed(browser, address, report)

    assert text_number_of(cast.gus.pk) == MOBILE


def test_code_does_not_follow_a_stop(cast, service):
    open_account(cast)
    actions.give_text_number(number=MOBILE, by=cast.gus, now=clock.now())
    signed(browser_of(None), ANSWERS, {"MessageSid": "SM1", "From": MOBILE, "Body": "STOP"})
    deliver()

    assert list(service) == []
