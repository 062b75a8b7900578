"""A payment sandbox, a mail catcher and a webhook receiver on free ports, in threads of the test process."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import pytest
import stripe

from deploy.local.payments.ledger import Ledger
from deploy.local.payments.sandbox import Sandbox
from deploy.local.payments.webhooks import configured_endpoint
from tests.local.serving import SECRET, Receiver, eventually, get, post, serving


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
