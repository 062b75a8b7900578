"""Browsers without a screen: Django's test client on an organization's host."""

from django.test import Client as Browser

from tenants.context import organization_context
from tests.database import organization as find

HOSTS = {"north": "north.test", "south": "south.test", "operator": "console.test"}


def browser_of(user: object | None = None, *, organization: str = "north", **extra: str) -> Browser:
    """Return a client on the host of `organization`, signed in as `user` (who must belong to it) if given."""
    browser = Browser(headers={"host": HOSTS[organization]}, **extra)
    if user is not None:
        with organization_context(find(organization)):
            browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser
