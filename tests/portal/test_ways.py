"""Every page that a role may open is reached by links for that role, from the page after signing in."""

import re
from html import unescape

import pytest
from django.urls import resolve

from core.people.models import StaffMember, User
from tests.factories.web import browser_of
from tests.isolation.addresses import addresses
from tests.isolation.samples import value_for

LINK = re.compile(r'\b(?:href|hx-get|src|data-url)="(/[^"#]*)')
# Pages that no link leads to, and why.
BY_ANOTHER_WAY = {
    "account_inactive", "account_login", "account_request_login_code", "account_confirm_login_code", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done", "account_signup",
    "mfa_authenticate", "mfa_login_webauthn", "invitation", "invitation_again",  # before signing in
    "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_set_password",  # where they are needed
    "account_logout",  # by a button
    "mfa_list_webauthn", "mfa_generate_recovery_codes",  # once there is a passkey, or a second factor
    "agreements",  # once something is asked of them, or they have answered
    "billing:reminders",  # once something is overdue
    "scheduling:new_series",  # by a button of the booking form
    "scheduling:calendar_choice",  # by the legend of the calendar
    "scheduling:session_details",  # by its tab in a live session
    "questionnaires:waiting",  # at the door of a live session
}  # fmt: skip
MOST_PAGES = 600


@pytest.fixture
def cast(cast_with_things):
    return cast_with_things


@pytest.fixture
def value_of(cast):
    return lambda view, parameter, kind: value_for(cast, view, parameter)


def person(cast, role):
    if role in ("guardian", "agent"):
        return {"guardian": cast.gus, "agent": cast.ada}[role]
    if role in ("owner", "practitioner"):
        return {"owner": cast.nora, "practitioner": cast.tess}[role]
    login = User.objects.create_user(email=f"{role}@north.test", name=role.title(), time_zone="Europe/Berlin")
    StaffMember.objects.create(user=login, role=role)
    return login


def name_of(path):
    return resolve(path.partition("?")[0], "deploy.urls.tenant").view_name


def linked(browser, wanted):
    """The names of the views that links lead to, until all that are wanted are among them.

    Of each view three pages are read, because their links differ by what they are about.
    """
    found, waiting, read = set(), ["/dashboard/"], {}
    while waiting and wanted - found and sum(read.values()) < MOST_PAGES:
        path = waiting.pop(0)
        name = name_of(path)
        if read.get(name, 0) >= 3:
            continue
        read[name] = read.get(name, 0) + 1
        answer = browser.get(path, follow=True)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        found.add(name)
        for text in LINK.findall(answer.content.decode()):
            link = unescape(text)
            try:
                found.add(name_of(link))
            except Exception:  # noqa: BLE001 because a file is no page
                continue
            if not link.startswith(("/static/", "/account/logout")):
                waiting.append(link)
    return found


@pytest.mark.parametrize("role", ["owner", "administrator", "staff", "practitioner", "guardian", "agent"])
def test_every_page_that_a_role_may_open_is_linked_for_it(cast, value_of, role):
    browser = browser_of(person(cast, role))
    browser.raise_request_exception = False

    may_open = set()
    for address in addresses("deploy.urls.tenant"):
        if address.parameters or not address.name or address.name in BY_ANOTHER_WAY:
            continue
        answer = browser.get(address.path(value_of))
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html") and b"<html" in answer.content:
            may_open.add(address.name)

    assert may_open - linked(browser, may_open) == set()


@pytest.mark.parametrize(
    ("role", "first"),
    [("administrator", "/settings/hosts/"), ("staff", "/settings/booking/"), ("owner", "/settings/")],
)
def test_settings_lead_to_the_first_page_that_one_may_open(cast, role, first):
    browser = browser_of(person(cast, role))
    entries = {entry["label"]: entry["url"] for entry in browser.get("/dashboard/").context["navigation"]}

    assert entries["Settings"] == first
    assert browser.get(first).status_code == 200


@pytest.mark.parametrize("who", ["tess", "gus", "ada"])
def test_who_may_open_none_has_no_settings(cast, who):
    entries = browser_of(getattr(cast, who)).get("/dashboard/").context["navigation"]

    assert "Settings" not in [entry["label"] for entry in entries]
