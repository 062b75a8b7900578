"""Browsers without a screen: Django's test client on an organization's host."""

from django.http import HttpResponse
from django.test import Client as Browser

from tenants.context import organization_context
from tests.database import organization as find

HOSTS = {"north": "north.test", "south": "south.test", "operator": "console.test"}
PASSWORD = "correct horse battery"  # of everybody in the cast


def browser_of(user: object | None = None, *, organization: str = "north", **extra: str) -> Browser:
    """Return a client on the host of `organization`, signed in as `user` (who must belong to it) if given."""
    browser = Browser(headers={"host": HOSTS[organization]}, **extra)
    if user is not None:
        with organization_context(find(organization)):
            browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def sign_in(browser: Browser, email: str = "tess@north.test", password: str = PASSWORD, **more: str) -> HttpResponse:
    """Send the form of the sign-in page."""
    return browser.post("/account/login/", {"login": email, "password": password, **more})
