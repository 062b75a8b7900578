"""Many people who want the same thing in the same moment, each on a connection of their own, at the real server."""

import json
import re
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

import psycopg

from .house import House

PATIENCE = 300  # seconds; two hundred at once take turns on two busy cores
HELD = 1.5  # seconds for which inserts wait, so that all have looked whether the time is free

SIGNED_IN = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from core.people.models import User
from core.people.sessions import SessionStore
answer = []
for user in User.objects.filter({who}).order_by("pk"):
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    answer.append((str(user.pk), f"{{settings.SESSION_COOKIE_NAME}}={{session.session_key}}; {{settings.CSRF_COOKIE_NAME}}={{'c' * 32}}"))
"""


@dataclass(frozen=True)
class Answer:
    """What one of them read: the status, and the sentence."""

    status: int
    sentence: str


@dataclass(frozen=True)
class Crowd:
    """The owner of one organization, on as many connections as are wanted."""

    house: House
    slug: str
    cookies: str

    @classmethod
    def of(cls, house: House, slug: str) -> "Crowd":
        [(_pk, cookies)] = signed_in(house, slug, 'staff_member__role="owner"')
        return cls(house, slug, cookies)

    @property
    def nobody(self) -> str:
        """The cookies of a visitor who was never here."""
        return self.cookies.partition("; ")[2]

    def logins(self, who: str) -> dict[str, str]:
        """The cookies of these logins, by their ids; `who` as a filter says it."""
        return dict(signed_in(self.house, self.slug, who))

    def send(
        self, path: str, values: object, *, accept: str = "application/json", cookies: str = "", address: str = ""
    ) -> tuple[int, str]:
        """One POST, of the owner or with these cookies; returns the status and the body."""
        connection = HTTPConnection("127.0.0.1", self.house.ports.web, timeout=PATIENCE)
        host = f"{self.slug}.localhost:{self.house.ports.web}"
        headers = {
            "Host": host,
            "Cookie": cookies or self.cookies,
            **({"X-Forwarded-For": address} if address else {}),
            "X-CSRFToken": "c" * 32,
            "Accept": accept,
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://{host}",
        }
        connection.request("POST", path, urlencode(values, doseq=True), headers)  # type: ignore[arg-type]
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
        connection.close()
        return answer.status, body

    def at_once(
        self,
        requests: Sequence[tuple[str, object]],
        *,
        barrier: bool,
        table: str = "scheduling_appointment",
        cookies: Sequence[str] = (),
        accept: str = "application/json",
    ) -> list[Answer]:
        """All of them in the same moment; behind a `barrier` nothing is written into `table` before everybody is there.

        `cookies`: whose each of them is, where it is not the owner's. Each comes from an address of its own.
        """
        start = threading.Barrier(len(requests) + 1, timeout=PATIENCE)

        def one(number: int) -> Answer:
            start.wait()
            own = cookies[number] if cookies else ""
            status, body = self.send(
                *requests[number], accept=accept, cookies=own, address=f"10.0.{number // 250}.{number % 250}"
            )
            return Answer(status, _sentence_in(body))

        with ThreadPoolExecutor(len(requests)) as people:
            coming = [people.submit(one, number) for number in range(len(requests))]
            try:
                with self.held(table) if barrier else self.free():
                    start.wait()
                    if barrier:
                        time.sleep(HELD)
            except BaseException:
                start.abort()  # else the others wait for a start that does not come
                raise
            return [each.result() for each in coming]

    @contextmanager
    def held(self, table: str) -> Iterator[None]:
        """Nobody writes a row of it meanwhile."""
        schema = self.house.inside(self.slug, "from tenants import context; answer = context.current().schema")
        with psycopg.connect(self.house.environment["DATABASE_URL"]) as connection:
            connection.execute(f'SET ROLE "{schema}"'.encode())  # an organization's rows are its own role's
            connection.execute(f'LOCK TABLE "{schema}".{table} IN SHARE MODE'.encode())
            yield

    @contextmanager
    def free(self) -> Iterator[None]:
        yield

    def troubles(self) -> list[str]:
        """What the programs and the database have said of deadlocks and errors of ours."""
        logs = [*(self.house.var / "log").glob("*.log"), *self.house.var.glob("postgres/**/*.log")]
        lines = [line for log in logs for line in log.read_text(errors="replace").splitlines()]
        return [line for line in lines if "deadlock detected" in line or "Traceback" in line]


def signed_in(house: House, slug: str, who: str) -> list[tuple[str, str]]:
    found = house.inside(slug, SIGNED_IN.format(who=who))
    assert isinstance(found, list)
    return [(str(pk), str(cookies)) for pk, cookies in found]


def _sentence_in(body: str) -> str:
    """What a script reads of the answer, or a person first on the page."""
    try:
        return str(json.loads(body).get("message", ""))
    except ValueError:
        found = re.search(r'class="alert[^"]*".*?>\s*([^<>]*\w[^<>]*)<', body, re.DOTALL)
        return found.group(1).strip() if found else ""
