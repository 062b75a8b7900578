"""Drawing over a shared screen in a real Chromium: what one draws the others see at the same place of the picture, until the sharing ends."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from portal.boards.work_tab import INK
from sessions_live.boards.consumers.ink import MOST_STROKES, SHAPES, is_stroke
from sessions_live.consumers.messages import MessageReader
from tests.themes import live_page
from tests.themes.live_page import PHONE, RoomHandler, Server

pytestmark = pytest.mark.journey
DESK = {"width": 1280, "height": 800}
PEOPLE = [{"peer": peer, "name": peer, "host": peer == "tess"} for peer in ("tess", "gus", "nell")]
AXE = (Path(__file__).parents[2] / "themes" / "static" / "vendor" / "test" / "axe.min.js").read_text
# A screen as the call hands it over: grey, three times as wide as high, so that something of every tile is left beside it.
SHARE = """(peer) => {
  const canvas = document.createElement('canvas')
  const context = Object.assign(canvas, { width: 600, height: 200 }).getContext('2d')
  const paint = () => { context.fillStyle = '#888'; context.fillRect(0, 0, 600, 200) }
  paint()
  setInterval(paint, 100)
  const detail = { peer, source: 'screen', stream: canvas.captureStream(10), present: true, muted: false, id: peer }
  document.querySelector('live-room').call.emit('media', detail)
}"""
UNSHARE = """(peer) => document.querySelector('live-room').call.emit(
  'media', { peer, source: 'screen', stream: null, present: false, muted: false, id: peer })"""
# Where the picture lies in the window, worked out apart from the script.
PICTURE = """() => {
  const video = document.querySelector('.tile[data-source="screen"] video')
  const box = video.getBoundingClientRect()
  const scale = Math.min(box.width / 600, box.height / 200)
  return { x: box.x + (box.width - 600 * scale) / 2, y: box.y + (box.height - 200 * scale) / 2, w: 600 * scale, h: 200 * scale }
}"""
# What lies on the layer at a place of the picture: red, green, blue, opacity.
COLOUR = """([x, y]) => {
  const layer = document.querySelector('.ink__layer')
  const box = layer.getBoundingClientRect()
  const at = [(x - box.x) * devicePixelRatio, (y - box.y) * devicePixelRatio].map(Math.round)
  return [...layer.getContext('2d').getImageData(...at, 1, 1).data]
}"""
RED, NOTHING = "red", "nothing"


class Screen:
    """The server's side of the lines of one shared screen: passes on as `InkConsumer` does, and takes only what that takes."""

    def __init__(self, sharer: str) -> None:
        self.sharer = sharer
        self.lines: dict[str, tuple[str, WebSocketRoute]] = {}  # by key: whose, and the line
        self.may_draw = {"tess": True, "gus": True, "nell": False}

    def follow(self, page: Page, peer: str) -> None:
        def opened(line: WebSocketRoute) -> None:
            key, reader = f"{len(self.lines) + 1:08x}", MessageReader(SHAPES)
            self.lines[key] = (peer, line)
            line.on_message(lambda message: self._hear(key, reader.read(str(message), None)))

        page.route_web_socket(f"**/ws/ink/{live_page.ROOM}/{self.sharer}/", opened)

    def _hear(self, key: str, message: dict[str, Any]) -> None:
        kind, peer = message["type"], self.lines[key][0]
        if kind == "hello":
            self._say(key, type="welcome", key=key, draws=self.may_draw[peer], shares=peer == self.sharer)
        for other, (whose, _) in self.lines.items():
            if other == key:
                continue
            if kind == "hello" and whose == self.sharer:
                self._say(other, type="came", page=key)
            elif kind == "ink" and message.get("to") in (None, other):
                assert len(message["strokes"]) <= MOST_STROKES and all(map(is_stroke, message["strokes"]))
                self._say(other, type="ink", strokes=message["strokes"])
            elif kind in ("rub", "wipe"):
                self._say(other, **message)

    def _say(self, to: str, **message: Any) -> None:
        self.lines[to][1].send(json.dumps(message))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where the pages of a room are served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), RoomHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enter]:
    """Come in as one of three, with Tess's screen before everybody."""
    monkeypatch.setattr(live_page, "TABS", [INK])
    contexts = []

    def entered(peer: str, screen: Screen, viewport: dict[str, int]) -> Page:
        context = browser.new_context(viewport=viewport)
        contexts.append(context)
        page = context.new_page()
        server = Server(page, host=peer == "tess", peer=peer)
        screen.follow(page, peer)
        page.goto(f"{url}/{'host' if peer == 'tess' else 'room'}/#now")
        expect(page.locator("#live-room")).to_have_attribute("data-phase", "room")
        server.wait_for("subscribe.start", 1)
        server.send({"type": "people", "people": PEOPLE, "queue": []})
        page.evaluate(SHARE, "tess")
        expect(page.locator(".ink__layer")).to_be_attached()
        page.wait_for_function("document.querySelector('.tile[data-source=\"screen\"] video').videoWidth === 600")
        return page

    yield entered
    for context in contexts:
        context.close()


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """A place of the picture in the window."""
    picture = page.evaluate(PICTURE)
    return picture["x"] + x * picture["w"], picture["y"] + y * picture["h"]


def seen(page: Page, x: float, y: float, what: str) -> None:
    """That this lies on the layer at a place of the picture; the edge of a thin line is paler."""
    found = ""
    for _ in range(400):
        red, green, _, opacity = page.evaluate(COLOUR, at(page, x, y))
        found = NOTHING if not opacity else RED if red > 170 and green < 110 else "something else"
        if found == what:
            return
        page.wait_for_timeout(50)
    assert found == what


def draw(page: Page, *places: tuple[float, float]) -> None:
    page.mouse.move(*at(page, *places[0]))
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*at(page, *place), steps=12)
    page.mouse.up()


def tool(page: Page, name: str) -> Locator:
    return page.locator(".ink__bar").get_by_role("button", name=name, exact=True)


def test_line_is_seen_by_everybody_at_its_place_and_rubbed_out_and_cleared(enter: Enter) -> None:
    screen = Screen("tess")
    tess, gus = enter("tess", screen, DESK), enter("gus", screen, PHONE)
    tool(gus, "Draw on this screen").click()
    expect(gus.get_by_text("It is gone when the sharing ends.")).to_be_visible()
    draw(gus, (0.3, 0.8), (0.9, 0.8))
    for page in (gus, tess):
        seen(page, 0.6, 0.8, RED)
        seen(page, 0.6, 0.6, NOTHING)
    tool(tess, "Draw on this screen").click()
    draw(tess, (0.2, 0.9), (0.2, 0.95))
    seen(gus, 0.2, 0.92, RED)
    tool(tess, "Eraser").click()
    draw(tess, (0.6, 0.75), (0.6, 0.85))  # another one's
    for page in (gus, tess):
        seen(page, 0.6, 0.8, NOTHING)
        seen(page, 0.2, 0.92, RED)
    tool(gus, "Clear what is drawn on this screen").click()
    for page in (gus, tess):
        seen(page, 0.2, 0.92, NOTHING)


def test_whoever_comes_later_sees_what_is_there_and_whoever_may_not_draw_has_no_pen(enter: Enter) -> None:
    screen = Screen("tess")
    tess = enter("tess", screen, DESK)
    tool(tess, "Draw on this screen").click()
    draw(tess, (0.3, 0.8), (0.5, 0.6), (0.7, 0.8), (0.9, 0.8))
    seen(tess, 0.8, 0.8, RED)
    nell = enter("nell", screen, PHONE)
    seen(nell, 0.8, 0.8, RED)
    expect(nell.locator(".ink__bar")).to_be_hidden()
    draw(nell, (0.3, 0.3), (0.9, 0.3))
    seen(nell, 0.6, 0.3, NOTHING)
    seen(tess, 0.6, 0.3, NOTHING)


def test_long_line_goes_on_as_several_strokes(enter: Enter) -> None:
    screen = Screen("tess")
    tess, gus = enter("tess", screen, DESK), enter("gus", screen, DESK)
    tool(gus, "Draw on this screen").click()
    draw(gus, *[(0.3 + 0.6 * (turn % 2), 0.5 + turn * 0.03) for turn in range(16)])
    seen(tess, 0.9, 0.95, RED)
    seen(tess, 0.6, 0.515, RED)


def test_it_is_gone_with_the_sharing_and_the_next_one_begins_empty(enter: Enter) -> None:
    screen = Screen("tess")
    pages = [enter("tess", screen, DESK), enter("gus", screen, DESK)]
    tool(pages[1], "Draw on this screen").click()
    draw(pages[1], (0.3, 0.8), (0.9, 0.8))
    for page in pages:
        seen(page, 0.6, 0.8, RED)
    for page in pages:
        page.evaluate(UNSHARE, "tess")
        expect(page.locator(".ink__layer")).to_have_count(0)
    screen.lines.clear()
    for page in pages:
        page.evaluate(SHARE, "tess")
        expect(page.locator(".ink__layer")).to_be_attached()
        page.wait_for_function("document.querySelector('.tile[data-source=\"screen\"] video').videoWidth === 600")
        seen(page, 0.6, 0.8, NOTHING)


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_tools_are_within_the_screen_and_without_barriers(enter: Enter, viewport: dict[str, int]) -> None:
    gus = enter("gus", Screen("tess"), viewport)
    tool(gus, "Draw on this screen").click()
    tile = gus.locator('.tile[data-source="screen"]').bounding_box()
    bar = gus.locator(".ink__bar").bounding_box()
    assert tile is not None and bar is not None
    assert bar["x"] >= tile["x"] and bar["x"] + bar["width"] <= tile["x"] + tile["width"]
    for button in gus.locator(".ink__bar button, .tile[data-source='screen'] .tile__act:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert (
            box["x"] + box["width"] <= tile["x"] + tile["width"]
            and box["y"] + box["height"] <= tile["y"] + tile["height"]
        )
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        assert button.evaluate(
            "(one, [x, y]) => one.contains(document.elementFromPoint(x, y))", middle
        )  # nothing lies over it
    gus.evaluate(AXE())
    found = gus.evaluate("async () => (await axe.run('.ink')).violations.map(({ id }) => id)")
    assert found == []
    gus.keyboard.press("Escape")
    expect(tool(gus, "Eraser")).to_be_hidden()


def test_more_strokes_than_one_message_takes_are_rubbed_out_for_everybody(enter: Enter) -> None:
    screen = Screen("tess")
    tess, gus = enter("tess", screen, DESK), enter("gus", screen, DESK)
    points = [3000, 8000, 9000, 8000]
    strokes = [{"stroke": f"0000000f-{number}", "colour": 1, "width": 5, "points": points} for number in range(450)]
    for key in screen.lines:
        screen._say(key, type="ink", strokes=strokes)
    for page in (tess, gus):
        seen(page, 0.6, 0.8, RED)
    tool(gus, "Draw on this screen").click()
    tool(gus, "Eraser").click()
    draw(gus, (0.6, 0.75), (0.6, 0.85))
    for page in (gus, tess):
        seen(page, 0.6, 0.8, NOTHING)
