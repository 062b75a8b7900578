"""The same form from several connections in the same moment: real threads, real transactions."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client as Browser
from django.urls import reverse

from core.people import actions
from core.people.models import Client, User
from tenants.context import organization_context
from tests.factories.committed import committed_organization
from tests.factories.pages import fields_of

HOST = "twice.test"
HELD = 0.5  # seconds that the act takes, so that the others arrive meanwhile
pytestmark = pytest.mark.slow


@pytest.fixture
def olive(django_db_setup, django_db_blocker, monkeypatch):
    """Signed in on a host whose rows are committed; adding a client takes a while."""

    add = actions.add_client

    def add_slowly(**values):
        made = add(**values)
        time.sleep(HELD)
        return made

    monkeypatch.setattr(actions, "add_client", add_slowly)
    with committed_organization(slug="twice", host=HOST, blocker=django_db_blocker) as organization:
        browser = Browser(headers={"host": HOST})
        backend = "allauth.account.auth_backends.AuthenticationBackend"
        browser.force_login(User.objects.get(email="olive@twice.test"), backend=backend)
        browser.organization = organization
        yield browser


def sent_at_once(browser, address, forms):
    """The answers to all of them, each from a connection of its own."""
    start = threading.Barrier(len(forms), timeout=30)

    def send(form):
        own = Browser(headers={"host": HOST})
        own.cookies = browser.cookies
        try:
            start.wait()
            return own.post(address, form)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(send, forms))


@pytest.mark.parametrize("tabs", [1, 2])
def test_form_sent_by_several_at_once_is_done_once(olive, tabs):
    address = reverse("people:client_new")
    typed = {"first_name": "Twice", "time_zone": "Europe/Berlin"}
    pages = [{**fields_of(olive.get(address)), **typed} for _ in range(tabs)]
    answers = sent_at_once(olive, address, [pages[n % tabs] for n in range(4)])

    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer.headers["Location"] for answer in answers}) == 1
    with organization_context(olive.organization):
        assert Client.objects.filter(first_name="Twice").count() == 1
