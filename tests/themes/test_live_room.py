"""The page of a session in a real Chromium, with a room's socket that says what the test wants: no server, no camera."""

import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect

from tests.themes.live_page import FAILED, PHONE, RoomHandler, Server

pytestmark = pytest.mark.journey


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


SIZES = {"phone": (390, 844), "small phone": (360, 640), "phone on its side": (844, 390)}


@pytest.mark.parametrize("size", SIZES)
def test_join_is_in_sight_and_over_nothing(browser: Browser, url: str, size: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(url)
    expect(page.get_by_role("alert")).to_be_visible()  # no camera here: the longest that stands above it
    button = page.get_by_role("button", name="Join", exact=True)
    expect(button).to_be_in_viewport(ratio=1)
    box = button.bounding_box()
    assert box is not None
    covered = page.evaluate(
        """([x, y]) => document.elementFromPoint(x, y).closest('button')?.textContent.trim()""",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
    assert covered == "Join"
    for heading in page.locator(".lobby h2:visible, .lobby select:visible").all():
        other = heading.bounding_box()
        assert other is not None
        assert other["y"] + other["height"] <= box["y"] or other["y"] >= box["y"] + box["height"]
    context.close()


@pytest.mark.parametrize("size", ["phone", "small phone"])
def test_join_stays_in_sight_however_far_one_scrolls(browser: Browser, url: str, size: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(url)
    button = page.get_by_role("button", name="Join", exact=True)
    for place in ("0", "1e6"):
        page.evaluate(f"document.querySelector('.live-stage').scrollTop = {place}")
        expect(button).to_be_in_viewport(ratio=1)
    context.close()


def test_open_chat_covers_no_control_on_a_phone(enter: Callable[[], Server]) -> None:
    page = enter().page
    page.keyboard.press("Alt+c")
    expect(page.locator('[data-live="side"]')).to_be_visible()
    for name in ("Microphone", "Camera", "Chat", "More", "Leave"):
        button = page.locator(".live-controls > button", has_text=name)
        box = button.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('button')?.textContent", [x, y]), name
        label = page.evaluate("(one) => one.scrollWidth <= one.clientWidth + 1", button.element_handle())
        assert label, f"{name} spills over its button"


def test_links_in_the_chat_lead_out_safely(enter: Callable[[], Server]) -> None:
    server = enter()
    text = "See https://example.test/a_(b), javascript:alert(1) and (http://x.test/)."
    said = {"id": "1", "name": "Tess", "text": text, "at": "2026-11-30T21:05:00Z", "mine": False}
    server.send({"type": "chat", "message": said})
    server.page.keyboard.press("Alt+c")
    bubble = server.page.locator(".bubble__text")
    expect(bubble).to_have_text(text)
    links = bubble.locator("a")
    assert [one.get_attribute("href") for one in links.all()] == ["https://example.test/a_(b)", "http://x.test/"]
    assert {one.get_attribute("rel") for one in links.all()} == {"noopener noreferrer nofollow"}


def test_shortcuts_are_listed(enter: Callable[[], Server]) -> None:
    page = enter().page
    page.keyboard.press("Alt+k")
    listed = page.get_by_role("dialog").locator("kbd").all_text_contents()
    assert [one for one in listed if one != "Alt"] == ["M", "V", "S", "C", "P", "H", "W", "K"]


def test_raised_hand_is_shown_and_said(enter: Callable[[], Server]) -> None:
    server = enter()
    page = server.page
    page.keyboard.press("Alt+h")
    server.wait_for("hand", 1)
    assert server.heard[-1] == {"type": "hand", "up": True}
    gus, tess = {"peer": "gus", "name": "Gus", "host": False}, {"peer": "tess", "name": "Tess", "host": True}
    server.send({"type": "people", "people": [gus, tess | {"hand": "2026-11-30T21:05:00Z"}]})
    expect(page.locator('.tile[data-peer="tess"] .tile__hand')).to_be_visible()
    expect(page.locator('[data-live="state"]')).to_have_text("Tess raises a hand.")
    server.send({"type": "people", "people": [gus | {"hand": "2026-11-30T21:06:00Z"}, tess]})
    expect(page.locator('.tile[data-peer="tess"] .tile__hand')).to_be_hidden()
    expect(page.locator('[data-action="hand"]')).to_have_attribute("aria-pressed", "true")
