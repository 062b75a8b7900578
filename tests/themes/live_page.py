"""The page of a session, and a room's socket that says what a test wants: no server, no camera."""

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Page, WebSocketRoute, expect

from portal.live import work_tabs as live_tabs
from portal.middleware import content_security_policy
from portal.work_tabs import RoomVisitor, ShownTab, WorkTab
from sessions_live.models import Room
from tests.themes.gallery_server import GalleryHandler

ROOM = UUID("0191a2b3-0000-7000-8000-000000000001")
WELCOME = {"type": "welcome", "peer": "gus", "name": "Gus", "host": False, "state": "admitted", "messages": []}
ENGINE = {"type": "engine", "engine": "builtin", "peer": "gus", "generation": 1, "ice_servers": []}
JOINED = {
    "type": "joined", "peer": "gus", "rights": ["subscribe"], "resumed": False, "peers": [], "producers": [], "recording": False,
}  # fmt: skip
FAILED = {"type": "error", "code": "transport_failed", "message": "No media connection came about."}
NOT_SENT = "The line is down, and this did not go out. Do it again when it is back."
PHONE = {"width": 390, "height": 844}  # on it the chat does not open by itself


class RoomHandler(GalleryHandler):
    """The gallery, and the page of a room."""

    def do_GET(self) -> None:  # noqa: N802 because the standard library asks for it
        path = urlsplit(self.path).path
        if path.startswith("/static/tests/"):
            body, kind = (Path(__file__).parent / Path(path).name).read_bytes(), "text/javascript"
        elif path in ("/room/", "/host/"):
            body, kind = room_page(is_host=path == "/host/").encode(), "text/html; charset=utf-8"
        else:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if kind.startswith("text/html"):
            policy = content_security_policy(self.headers["Host"])
            self.send_header("Content-Security-Policy", live_tabs.with_videos(policy))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


TABS = [
    WorkTab("board", "pencil", 10, "tests/work_tab.js", lambda visitor: True, label="Board"),
    WorkTab("papers", "file-text", 20, "tests/work_tab.js", lambda visitor: True, label="Papers"),
    WorkTab("notes", "lock", 30, "tests/work_tab.js", lambda visitor: True, label="Notes", is_private=True),
    WorkTab("ink", "pencil", 40, "tests/work_tab.js", lambda visitor: True, over_screens=True),
    *live_tabs.TABS,
]


def room_page(*, is_host: bool = False) -> str:
    """The room as somebody gets it who may come in now."""
    opening = SimpleNamespace(is_open=True, opens_at=datetime(2030, 1, 1, tzinfo=UTC))
    place = SimpleNamespace(pk=ROOM)
    context = {"title": "Speech therapy", "others": "Tess", "host_name": "Tess", "room": place, "appointment": place}
    shown = [ShownTab(tab, str(tab.label), {"named": tab.name, **facts_of(tab, is_host)}) for tab in TABS]
    context |= {"opening": opening, "is_host": is_host, "work_tabs": shown}
    return render_to_string("live/room.html", context, request=RequestFactory().get("/room/"))


def facts_of(tab: WorkTab, is_host: bool) -> dict[str, Any]:
    """Where tests answer what the tab of resources asks for, and what lies over screens has in the product."""
    if tab.over_screens and tab.facts:
        return tab.facts(RoomVisitor(user=None, room=Room(pk=ROOM), is_host=is_host))
    if tab.name != "resources":
        return {}
    return {"showings": "/shown/", **({"choice": "/choice/"} if is_host else {})}


class Server:
    """The room's socket: lets the page in, and keeps what it sends."""

    def __init__(self, page: Page, *, host: bool = False, **welcome: object) -> None:
        self.page = page
        self.welcome = WELCOME | {"host": host} | welcome
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

    def cut(self) -> None:
        """The line is down, and does not come back."""
        assert self.socket is not None
        self.page.evaluate("() => { window.WebSocket = class { static OPEN = 1; readyState = 0; close() {} } }")
        self.socket.close(code=1012)
        expect(self.page.locator('[data-live="state"]')).to_contain_text("Reconnecting")

    def _opened(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        socket.on_message(self._received)

    def _received(self, text: str | bytes) -> None:
        message = json.loads(text)
        self.heard.append(message)
        if message["type"] == "hello":
            self.send(self.welcome, ENGINE, JOINED)
