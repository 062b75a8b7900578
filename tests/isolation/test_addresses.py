"""Every address of an organization's host, asked by people who have no business there: by nobody, and by somebody of another organization.

Nobody and Olga's cookie on north's host: a sign-in page or nothing. Olga at home with the ids of things that only north has: nothing.
"""

from functools import cache

import pytest

from tests.factories.web import browser_of
from tests.isolation.addresses import Address, addresses
from tests.isolation.samples import FALLBACKS, SAMPLES

# What an organization shows to everybody: its brand, its public pages, and the way in.
PUBLIC = (
    "brand:", "wagtail_serve", "account_login", "account_reset", "account_request_login_code", "account_confirm_login_code",
    "account_signup", "account_inactive", "account_logout", "account_email_verification_sent",
    "mfa_login_webauthn", "mfa_signup_webauthn", "invitation", "password", "sign_in", "certificate", "dns", "health", "webhook", "legal", "help",
)  # fmt: skip
NOTHING = {404, 405, 410}
SIGN_IN = ("/account/login/", "/account/reauthenticate/", "/account/2fa/reauthenticate/")


@pytest.fixture
def value_of(cast):
    """The value of a parameter: of a thing that only north has, made once per test."""
    made = cache(lambda make: make(cast))

    def value(view: str, parameter: str, kind: str):
        make = SAMPLES.get(f"{view}.{parameter}") or SAMPLES.get(parameter)
        return made(make) if make else FALLBACKS.get(kind, FALLBACKS["str"])()

    return value


def everything() -> list[Address]:
    return addresses("deploy.urls.tenant")


def is_public(address: Address) -> bool:
    return address.name.startswith(PUBLIC) or not address.name


def refused(answer) -> bool:
    """Nothing, or a way that ends at the sign-in, which asks those who are signed in for their password again."""
    return answer.status_code in NOTHING or answer.request["PATH_INFO"].startswith(SIGN_IN)


def ask(browser, path, method):
    """Ask, and follow where the answer leads."""
    browser.raise_request_exception = False
    return getattr(browser, method)(path, follow=True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_sees_nothing(cast, value_of, method):
    browser = browser_of()

    seen = {
        address.name: answer.status_code
        for address in everything()
        if not is_public(address) and not refused(answer := ask(browser, address.path(value_of), method))
    }

    assert seen == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_cookie_of_another_organization_opens_nothing(cast, value_of, method):
    browser = browser_of()
    browser.cookies = browser_of(cast.olga, organization="south").cookies

    seen = {
        address.name: answer.status_code
        for address in everything()
        if not is_public(address) and not refused(answer := ask(browser, address.path(value_of), method))
    }

    assert seen == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_things_of_another_organization_are_nowhere_at_home(cast, value_of, method):
    browser = browser_of(cast.olga, organization="south")

    seen = {}
    for address in everything():
        if not address.parameters or is_public(address):
            continue
        answer = ask(browser, address.path(value_of), method)
        led_away = method == "get" and answer.redirect_chain and answer.request["PATH_INFO"].count("/") < 4
        if not refused(answer) and not led_away:  # an address for acts only sends readers back to its list
            seen[address.name] = answer.status_code

    assert seen == {}


def test_public_pages_never_fail(cast, value_of):
    browser = browser_of()

    broken = {
        address.name: answer.status_code
        for address in everything()
        if is_public(address) and (answer := ask(browser, address.path(value_of), "get")).status_code >= 500
    }

    assert broken == {}


def test_sweep_sees_the_whole_configuration():
    names = {address.name for address in everything()}

    assert len(names) > 20
    assert {"account_login", "account_logout", "mfa_index"} <= names
