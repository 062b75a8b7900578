"""Servers on free ports in threads of the test process, what they got, and asking them."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import stripe
import uvicorn

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


def post(url: str, **form: Any) -> Any:
    """The JSON answer to a form."""
    with urlopen(Request(url, urlencode(form).encode(), method="POST"), timeout=10) as answer:
        return json.load(answer)


def get(url: str) -> Any:
    with urlopen(url, timeout=10) as answer:
        return json.load(answer)
