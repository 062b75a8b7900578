"""Where pages of a room are served, and coming in: fixtures for the tests of what lies beside the pictures."""

import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.themes.live_page import RoomHandler, Server

DESK = {"width": 1280, "height": 800}
TESS = {"peer": "tess", "name": "Tess Moreau", "host": True}
GUS = {"peer": "gus", "name": "Gus", "host": False}
Enter = Callable[..., Server]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where the pages of a room are served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), RoomHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def enter(browser: Browser, url: str) -> Iterator[Enter]:
    """Come in as Gus, as a guest or as a host, with Tess in the room. `theme`, and routes by pattern, before the page is opened."""
    contexts = {}

    def entered(
        *,
        host: bool = False,
        viewport: dict[str, int] | None = None,
        theme: str = "light",
        routes: dict[str, Callable[..., Any]] | None = None,
        **welcome: Any,
    ) -> Server:
        if theme not in contexts:
            contexts[theme] = browser.new_context(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        page = contexts[theme].new_page()
        page.set_viewport_size(viewport or DESK)  # type: ignore[arg-type]
        for pattern, answer in (routes or {}).items():
            page.route(pattern, answer)
        server = Server(page, host=host, **welcome)
        page.goto(f"{url}/{'host' if host else 'room'}/#now")
        expect(page.locator("#live-room")).to_have_attribute("data-phase", "room")
        server.wait_for("subscribe.start", 1)
        server.send({"type": "people", "people": [TESS, GUS], "queue": []})
        expect(page.locator(".tile")).to_have_count(2)
        return server

    yield entered
    for context in contexts.values():
        context.close()
