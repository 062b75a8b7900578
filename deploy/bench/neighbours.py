"""Two organizations in one web process: what one's crowd does to the other's pages, and two hundred people at one slot."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from deploy.bench.results import Results
    from tenants.models import Organization

READERS = 20
CROWD = 200
ASKED = 200


def measure(results: Results, quiet: tuple[str, Organization], busy: tuple[str, Organization]) -> None:
    """`neighbour_p95`: the quiet organization's 95th percentile beside twenty readers of the busy one, to the one alone. Then the slot."""
    with web_process() as port:
        asking = Browser(port, quiet[0], sign_in(quiet[1]))
        reading = [Browser(port, busy[0], sign_in(busy[1])) for _ in range(READERS)]
        for one in (asking, *reading):
            assert one.get("/dashboard/") == 200
        alone = p95(asking)
        with at_work(reading):
            beside = p95(asking)
        note = f"{beside:.0f} ms beside {READERS} readers, {alone:.0f} ms alone; p95 of {ASKED}"
        results.note("neighbour_p95", beside / alone, "times", note=note)
        seconds, answers = one_slot(port, *quiet)
        results.note(
            "one_slot_p99_s", statistics.quantiles(seconds, n=100)[98], "s", note=f"{CROWD} at once: {answers}"
        )


class Browser:
    """One signed-in person on one connection."""

    def __init__(self, port: int, host: str, cookies: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Host": f"{host}:{port}", "Cookie": cookies}

    def get(self, path: str) -> int:
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status

    def post(self, path: str, values: dict[str, str], **headers: str) -> int:
        body = urlencode(values)
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        self.connection.request("POST", path, body, headers={**self.headers, **kind, **headers})
        answer = self.connection.getresponse()
        answer.read()
        return answer.status


@contextmanager
def web_process() -> Iterator[int]:
    """uvicorn as production starts it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "uvicorn", "deploy.asgi:application", "--port", str(port)]
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_OWNER", "DATABASE_SUPER"))
    }
    program = subprocess.Popen([*command, "--log-level", "warning"], env={**environment, "PUBLIC_PORT": str(port)})
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        program.terminate()
        program.wait(20)


def sign_in(organization: Organization) -> str:
    """Cookies of the owner's session."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from core.people.models import User
    from core.people.sessions import SessionStore
    from tenants.context import organization_context

    with organization_context(organization):
        owner = User.objects.get(staff_member__role="owner")
        session = SessionStore()
        session[SESSION_KEY] = str(owner.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = owner.get_session_auth_hash()
        session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={'c' * 32}"


def p95(browser: Browser) -> float:
    """In milliseconds; a person who asks again a moment after each answer."""
    spent = []
    for _ in range(ASKED):
        started = time.perf_counter()
        assert browser.get("/dashboard/") == 200
        spent.append((time.perf_counter() - started) * 1000)
        time.sleep(0.02)
    return statistics.quantiles(spent, n=20)[-1]


@contextmanager
def at_work(readers: list[Browser]) -> Iterator[None]:
    """Readers who ask again as soon as they are answered."""
    stop = threading.Event()

    def read(browser: Browser) -> None:
        while not stop.is_set():
            browser.get("/dashboard/")

    with ThreadPoolExecutor(len(readers)) as pool:
        for reader in readers:
            pool.submit(read, reader)
        time.sleep(1)
        try:
            yield
        finally:
            stop.set()


def one_slot(port: int, host: str, organization: Organization) -> tuple[list[float], dict[int, int]]:
    """How long each of the crowd waited, and how many got which answer."""
    from django.urls import reverse

    from core.kernel import clock
    from core.people.models import Client, StaffMember
    from tenants.context import organization_context

    cookies = sign_in(organization)
    with organization_context(organization):
        practitioner = StaffMember.objects.filter(role="owner").values_list("pk", flat=True)[0]
        clients = Client.objects.bulk_create([Client(first_name=f"C{n}", time_zone="UTC") for n in range(CROWD)])
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    values = {
        "practitioner": str(practitioner),
        "date": day,
        "time": "10:00",
        "minutes": "50",
        "time_zone": "UTC",
        "mode": "online",
        "service_name": "Session",
    }
    path = reverse("scheduling:new")
    start = threading.Barrier(CROWD)

    def book(client: Client) -> tuple[float, int]:
        browser = Browser(port, host, cookies)
        browser.connection.connect()
        start.wait()
        began = time.perf_counter()
        fields = {**values, "clients": str(client.pk), "csrfmiddlewaretoken": "c" * 32}
        status = browser.post(path, fields)
        return time.perf_counter() - began, status

    with ThreadPoolExecutor(CROWD) as pool:
        found = list(pool.map(book, clients))
    return [seconds for seconds, _ in found], dict(Counter(status for _, status in found))
