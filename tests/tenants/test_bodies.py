"""A body is refused before it is read: by the real server, from headers and in pieces, whoever asks and whatever they claim."""

import asyncio
import socket
import threading
import time
from base64 import b64encode
from contextlib import suppress

import pytest
import uvicorn
from django.conf import settings
from django.db import OperationalError
from django.forms import FileField
from django.urls import get_resolver

from branding.images import MOST_BYTES
from portal.files.fields import FilesField
from portal.settings.studio import StudioView
from portal.settings.studio_forms import LookForm
from tenants import bodies, hosts
from tenants.bodies import ANONYMOUS_BYTES, SIGNED_IN_BYTES, BoundedBodies

MEGABYTE = 1024 * 1024


class Pages:
    """Stands in for Django: reads everything, as it does, and says how much it was."""

    def __init__(self):
        self.taken = None

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return
        taken, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.taken = "gone"
                return
            taken += len(message.get("body", b""))
            more = message.get("more_body", False)
        self.taken = taken
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def served(north):
    """The pages behind the real server: `(port, pages)`. North and South stand in the database that its threads see, too."""
    pages = Pages()
    server = uvicorn.Server(uvicorn.Config(BoundedBodies(pages), port=0, lifespan="off", log_level="warning"))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield listening.getsockname()[1], pages
    server.should_exit = True
    thread.join(10)


def send(port, head, pieces=()):
    """Send a head, then pieces for as long as the other side listens; the answer's status, and how many pieces went out."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        sent = 0
        connection.setblocking(False)
        for piece in pieces:
            left = memoryview(piece)
            while left:
                try:
                    left = left[connection.send(left) :]
                except BlockingIOError:
                    time.sleep(0.005)
                except (BrokenPipeError, ConnectionResetError):
                    break
            if left:
                break
            sent += 1
        connection.setblocking(True)
        answer = ""
        with suppress(ConnectionResetError):
            while more := connection.recv(4096).decode():
                answer += more
                if answer.startswith("HTTP/1.1 200"):
                    break  # because this connection stays open
    return answer.partition("\r\n")[0].split(" ")[1] if answer else "", sent, answer


def chunked(count, size=16_384):
    return (f"{size:x}\r\n".encode() + b"x" * size + b"\r\n" for _ in range(count))


@pytest.mark.parametrize("path", ["/account/login/", "/settings/", "/no/such/page/", "/static/x"])
@pytest.mark.parametrize("cookie", ["", "Cookie: sid=madeup; device=x\n", "Cookie: sid=\n", "Cookie: \x80=;;=\n"])
def test_announced_body_of_a_stranger_is_refused_at_the_headers(served, path, cookie):
    port, pages = served
    head = f"POST {path} HTTP/1.1\nHost: north.test\n{cookie}Content-Type: multipart/form-data; boundary=b\nContent-Length: {1024 * MEGABYTE}"

    status, _, answer = send(port, head)  # not one byte of the body is sent, and yet there is an answer

    assert status == "413"
    assert "connection: close" in answer.lower() and "too large" in answer
    assert "100 Continue" not in answer
    assert pages.taken is None


def test_unknown_host_is_answered_at_the_headers_whatever_comes(served):
    port, pages = served
    for body in ("Content-Length: 5", f"Content-Length: {1024 * MEGABYTE}", "Transfer-Encoding: chunked"):
        for method in ("POST", "PUT", "GET", "DELETE"):
            status, _, _ = send(port, f"{method} / HTTP/1.1\nHost: nobody.test\n{body}")
            assert status == "404"
    assert pages.taken is None


@pytest.mark.parametrize(("host", "path"), [("north.test", "/account/login/"), ("console.test", "/hooks/payments/")])
def test_body_that_comes_in_pieces_ends_at_64_kb(served, host, path):
    port, pages = served
    head = f"POST {path} HTTP/1.1\nHost: {host}\nTransfer-Encoding: chunked"

    status, sent, _ = send(port, head, chunked(4000))

    assert status in ("413", "")  # the server may have hung up before the answer was read
    assert sent < 4000
    assert pages.taken == "gone"


def test_body_of_a_strangers_form_comes_through_whole(served):
    port, pages = served
    head = f"POST /account/login/ HTTP/1.1\nHost: north.test\nContent-Length: {ANONYMOUS_BYTES}"
    assert send(port, head, [b"x" * ANONYMOUS_BYTES])[0] == "200"
    assert pages.taken == ANONYMOUS_BYTES

    head = "POST /account/login/ HTTP/1.1\nHost: north.test\nTransfer-Encoding: chunked"
    assert send(port, head, [*chunked(4), b"0\r\n\r\n"])[0] == "200"
    assert pages.taken == ANONYMOUS_BYTES


def scope_of(browser, path, host="north.test"):
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    headers = [(b"host", host.encode()), (b"cookie", cookies.encode())]
    return {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/profile/", SIGNED_IN_BYTES),
        ("/settings/", 9 * MOST_BYTES + SIGNED_IN_BYTES),
        ("/people/clients/new/", SIGNED_IN_BYTES),
        ("/no/such/page/at/all/", SIGNED_IN_BYTES),
    ],
)
def test_whoever_is_signed_in_sends_as_much_as_the_form_needs(cast, visit, path, limit):
    scope = scope_of(visit(cast.nora), path)

    assert bodies.allowance(scope, 2 * ANONYMOUS_BYTES)[0] == limit
    assert bodies.allowance(scope, None)[0] == limit


@pytest.mark.parametrize(
    ("shown", "limit"),
    [("provider:a long word", SIGNED_IN_BYTES), ("provider:guess", ANONYMOUS_BYTES), ("", ANONYMOUS_BYTES)],
)
def test_mails_provider_sends_more_when_its_headers_show_the_password(db, settings, shown, limit):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": "provider:a long word"}
    headers = [(b"host", b"console.test"), (b"authorization", b"Basic " + b64encode(shown.encode()))]

    for path, expected in (("/hooks/mail/", limit), ("/hooks/payments/", ANONYMOUS_BYTES), ("/x", ANONYMOUS_BYTES)):
        assert bodies.allowance({"type": "http", "path": path, "headers": headers}, None)[0] == expected
    settings.ANYMAIL = {}
    assert bodies.allowance({"type": "http", "path": "/hooks/mail/", "headers": headers}, None)[0] == ANONYMOUS_BYTES


def test_session_that_has_ended_or_belongs_elsewhere_is_a_strangers(cast, visit):
    browser = visit(cast.nora)
    scope = scope_of(browser, "/profile/")
    assert bodies.allowance(scope_of(browser, "/profile/", "south.test"), None)[0] == ANONYMOUS_BYTES
    browser.post("/account/logout/")

    assert bodies.allowance(scope, None)[0] == ANONYMOUS_BYTES


def test_login_without_access_is_a_strangers(cast, visit):
    scope = scope_of(visit(cast.gus), "/profile/")
    cast.gus.is_active = False
    cast.gus.save()

    assert bodies.allowance(scope, None)[0] == ANONYMOUS_BYTES


def test_refusal_is_in_the_persons_language(cast, visit):
    cast.nora.language = "de"
    cast.nora.save()

    _, (status, sentence) = bodies.allowance(scope_of(visit(cast.nora), "/profile/"), None)

    assert status == 413 and "zu groß" in sentence


def test_database_that_is_away_takes_nothing_in(north, monkeypatch):
    def away(_):
        raise OperationalError("the server is gone")

    monkeypatch.setattr(hosts, "find_organization", away)

    limit, (status, _) = bodies.allowance(
        {"type": "http", "path": "/", "headers": [(b"host", b"north.test")], "query_string": b""}, 5
    )

    assert (limit, status) == (None, 503)


def test_every_form_with_files_says_how_much_it_takes():
    """A picture of the size that the form allows must come through."""
    found = [view for view in _views() if _takes_files(view)]

    assert found
    for view in found:
        assert view.body_limit > MOST_BYTES, view


def _views(resolver=None):
    for pattern in (resolver or get_resolver(settings.ROOT_URLCONF)).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern)
        elif hasattr(pattern.callback, "view_class"):
            yield pattern.callback.view_class


def _takes_files(view):
    form = LookForm if view is StudioView else getattr(view, "form_class", None)
    return any(isinstance(field, FileField | FilesField) for field in getattr(form, "base_fields", {}).values())


def test_request_without_a_body_is_handed_on_untouched(monkeypatch):
    monkeypatch.setattr(bodies, "allowance", lambda *_: pytest.fail("nobody needs to know"))
    pages = Pages()

    async def play():
        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def ignore(_):
            pass

        await BoundedBodies(pages)({"type": "http", "headers": [(b"host", b"x")], "path": "/"}, receive, ignore)

    asyncio.run(play())
    assert pages.taken == 0
