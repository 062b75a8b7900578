"""The page of a session in a real Chromium, with a room's socket that says what the test wants: no server, no camera."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.themes.gallery_server import GalleryHandler

pytestmark = pytest.mark.journey
ROOM = UUID("0191a2b3-0000-7000-8000-000000000001")
WELCOME = {"type": "welcome", "peer": "gus", "name": "Gus", "host": False, "state": "admitted", "messages": []}
ENGINE = {"type": "engine", "engine": "builtin", "peer": "gus", "generation": 1, "ice_servers": []}
JOINED = {
    "type": "joined", "peer": "gus", "rights": ["subscribe"], "resumed": False, "peers": [], "producers": [], "recording": False,
}  # fmt: skip
FAILED = {"type": "error", "code": "transport_failed", "message": "No media connection came about."}
PHONE = {"width": 390, "height": 844}  # on it the chat does not open by itself


class RoomHandler(GalleryHandler):
    """The gallery, and the page of a room."""

    def do_GET(self) -> None:  # noqa: N802 because the standard library asks for it
        if urlsplit(self.path).path != "/room/":
            super().do_GET()
            return
        body = room_page().encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def room_page() -> str:
    """The room as a guest gets it who may come in now."""
    opening = SimpleNamespace(is_open=True, opens_at=datetime(2030, 1, 1, tzinfo=UTC))
    place = SimpleNamespace(pk=ROOM)
    context = {"title": "Speech therapy", "others": "Tess", "host_name": "Tess", "room": place, "appointment": place}
    request = RequestFactory().get("/room/")
    return render_to_string("live/room.html", context | {"opening": opening, "is_host": False}, request=request)


class Server:
    """The room's socket: lets the page in, and keeps what it sends."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.heard: list[dict[str, object]] = []
        self.socket: WebSocketRoute | None = None
        page.route_web_socket("**/ws/live/**", self._opened)

    def send(self, *messages: dict[str, object]) -> None:
        assert self.socket is not None
        for message in messages:
            self.socket.send(json.dumps(message))

    def wait_for(self, kind: str, number: int) -> None:
        """Until the page has sent so many messages of this type."""
        for _ in range(100):
            if sum(message["type"] == kind for message in self.heard) >= number:
                return
            self.page.wait_for_timeout(100)
        pytest.fail(f"the page has sent {[message['type'] for message in self.heard]}")

    def _opened(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        socket.on_message(self._received)

    def _received(self, text: str | bytes) -> None:
        message = json.loads(text)
        self.heard.append(message)
        if message["type"] == "hello":
            self.send(WELCOME, ENGINE, JOINED)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where the page of the room is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), RoomHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/room/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def enter(browser: Browser, url: str) -> Iterator[Callable[[], Server]]:
    """Come in: the room's server, with `page` in the session."""
    contexts = []

    def entered() -> Server:
        context = browser.new_context(viewport=PHONE)
        contexts.append(context)
        server = Server(context.new_page())
        server.page.goto(f"{url}#now")
        expect(server.page.locator("#live-room")).to_have_attribute("data-phase", "room")
        server.wait_for("subscribe.start", 1)
        return server

    yield entered
    for context in contexts:
        context.close()


def test_connection_that_the_server_gave_up_is_made_anew(enter: Callable[[], Server]) -> None:
    server = enter()
    server.send(FAILED)
    server.wait_for("subscribe.start", 2)
    expect(server.page.locator('[data-live="state"]')).to_contain_text("Reconnecting")


def test_connection_that_fails_again_and_again_is_said_to_be_blocked(enter: Callable[[], Server]) -> None:
    server = enter()
    for number in range(2, 6):
        server.send(FAILED)
        server.wait_for("subscribe.start", number)
    server.send(FAILED)
    expect(server.page.locator('[data-live="state"]')).to_have_text(FAILED["message"])


@pytest.mark.parametrize("code", ["room_full", "server_lost", "not_allowed", "a_code_to_come"])
def test_what_the_server_refuses_is_read_in_its_words(enter: Callable[[], Server], code: str) -> None:
    server = enter()
    server.send({"type": "error", "code": code, "message": f"The sentence of {code}."})
    expect(server.page.locator('[data-live="state"]')).to_have_text(f"The sentence of {code}.")


def test_microphone_that_was_unplugged_is_said_to_be(enter: Callable[[], Server]) -> None:
    server = enter()
    page = server.page
    page.evaluate("""() => {
      const only = new AudioContext().createMediaStreamDestination().stream
      const given = []
      navigator.mediaDevices.getUserMedia = async () => {
        if (given.length) throw new DOMException('there is no other', 'NotFoundError')
        given.push(only)
        return only
      }
      window.unplug = () => only.getAudioTracks()[0].dispatchEvent(new Event('ended'))
    }""")
    page.locator('.live-controls [data-action="mic"]').click()
    expect(page.locator('.live-controls [data-action="mic"]')).to_have_attribute("aria-pressed", "true")
    page.evaluate("unplug()")

    expect(page.locator('[data-live="state"]')).to_contain_text("Your microphone was unplugged")
    expect(page.locator('.live-controls [data-action="mic"]')).to_have_attribute("aria-pressed", "false")


def test_keys_work_wherever_the_focus_is(enter: Callable[[], Server]) -> None:
    page = enter().page
    assert page.evaluate("document.activeElement === document.body")
    expect(page.locator('[data-live="side"]')).to_be_hidden()
    page.keyboard.press("Alt+c")
    expect(page.locator('[data-live="side"]')).to_be_visible()
