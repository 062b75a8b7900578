"""The gallery, served without a database, and a Chromium to look at it."""

import os
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from deploy.local import browser as chromium
from tests.themes.gallery_server import GalleryHandler

FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"


@pytest.fixture(scope="session")
def gallery_url() -> Iterator[str]:
    """Where the gallery is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), GalleryHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/design/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the module."""
    # Playwright runs an event loop in this thread, which Django takes for asynchronous code; no query is made here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        program = chromium.find() or chromium.fetch()
        launched = playwright.chromium.launch(executable_path=str(program), args=FLAGS.split())
        yield launched
        launched.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_gallery(browser: Browser, gallery_url: str) -> Iterator[Callable[..., Page]]:
    """Open a sample in a theme, at a size, in a brand; complaints of the console fail the test."""
    complaints: list[str] = []
    contexts = []

    def opened(
        sample: str = "index", theme: str = "light", width: int = 1280, brand: str = "clinic", **more: object
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=theme, reduced_motion="reduce", **more
        )
        contexts.append(context)
        context.add_cookies([{"name": "brand", "value": brand, "url": gallery_url}])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{gallery_url}?sample={sample}", wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
