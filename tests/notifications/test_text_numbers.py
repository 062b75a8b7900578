"""Whose mobile number it is: typed, confirmed by a code, and how often one can be asked for."""

from datetime import timedelta

import pytest

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.notifications.channels import channels_of, text_number_of
from core.notifications.messages import Channel, Topic
from core.notifications.models import TextNumber
from core.notifications.phone_numbers import mobile_number
from core.people import actions
from tests.factories.text_service import LAND_LINE, MOBILE, agreed, open_account
from tests.factories.web import browser_of
from tests.notifications.texts import ANSWERS, deliver, signed

PAGE = "/profile/notifications/"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0151 23456789", MOBILE), ("+49 (151) 234-567 89", MOBILE), ("+1 201 555 0123", "+12015550123")],
)
def test_numbers_are_kept_in_one_form(cast, typed, kept):
    assert mobile_number(typed) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [(LAND_LINE, "land line"), ("12", "no such number"), ("hello 👋", "country code"), ("+4908001234567", "number")],
)
def test_what_takes_no_text_messages_is_refused_with_a_sentence(cast, typed, said):
    with pytest.raises(DomainError, match=said):
        mobile_number(typed)


def test_number_counts_from_the_code_on(cast, service):
    open_account(cast)
    browser = browser_of(cast.gus)
    page = browser.post(f"{PAGE}number/", {"number": LAND_LINE, "agrees": "on"})
    assert page.status_code == 422 and "land line" in page.content.decode()
    assert browser.post(f"{PAGE}number/", {"number": "0151 23456789"}).status_code == 422  # does not agree
    browser.post(f"{PAGE}number/", {"number": "0151 23456789", "agrees": "on"})
    deliver()
    assert Channel.SMS not in channels_of(cast.gus.pk, Topic.REMINDERS)

    code = service[0].body[:6]
    assert service[0].to == MOBILE and "North Practice" in service[0].body
    assert browser.post(f"{PAGE}number/code/", {"code": "000000" if code != "000000" else "1"}).status_code == 422
    browser.post(f"{PAGE}number/code/", {"code": f"{code[:3]} {code[3:]}"})

    row = TextNumber.objects.get(user_id=cast.gus.pk)
    assert row.number == MOBILE and abs(row.agreed_at - clock.now()) < timedelta(minutes=1)
    assert Channel.SMS in channels_of(cast.gus.pk, Topic.REMINDERS)
    browser.post(f"{PAGE}number/removal/")
    assert not TextNumber.objects.exists()


def test_late_code_is_refused(cast, service):
    open_account(cast)
    actions.give_text_number(number=MOBILE, by=cast.gus, now=clock.now())
    with pytest.raises(DomainError, match="run out"):
        actions.confirm_text_number(code="1", by=cast.gus, now=clock.now() + timedelta(minutes=16))


def test_wrong_codes_are_counted_although_the_form_is_refused(cast, service):
    open_account(cast)
    actions.give_text_number(number=MOBILE, by=cast.gus, now=clock.now())
    deliver()
    code, browser = service[0].body[:6], browser_of(cast.gus)
    wrong = "000001" if code == "000000" else "000000"
    for _ in range(5):
        assert browser.post(f"{PAGE}number/code/", {"code": wrong}).status_code == 422

    page = browser.post(f"{PAGE}number/code/", {"code": code})
    assert page.status_code == 422 and "mistyped too often" in page.content.decode()
    assert text_number_of(cast.gus.pk) == ""


def test_nobodys_telephone_is_filled_with_codes(cast, service):
    open_account(cast)
    people = [cast.gus, cast.tess]
    with pytest.raises(DomainError, match="too many"):
        for number in range(6):
            actions.give_text_number(number=MOBILE, by=people[number % 2], now=clock.now())


def test_number_in_use_stays_until_the_new_one_is_confirmed(cast, service):
    open_account(cast)
    agreed(cast.gus)
    actions.give_text_number(number="+4915123456780", by=cast.gus, now=clock.now())
    assert text_number_of(cast.gus.pk) == MOBILE
    deliver()
    actions.confirm_text_number(code=service[0].body[:6], by=cast.gus, now=clock.now())
    assert text_number_of(cast.gus.pk) == "+4915123456780"


def test_audit_log_keeps_no_number(cast, service):
    open_account(cast)
    agreed(cast.gus)
    for sid, body in (("SM1", "STOP"), ("SM2", "START")):
        signed(browser_of(None), ANSWERS, {"MessageSid": sid, "From": MOBILE, "Body": body})
    signed(browser_of(None), ANSWERS, {"MessageSid": "SM3", "From": "+4915100000001", "Body": "STOP"})

    events = AuditEvent.objects.filter(action__in=["texts.stopped", "texts.started"]).order_by("at")
    assert [each.subject_id for each in events] == [str(cast.gus.pk), str(cast.gus.pk), ""]
    assert not any("+49" in each.subject_label + each.subject_id for each in events)


def test_one_login_gets_ten_codes_a_day(cast, service):
    open_account(cast)
    now = clock.now()
    for hour in range(10):
        number = f"+491512345678{hour % 3}"
        actions.give_text_number(number=number, by=cast.gus, now=now + timedelta(hours=2 * hour))
    with pytest.raises(DomainError, match="too many"):
        actions.give_text_number(number=MOBILE, by=cast.gus, now=now + timedelta(hours=21))
    actions.give_text_number(number=MOBILE, by=cast.gus, now=now + timedelta(hours=25))
