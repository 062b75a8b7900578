"""A third organization with a practice in it, served to a real Chromium; dropped afterwards, because its rows are committed."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from socketserver import ThreadingMixIn
from types import SimpleNamespace
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, sync_playwright

from billing.models import Service
from core.kernel import clock
from core.people.models import Assignment, Client, LinkedLogin, StaffMember, User
from core.scheduling.actions import allow_client_cancellations, book_appointment
from deploy.local import browser as chromium
from tenants.context import organization_context
from tenants.models import Organization
from tests.factories.committed import committed_organization

HOST = "harbour.localhost"
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Server(ThreadingMixIn, WSGIServer):
    """The product over HTTP, a thread per request."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """A test's output is for failures."""

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def practice(django_db_setup: None, django_db_blocker: object) -> Iterator[SimpleNamespace]:
    """Harbour Clinic: Tara practises, Pia is served, Gwen is her guardian; three appointments next week."""
    with committed_organization(slug="harbour", host=HOST, blocker=django_db_blocker) as organization:
        made = _people()
        server = Server(("127.0.0.1", 0), Quiet)
        server.set_app(get_wsgi_application())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield SimpleNamespace(organization=organization, url=f"http://{HOST}:{server.server_port}", **made)
        server.shutdown()
        server.server_close()


def _people() -> dict[str, object]:
    def user(name: str) -> User:
        return User.objects.create_user(
            email=f"{name.lower()}@harbour.test", name=f"{name} Harbour", time_zone="Europe/Berlin"
        )

    tara, gwen = user("Tara"), user("Gwen")
    staff = StaffMember.objects.create(user=tara, role="practitioner", title="Speech therapist")
    Service.objects.create(name="Speech therapy", amount=8000, currency="EUR", minutes=45)
    clients = []
    for first, last, zone in (
        ("Pia", "Pohl", "Europe/Berlin"),
        ("Otto", "Okafor", "Europe/London"),
        ("Mei", "Moreau", "Asia/Tokyo"),
    ):
        client = Client.objects.create(first_name=first, last_name=last, time_zone=zone)
        client.permissions = [*client.permissions, "cancel_appointments"]
        client.save()
        Assignment.objects.create(client=client, practitioner=staff)
        clients.append(client)
    LinkedLogin.objects.create(user=gwen, client=clients[0], relationship=LinkedLogin.Relationship.GUARDIAN)
    owner = User.objects.get(email="olive@harbour.test")
    allow_client_cancellations(True, by=owner, now=clock.now())
    monday = _monday()
    for number, client in enumerate(clients):
        starts_at = monday + timedelta(days=number, hours=9 + 2 * number)
        book_appointment(
            practitioner=staff, clients=[client], starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45),
            time_zone="Europe/Berlin", service_name="Speech therapy", by=tara, now=clock.now(),
        )  # fmt: skip
    return {"tara": tara, "gwen": gwen, "owner": owner, "staff": staff, "clients": clients, "monday": monday}


def _monday():
    """Next week's Monday at midnight UTC: always ahead."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())


@pytest.fixture(scope="module")
def chrome(practice: SimpleNamespace) -> Iterator[Browser]:
    """One Chromium for the module, after the practice: its event loop would be in the way of making one."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # because Playwright runs an event loop in this thread
    with sync_playwright() as playwright:
        program = chromium.find() or chromium.fetch()
        launched = playwright.chromium.launch(executable_path=str(program), args=FLAGS.split())
        yield launched
        launched.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_as(chrome: Browser, practice: SimpleNamespace) -> Iterator[Callable[..., Page]]:
    """`open_as(user, path, width=1280)` -> a page; complaints of the console (the policy's too) fail the test."""
    complaints: list[str] = []
    contexts = []

    def opened(
        user: User, path: str, *, width: int = 1280, height: int = 800, zone: str = "Europe/Berlin", **more: object
    ) -> Page:
        context = chrome.new_context(
            viewport={"width": width, "height": height}, timezone_id=zone, reduced_motion="reduce", **more
        )
        contexts.append(context)
        context.add_cookies([{"name": "sid", "value": _session(practice.organization, user), "url": practice.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(practice.url + path, wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()
    # The person's socket needs the ASGI server, which this one is not; a refused form is an answer, which Chromium also writes down.
    assert [text for text in complaints if "/ws/" not in text and "status of 422" not in text] == []


def _session(organization: Organization, user: User) -> str:
    with organization_context(organization):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return session.session_key or ""
