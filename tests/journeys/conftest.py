"""Fixtures of the journeys: the whole product in its own processes, and people with real browsers.

`served` stands for the session: it is started once, and every journey makes organizations of its own in it. Pages that break the content
security policy, throw, or log an error fail the journey.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from deploy.local import browser as chromium

from .house import House, standing_house

expect.set_options(timeout=20_000)  # a slow machine is no finding
ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run", "--disable-quic", "--autoplay-policy=no-user-gesture-required"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--disable-dev-shm-usage"),
    *("--disable-background-timer-throttling", "--disable-renderer-backgrounding"),
    "--disable-backgrounding-occluded-windows",
]
QUIET = ("Failed to load resource",)  # a refused page is the point of some steps; they assert its status themselves


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a journey, and the first of them waits for all programs."""
    for item in items:
        if item.path.parent == ROOT / "tests" / "journeys":
            item.add_marker("journey")
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def served(django_db_setup: None) -> Iterator[House]:
    """Web, sockets, outbox, media server, mail catcher and payment sandbox on a new database."""
    # Each of a crowd comes from an address of its own, as a proxy would say it.
    settings = {"TRUSTED_PROXIES": "127.0.0.1"}
    with standing_house(ROOT / "var" / "test", schemas=ROOT / "var" / "test-schemas", **settings) as house:
        yield house


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """One Chromium with a camera and a microphone that are not real."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(chromium.find() or chromium.fetch()), args=CHROMIUM)
        yield running
        running.close()


@pytest.fixture
def person(chrome: Browser) -> Iterator[Callable[..., Page]]:
    """`person(url, time_zone="Europe/Berlin", **context_options)` -> a page in a browser context of its own, without cookies of others."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def arrive(url: str = "", *, time_zone: str = "Europe/Berlin", **options: object) -> Page:
        context = chrome.new_context(timezone_id=time_zone, locale="en-GB", **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda said: _note(troubles, page.url, said.type, said.text))
        if url:
            page.goto(url)
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert troubles == []


def _note(troubles: list[str], url: str, kind: str, text: str) -> None:
    if kind == "error" and not text.startswith(QUIET):
        troubles.append(f"{url}: {text}")
