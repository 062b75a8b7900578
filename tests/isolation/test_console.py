"""Every address of the operator console, asked by people of organizations; and hosts of one organization under another's id."""

import pytest

from tests.factories.web import browser_of
from tests.isolation.addresses import Address, addresses
from tests.isolation.samples import value_for
from tests.isolation.things import things

OPEN = ("operator:sign_in", "operator:code", "operator:recovery", "operator:enrolment", "operator:favicon", "")
SIGN_IN = "/sign-in/"


def console() -> list[Address]:
    return [address for address in addresses("deploy.urls.operator") if address.name not in OPEN]


@pytest.fixture
def value_of(cast):
    things(cast)
    return lambda view, parameter, kind: value_for(cast, view, parameter)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["nobody", "owner"])
def test_console_is_closed_to_people_of_organizations(cast, value_of, who, method):
    browser = browser_of(organization="operator")
    if who == "owner":
        browser.cookies = browser_of(cast.nora).cookies

    seen = {}
    for address in console():
        answer = getattr(browser, method)(address.path(value_of), follow=True)
        if answer.status_code not in (404, 405) and not answer.request["PATH_INFO"].startswith(SIGN_IN):
            seen[address.name] = answer.status_code

    assert seen == {}
    assert len(console()) > 15


def test_console_is_not_on_an_organizations_host(cast, value_of):
    browser = browser_of(cast.nora)

    with_ids = [address for address in console() if address.parameters]
    assert {browser.get(address.path(value_of)).status_code for address in with_ids} == {404}
