"""The gallery, served without a database, and a Chromium to look at it."""

import os
import threading
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, sync_playwright

from branding.rules.palette import BrandFacts
from branding.rules.stylesheet import brand_stylesheet
from deploy.local import browser as chromium
from portal.middleware import content_security_policy
from themes.views import gallery

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"
BRANDS = {
    "clinic": BrandFacts("#1f6f63", accent="#e8a33d", heading_font="Figtree", body_font="Figtree"),
    "school": BrandFacts("#7a2e4d", heading_font="Fraunces", neutral="warm", radius="round"),
    "yellow": BrandFacts("#ffd400", heading_font="Plus Jakarta Sans", radius="sharp"),
}


class GalleryHandler(BaseHTTPRequestHandler):
    """Answers /design/, /brand.css (of the brand in the cookie) and /static/ under the product's own policy."""

    def do_GET(self) -> None:  # noqa: N802 because the standard library asks for it
        url = urlsplit(self.path)
        if url.path == "/design/":
            body, kind = gallery(RequestFactory().get(self.path)).content, "text/html; charset=utf-8"
        elif url.path == "/brand.css":
            cookie = SimpleCookie(self.headers.get("Cookie", ""))
            name = cookie["brand"].value if "brand" in cookie else "clinic"
            body, kind = brand_stylesheet(BRANDS[name]).encode(), "text/css"
        elif url.path.startswith("/static/") and (found := finders.find(url.path.removeprefix("/static/"))):
            with open(found, "rb") as file:  # noqa: PTH123 because finders give a plain path
                body, kind = file.read(), TYPES[found.rsplit(".", 1)[-1]]
        else:
            self.send_response(204 if url.path == "/favicon.ico" else 404)  # browsers ask for one unasked
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", content_security_policy(self.headers["Host"]))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet, because a test's output is for failures."""


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
