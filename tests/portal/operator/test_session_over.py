"""What an operator typed when their session had ended is there again after signing in: for the same operator alone."""

import time
from datetime import timedelta

import pytest
from django.test import Client as Browser

from tenants import context
from tenants.models import Organization
from tenants.operators import one_time_codes
from tenants.operators.models import KeptForm, OperatorSession
from tenants.operators.tasks import start_measuring
from tests.factories.operators import PASSWORD, SECRET
from tests.factories.pages import fields_of
from tests.factories.web import HOSTS

REASON = "They have not paid since June, and asked for it themselves. " * 8


@pytest.fixture
def address(north):
    return f"/organizations/{north.pk}/suspension/"


@pytest.fixture
def ended(console, address):
    """The answer to a form that was sent after the session had ended."""
    form = fields_of(console.get(address)) | {"reason": REASON}
    with context.public_context():
        OperatorSession.objects.all().delete()
    return console.post(address, form)


def sign_in_again(browser, opal, location):
    code = browser.post(location, {"email": opal.email, "password": PASSWORD}).headers["Location"]
    with context.public_context():
        type(opal).objects.update(last_counter=0)
    return browser.post(code, {"code": one_time_codes.current_code(SECRET, time.time())}).headers["Location"]


def state(north):
    with context.public_context():
        return Organization.objects.get(pk=north.pk).state


def test_text_is_there_after_signing_in_and_can_be_sent(console, opal, north, address, ended):
    assert ended.status_code == 302 and ended.headers["Location"].startswith("/sign-in/?next=")
    assert "What you typed is kept" in console.get(ended.headers["Location"]).content.decode()
    back = sign_in_again(console, opal, ended.headers["Location"])
    page = console.get(back)

    assert back.startswith(f"{address}?kept=")
    assert "What you typed is here again" in page.content.decode()
    assert fields_of(page)["reason"] == [REASON]
    assert state(north) == "active"
    assert console.post(back, fields_of(page)).status_code == 302
    assert state(north) == "suspended"
    with context.public_context():
        assert not KeptForm.objects.exists()


def test_nobody_else_reads_it(console, opal, address, ended):
    back = sign_in_again(console, opal, ended.headers["Location"])
    with context.public_context():
        KeptForm.objects.update(owner="somebody else")

    assert REASON not in console.get(back).content.decode()


def test_nothing_is_kept_of_a_form_that_no_page_of_ours_has_written(stranger, opal, address):
    answer = stranger.post(address, {"reason": REASON, "form_owner": "forged"})

    assert answer.headers["Location"] == "/sign-in/"
    with context.public_context():
        assert not KeptForm.objects.exists()


def test_text_is_encrypted_and_goes_by_itself(console, ended, moved_clock):
    with context.public_context():
        assert "June" not in KeptForm.objects.get().encrypted_text
    moved_clock(timedelta(days=1, minutes=1))
    start_measuring()

    with context.public_context():
        assert not KeptForm.objects.exists()


def test_few_forms_of_one_operator_are_kept(console, opal, north, address):
    form = fields_of(console.get(address))
    with context.public_context():
        OperatorSession.objects.all().delete()
    for number in range(5):
        console.post(address, form | {"reason": f"Reason {number}"})

    with context.public_context():
        assert KeptForm.objects.count() == 3


def test_change_that_another_operator_made_meanwhile_is_seen(console, opal, north):
    address = f"/organizations/{north.pk}/plan/"
    form = fields_of(console.get(address)) | {"plan": north.plan_id, "reason": "Asked for"}
    with context.public_context():
        OperatorSession.objects.all().delete()
    answer = console.post(address, form)
    with context.public_context():
        Organization.objects.filter(pk=north.pk).update(plan_id="free" if north.plan_id != "free" else "practice")
    back = sign_in_again(console, opal, answer.headers["Location"])

    refused = console.post(back, fields_of(console.get(back)))
    assert "Somebody has changed this organization meanwhile" in refused.content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test/", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(opal, elsewhere):
    browser = Browser(headers={"host": HOSTS["operator"]})

    assert sign_in_again(browser, opal, f"/sign-in/?next={elsewhere}") == "/organizations/"


def test_new_organization_that_was_typed_is_there_again(console, opal):
    form = fields_of(console.get("/organizations/new/")) | {"name": "Ärztehaus 漢字", "host": "new.example.org"}
    with context.public_context():
        OperatorSession.objects.all().delete()
    back = sign_in_again(console, opal, console.post("/organizations/new/", form).headers["Location"])

    assert fields_of(console.get(back))["name"] == ["Ärztehaus 漢字"]
