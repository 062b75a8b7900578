"""A payment sandbox, a mail catcher and a webhook receiver on free ports, in threads of the test process."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import stripe
import uvicorn

from deploy.local.payments.ledger import Ledger
from deploy.local.payments.sandbox import Sandbox
from deploy.local.payments.webhooks import configured_endpoint

SECRET = "whsec_of_the_tests"


@contextmanager
def serving(make: Callable[[str], Any]) -> Iterator[str]:
    """Runs the ASGI application that `make(base_url)` gives, on a free port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(make(base_url), log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    eventually(lambda: server.started)
    yield base_url
    server.should_exit = True
    thread.join(10)


def eventually(holds: Callable[[], Any], seconds: float = 5) -> Any:
    """The first true answer; fails when none comes in time."""
    until = time.monotonic() + seconds
    while not (answer := holds()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)
    return answer


@dataclass
class Receiver:
    """An endpoint for webhooks that keeps what it gets and answers what `statuses` says, then 200."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def events(self, kind: str) -> list[stripe.Event]:
        """The verified events of a type."""
        opened = [stripe.Webhook.construct_event(body, head["stripe-signature"], SECRET) for head, body in self.got]
        return [event for event in opened if event.type == kind]


@pytest.fixture(scope="session")
def _receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hooks"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield receiver
    server.shutdown()


@pytest.fixture(scope="session")
def _sandbox(_receiving: Receiver) -> Iterator[str]:
    endpoints = [configured_endpoint(_receiving.url, SECRET)]
    with serving(lambda url: Sandbox(Ledger(), endpoints, url, first_pause=0.05).application()) as base_url:
        yield base_url


def post(url: str, **form: Any) -> Any:
    """The JSON answer to a form."""
    with urlopen(Request(url, urlencode(form).encode(), method="POST"), timeout=10) as answer:
        return json.load(answer)


def get(url: str) -> Any:
    with urlopen(url, timeout=10) as answer:
        return json.load(answer)


@pytest.fixture
def receiver(_receiving: Receiver) -> Receiver:
    _receiving.got.clear()
    _receiving.statuses.clear()
    return _receiving


@pytest.fixture
def sandbox(_sandbox: str, receiver: Receiver) -> str:
    """The base address of an empty sandbox, once the webhooks of the test before have all arrived."""
    eventually(lambda: not get(f"{_sandbox}/_sandbox/deliveries?state=waiting")["deliveries"])
    post(f"{_sandbox}/_sandbox/reset")
    receiver.got.clear()
    return _sandbox


@pytest.fixture
def client(sandbox: str) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_tests", base_addresses={"api": sandbox}, max_network_retries=0)


@pytest.fixture
def account(client: stripe.StripeClient, sandbox: str) -> str:
    """An onboarded connected account."""
    made = client.v1.accounts.create({"type": "standard", "country": "US", "email": "clinic@example.org"})
    post(f"{sandbox}/_sandbox/accounts/{made.id}/onboard")
    return made.id


@pytest.fixture
def browserless() -> Callable[..., bytes]:
    """Fetches a page, or posts to it, following redirects."""

    def fetch(url: str, body: bytes | None = None) -> bytes:
        with urlopen(url, body, timeout=10) as answer:
            return answer.read()

    return fetch
