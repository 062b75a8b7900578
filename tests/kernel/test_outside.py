"""What is fetched from addresses that people typed: against a real server, and what never reaches one."""

import socket
import threading
import time
from dataclasses import replace

import pytest

from core.kernel import outside
from core.kernel.outside import Budget, Request, Trouble, Unreachable, fetch, is_same_server
from tests.factories.web_server import say, serving


def trouble_of(url, **more):
    with pytest.raises(Unreachable) as raised:
        fetch(Request(url, **more))
    return raised.value.trouble


def test_answer_comes_with_status_headers_and_content():
    with serving(say(b"hello", ETag="x")) as (port, _):
        answer = fetch(Request(f"http://127.0.0.1:{port}/a b".replace(" ", "%20"), allows_private=True))
    assert (answer.status, answer.content, answer.headers["etag"]) == (200, b"hello", "x")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.7/", "http://192.168.1.1/", "http://169.254.169.254/latest/",
        "http://[fe80::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://0.0.0.0/", "http://100.64.0.1/", "http://2130706433/",
        "http://224.0.0.1/", "http://[fd00::1]/", "http://[2002:7f00:1::]/",
    ],
)  # fmt: skip
def test_private_networks_are_not_reached(url):
    assert trouble_of(url) in (Trouble.PRIVATE, Trouble.UNKNOWN_HOST)


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "file:///etc/passwd", "https://", "https://a:b@example.org/", "https://example.org:22/", "http://x:99999/", "http://a b/"],
)  # fmt: skip
def test_what_is_no_web_address_is_not_asked(url):
    assert trouble_of(url) is Trouble.ADDRESS


def test_redirect_to_loopback_is_not_followed(monkeypatch):
    with (
        serving(say(b"secret")) as (inner, asked),
        serving(say(b"", 302, Location=f"http://127.0.0.1:{inner}/")) as (port, _),
    ):
        monkeypatch.setattr(outside, "is_public", lambda address: address == "127.0.0.2")
        with pytest.raises(Unreachable) as raised:
            fetch(
                Request(f"http://calendars.test:{port}/"),
                resolve=lambda host, _: {"calendars.test": ["127.0.0.2"]}.get(host, [host]),
            )
    assert raised.value.trouble in (Trouble.PRIVATE, Trouble.REFUSED) and asked == []


def test_connection_goes_to_the_address_that_was_looked_at(monkeypatch):
    """A name that answers otherwise a moment later leads nowhere: it is asked once, and never by the connection itself."""
    asked_names = []

    def resolve(host, port):
        asked_names.append(host)
        return ["127.0.0.1"]

    real = socket.getaddrinfo
    monkeypatch.setattr(outside, "is_public", lambda address: True)
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *more, **named: real(host, *more, **named) if host[0].isdigit() else 1 / 0
    )
    with serving(say(b"here")) as (port, _):
        assert fetch(Request(f"http://rebinding.test:{port}/"), resolve=resolve).content == b"here"
    assert asked_names == ["rebinding.test"]


def test_one_private_address_among_public_ones_is_enough():
    with pytest.raises(Unreachable) as raised:
        fetch(Request("http://two.test/"), resolve=lambda *_: ["93.184.216.34", "10.0.0.1"])
    assert raised.value.trouble is Trouble.PRIVATE


def test_secret_does_not_follow_a_redirect_elsewhere():
    with (
        serving(say(b"there")) as (inner, asked),
        serving(say(b"", 301, Location=f"http://127.0.0.1:{inner}/x")) as (port, first),
    ):
        answer = fetch(Request(f"http://127.0.0.1:{port}/", authorization="Basic c2VjcmV0", allows_private=True))
    assert answer.content == b"there"
    assert (first, asked) == ([("/", "Basic c2VjcmV0")], [("/x", None)])


def test_secret_does_not_follow_a_link_elsewhere():
    with serving(say(b"here")) as (port, first), serving(say(b"there")) as (other, asked):
        request = Request(f"http://127.0.0.1:{port}/", authorization="Basic c2VjcmV0", allows_private=True)
        fetch(request)
        fetch(replace(request, url=f"http://127.0.0.1:{other}/x"))
        fetch(replace(request, url=f"http://localhost:{port}/x"))
        fetch(replace(request, url=f"http://127.0.0.1:{port}/y"))
    assert asked == [("/x", None)]
    assert first == [("/", "Basic c2VjcmV0"), ("/x", None), ("/y", "Basic c2VjcmV0")]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("https://a.test:443/x", True),
        ("https://A.test/", True),
        ("http://a.test/", False),
        ("https://a.test:8443/", False),
        ("https://b.a.test/", False),
    ],
)
def test_server_is_scheme_host_and_port(other, same):
    assert is_same_server("https://a.test/", other) is same


@pytest.mark.parametrize("location", ["http://[", "//[x", "http://a\0b/"])
def test_redirect_to_what_is_no_address_has_words(location):
    with serving(say(b"", 302, Location=location)) as (port, _), pytest.raises(Unreachable) as raised:
        fetch(Request(f"http://127.0.0.1:{port}/", allows_private=True))
    assert raised.value.trouble is Trouble.ADDRESS and raised.value.host.isprintable()


def test_redirect_is_not_followed_where_nobody_wants_it():
    with serving(say(b"", 302, Location="/further")) as (port, asked):
        answer = fetch(Request(f"http://127.0.0.1:{port}/", allows_private=True, follows=False))
    assert answer.status == 302 and [path for path, _ in asked] == ["/"]


def test_all_requests_of_one_budget_share_its_bytes():
    with serving(say(b"x" * 600)) as (port, _):
        request = Request(f"http://127.0.0.1:{port}/", budget=Budget(most_bytes=1000), allows_private=True)
        fetch(request)
        with pytest.raises(Unreachable) as raised:
            fetch(replace(request, url=f"{request.url}further"))
    assert raised.value.trouble is Trouble.TOO_MUCH


def test_all_requests_of_one_budget_share_its_time():
    def late(handler):
        time.sleep(0.4)
        say(b"late")(handler)

    with serving(late) as (port, _):
        started = time.monotonic()
        request = Request(f"http://127.0.0.1:{port}/", budget=Budget(seconds=0.6), allows_private=True)
        with pytest.raises(Unreachable) as raised:
            for _ in range(10):
                fetch(replace(request, url=request.url))
    assert raised.value.trouble is Trouble.SLOW and time.monotonic() - started < 2.6


@pytest.mark.parametrize("came", [b"", b"half"])
def test_answer_that_is_cut_off_is_none(came):
    with serving(say(came, **{"Content-Length": "8"})) as (port, _):
        assert trouble_of(f"http://127.0.0.1:{port}/", allows_private=True) is Trouble.REFUSED
    with serving(say(b"complete", **{"Content-Length": "8"})) as (port, _):
        assert fetch(Request(f"http://127.0.0.1:{port}/", allows_private=True)).content == b"complete"


def test_endless_redirects_end():
    with serving(say(b"", 302, Location="/again")) as (port, asked):
        assert trouble_of(f"http://127.0.0.1:{port}/", allows_private=True) is Trouble.REDIRECTS
    assert len(asked) == outside.REDIRECTS


def test_more_than_allowed_is_not_read():
    def without_end(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(2 * 1024**3))
        handler.end_headers()
        try:
            for _ in range(2 * 1024):
                handler.wfile.write(b"x" * 1024 * 1024)
        except OSError:
            ended.set()

    ended = threading.Event()
    with serving(without_end) as (port, _):
        assert (
            trouble_of(f"http://127.0.0.1:{port}/", allows_private=True, budget=Budget(most_bytes=1000))
            is Trouble.TOO_MUCH
        )
        assert ended.wait(5)


@pytest.mark.parametrize("drips", ["head", "body"])
def test_slow_server_holds_nobody(drips):
    """Whoever says a letter now and then is cut off when the time is over; two seconds more are for a busy machine."""

    def drip(handler):
        if drips == "body":
            handler.send_response(200)
            handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    with serving(drip) as (port, _):
        started = time.monotonic()
        url = f"http://127.0.0.1:{port}/"
        assert trouble_of(url, allows_private=True, budget=Budget(seconds=0.6)) is Trouble.SLOW
        assert time.monotonic() - started < 2.6


def test_slow_name_server_holds_nobody():
    started = time.monotonic()
    with pytest.raises(Unreachable) as raised:
        fetch(
            Request("http://slow.test/", budget=Budget(seconds=0.3)),
            resolve=lambda *_: time.sleep(1.5) or ["93.184.216.34"],
        )
    assert raised.value.trouble is Trouble.SLOW and time.monotonic() - started < 1.3


def test_nothing_there_and_rubbish_have_words():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert trouble_of(f"http://127.0.0.1:{port}/", allows_private=True) is Trouble.REFUSED
    with serving(lambda handler: handler.wfile.write(b"\x00\x01 rubbish")) as (port, _):
        assert trouble_of(f"http://127.0.0.1:{port}/", allows_private=True) is Trouble.REFUSED
        assert trouble_of(f"https://127.0.0.1:{port}/", allows_private=True) is Trouble.CERTIFICATE
    assert trouble_of("http://there-is-no-such-host.invalid/") is Trouble.UNKNOWN_HOST


def test_secret_never_goes_without_tls(monkeypatch):
    monkeypatch.setattr(outside, "is_public", lambda address: True)
    with serving(say(b"")) as (port, asked), pytest.raises(Unreachable) as raised:
        fetch(Request(f"http://calendars.test:{port}/", authorization="Basic x"), resolve=lambda *_: ["127.0.0.1"])
    assert raised.value.trouble is Trouble.CERTIFICATE and asked == []
