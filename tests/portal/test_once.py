"""Every form is carried out once: a double click, a reload, the back button, two tabs; and a refusal uses nothing up."""

from datetime import timedelta

import pytest
from django.urls import reverse

from billing.models import Invoice, Payment, Refund
from core.kernel import clock, sent_forms
from core.kernel.models import SentForm
from core.people.models import Agent, Client, StaffMember
from core.people.roles import ADMINISTRATOR
from core.scheduling.models import Appointment
from portal import once
from portal.billing.forms import RefundForm
from tests.factories.pages import fields_of
from tests.factories.scheduling import tomorrow
from tests.factories.till import issue

JSON = {"accept": "application/json"}
HTMX = {"hx-request": "true"}
NEW_CLIENT = {"first_name": "Twice", "last_name": "Typed", "time_zone": "Europe/Berlin"}
SAID = "This was sent twice and done once."


@pytest.fixture
def nora(cast, visit):
    return visit(cast.nora)


def filled(browser, address, **typed):
    return {**fields_of(browser.get(address)), **typed}


def people():
    return Client.objects.filter(first_name="Twice").count()


@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["plain", "htmx", "fetch"])
def test_form_sent_twice_is_done_once_and_leads_to_the_first_result(nora, headers):
    address = reverse("people:client_new")
    form = filled(nora, address, **NEW_CLIENT)
    first, second = nora.post(address, form), nora.post(address, form, headers=headers)

    made = reverse("people:client", args=[Client.objects.get(first_name="Twice").pk])
    led_to = {
        "plain": second.headers.get("Location"),
        "htmx": second.headers.get("HX-Redirect"),
        "fetch": second.json()["url"] if headers == JSON else "",
    }
    assert people() == 1
    assert first.headers["Location"] == made in led_to.values()
    assert SAID in (second.json()["message"] if headers == JSON else nora.get(made).content.decode())


def test_same_content_from_two_tabs_is_done_once(nora):
    address = reverse("people:client_new")
    tabs = [filled(nora, address, **NEW_CLIENT) for _ in range(2)]
    first, second = (nora.post(address, tab) for tab in tabs)

    assert tabs[0][once.FIELD] != tabs[1][once.FIELD]
    assert people() == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_two_tabs_with_different_people_make_two(nora):
    address = reverse("people:client_new")
    tabs = [filled(nora, address, **NEW_CLIENT | {"last_name": name}) for name in ("One", "Two")]
    for tab in tabs:
        nora.post(address, tab)

    assert people() == 2


def test_new_page_after_the_first_result_makes_another_one(nora):
    address = reverse("people:client_new")
    for _ in range(2):
        nora.post(address, filled(nora, address, **NEW_CLIENT))

    assert people() == 2


def test_going_back_and_changing_the_form_asks_and_loses_nothing(nora):
    address = reverse("people:client_new")
    form = filled(nora, address, **NEW_CLIENT)
    nora.post(address, form)
    changed = nora.post(address, form | {"last_name": "Sibling"})

    made = Client.objects.get(first_name="Twice")
    page = changed.content.decode()
    assert (changed.status_code, people()) == (422, 1)
    assert "This form was sent before" in page
    assert f'href="{reverse("people:client", args=[made.pk])}"' in page
    assert fields_of(changed)["last_name"] == ["Sibling"]

    nora.post(address, fields_of(changed))
    assert people() == 2


def test_refused_form_is_not_used_up(nora):
    address = reverse("people:client_new")
    form = filled(nora, address, **NEW_CLIENT)
    assert nora.post(address, form | {"time_zone": ""}).status_code == 422
    assert nora.post(address, form).status_code == 302
    assert people() == 1


def test_another_person_with_the_same_key_does_their_own(cast, nora, visit):
    address = reverse("people:client_new")
    form = filled(nora, address, **NEW_CLIENT)
    nora.post(address, form)
    StaffMember.objects.filter(user=cast.sam).update(role=ADMINISTRATOR.code)
    visit(cast.sam).post(address, form)

    assert people() == 2


def test_script_that_repeats_its_request_is_done_once(nora):
    address = reverse("people:client_new")
    form = filled(nora, address, **NEW_CLIENT) | {once.FIELD: ""}
    for _ in range(2):
        nora.post(address, form, headers={"idempotency-key": "the-same"})

    assert people() == 1


def test_one_who_waits_too_long_is_told_to_look_first(nora, monkeypatch):
    address = reverse("people:client_new")
    form = filled(nora, address, **NEW_CLIENT)
    monkeypatch.setattr(sent_forms, "WAIT", 0)
    monkeypatch.setattr(sent_forms, "_try", lambda number: False)
    answer = nora.post(address, form)

    assert answer.status_code == 409
    assert "Look whether it is there before you try again" in answer.content.decode()
    assert people() == 0


def test_old_rows_are_forgotten_at_night(nora):
    address = reverse("people:client_new")
    nora.post(address, filled(nora, address, **NEW_CLIENT))
    sent_forms.forget_old(now=clock.now() + timedelta(days=29))
    assert SentForm.objects.count() == 1
    sent_forms.forget_old(now=clock.now() + timedelta(days=31))
    assert SentForm.objects.count() == 0


def sent_twice(browser, address, **typed):
    form = filled(browser, address, **typed)
    answers = [browser.post(address, form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_staff_member_and_agent_are_invited_once(nora):
    person = {"name": "Twice Typed", "time_zone": "Europe/Berlin"}
    sent_twice(nora, reverse("people:staff_new"), **person, email="t1@north.test", role="practitioner")
    sent_twice(nora, reverse("people:agent_new"), **person, email="t2@north.test")

    assert StaffMember.objects.filter(user__name="Twice Typed").count() == 1
    assert Agent.objects.filter(user__name="Twice Typed").count() == 1


def test_appointment_is_booked_once(cast, visit):
    at = tomorrow(10)
    form = {
        "clients": [str(cast.cleo.pk)], "practitioner": str(cast.tess_staff.pk), "date": at.date(), "time": "10:00", "minutes": "45",
        "time_zone": "Europe/Berlin", "service_name": "Speech therapy", "mode": "online",
    }  # fmt: skip
    sent_twice(visit(cast.tess), reverse("scheduling:new"), **form)

    assert Appointment.objects.count() == 1


def test_money_is_noted_given_back_and_billed_once(till, visit):
    nora = visit(till.nora)
    invoice = issue(till)
    sent_twice(nora, reverse("billing:invoice-payment", args=[invoice.pk]), price="30.00", means="cash")
    assert Payment.objects.count() == 1

    payment = Payment.objects.get()
    refund = {"payment": str(payment.pk), "price": "10.00", "reason": "Too much", "claim": RefundForm.STILL_DUE}
    sent_twice(nora, reverse("billing:invoice-refund", args=[invoice.pk]), **refund)
    assert Refund.objects.count() == 1

    before = Invoice.objects.count()
    bill = {"client": str(till.cora.pk), "description": "Assessment", "price": "50"}
    sent_twice(nora, reverse("billing:invoice-new"), **bill)
    assert Invoice.objects.count() == before + 1
