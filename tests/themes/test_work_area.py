"""The area beside the pictures in a real Chromium: tabs, the border, screens, hiding, leading and being led."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.themes.live_page import NOT_SENT, PHONE
from tests.themes.rooms import DESK, GUS, TESS, Enter
from tests.themes.rooms import enter as enter
from tests.themes.rooms import url as url

pytestmark = pytest.mark.journey
NELL = {"peer": "nell", "name": "Nell", "host": False}
AXE = (Path(__file__).parents[2] / "themes" / "static" / "vendor" / "test" / "axe.min.js").read_text
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
# Shows a screen as the call hands it over, without a media server.
SHARE = """(peer) => {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: 320, height: 180 }).getContext('2d').fillRect(0, 0, 320, 180)
  const detail = { peer, source: 'screen', stream: canvas.captureStream(5), present: true, muted: false, id: peer }
  document.querySelector('live-room').call.emit('media', detail)
}"""
UNSHARE = """(peer) => document.querySelector('live-room').call.emit(
  'media', { peer, source: 'screen', stream: null, present: false, muted: false, id: peer })"""


def opened(page: Page) -> None:
    """The work area is open."""
    if page.get_by_role("button", name="More", exact=True).is_visible():  # narrow: the rest is folded away
        page.get_by_role("button", name="More", exact=True).click()
    page.locator('.live-controls [data-action="toggle-work"]').click()
    expect(page.locator("work-area")).to_be_visible()


def tab(page: Page, name: str) -> Any:
    return page.get_by_role("tab", name=name, exact=True)


def led(page: Page) -> Any:
    """The line that says who leads."""
    return page.locator('[data-live="led"]')


def test_tab_is_filled_when_it_is_looked_at_and_keeps_what_was_typed(enter: Enter) -> None:
    page = enter().page
    expect(page.locator("work-area")).to_be_hidden()
    assert page.locator(".said").count() == 0

    opened(page)
    expect(page.get_by_text("mounted board for gus")).to_be_visible()
    page.get_by_label("Field of board").fill("half a thought")
    tab(page, "Papers").click()
    expect(page.get_by_text("mounted papers for gus")).to_be_visible()
    expect(page.get_by_label("Field of board")).to_be_hidden()
    tab(page, "Papers").press("ArrowLeft")
    expect(tab(page, "Board")).to_be_focused()
    expect(page.get_by_label("Field of board")).to_have_value("half a thought")


def test_border_is_pulled_by_mouse_and_keys_and_stays_where_it_was_put(enter: Enter) -> None:
    page = enter().page
    opened(page)
    border = page.get_by_role("separator")
    expect(border).to_have_attribute("aria-valuenow", "68")
    box = border.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] - 299, box["y"] + 200, steps=5)
    page.mouse.up()
    pulled = int(border.get_attribute("aria-valuenow") or 0)
    assert 20 < pulled < 50
    work, areas = page.locator("work-area").bounding_box(), page.locator(".live-areas").bounding_box()
    assert work is not None and areas is not None
    assert abs(work["width"] / areas["width"] - pulled / 100) < 0.02

    border.press("ArrowLeft")
    expect(border).to_have_attribute("aria-valuenow", str(pulled - 2))
    border.press("Home")
    expect(border).to_have_attribute("aria-valuenow", "10")

    again = enter().page
    expect(again.locator("work-area")).to_be_visible()  # as it was left
    expect(again.get_by_role("separator")).to_have_attribute("aria-valuenow", "10")
    again.get_by_role("separator").press("Enter")
    expect(again.get_by_role("separator")).to_have_attribute("aria-valuenow", "68")


def test_two_shared_screens_are_two_tabs(enter: Enter) -> None:
    page = enter().page
    page.evaluate(SHARE, "tess")
    expect(tab(page, "Screen of Tess Moreau")).to_have_attribute("aria-selected", "true")
    expect(page.locator('.tile[data-source="screen"] video')).to_be_visible()
    expect(page.locator(".work__over[data-screen='tess']")).to_have_count(1)
    page.evaluate(SHARE, "gus")
    expect(page.locator('.tile[data-source="screen"]')).to_have_count(2)
    assert sum(one.is_visible() for one in page.locator('.tile[data-source="screen"]').all()) == 1
    page.evaluate(UNSHARE, "gus")
    page.evaluate(UNSHARE, "tess")
    expect(page.locator('.tile[data-source="screen"]')).to_have_count(0)
    expect(page.locator("work-area")).to_be_hidden()  # it was not open before


def test_host_hides_it_for_everybody_and_shows_it_again(enter: Enter) -> None:
    host = enter(host=True)
    opened(host.page)
    host.page.get_by_role("button", name="Hide for everybody").click()
    host.wait_for("work_area", 1)
    assert host.heard[-1] == {"type": "work_area", "hidden": True}
    host.send({"type": "work_area", "hidden": True})
    expect(host.page.locator("work-area")).to_be_hidden()
    host.page.locator('.live-controls [data-action="toggle-work"]').click()
    host.wait_for("work_area", 2)
    assert host.heard[-1] == {"type": "work_area", "hidden": False}

    guest = enter(work_area_hidden=True)
    expect(guest.page.locator("work-area")).to_be_hidden()
    expect(guest.page.locator('.live-controls [data-action="toggle-work"]')).to_be_hidden()
    guest.send({"type": "work_area", "hidden": False})
    expect(guest.page.locator("work-area")).to_be_visible()


def test_host_leads_and_tells_whoever_comes_later(enter: Enter) -> None:
    host = enter(host=True)
    opened(host.page)
    expect(host.page.get_by_text("mounted board")).to_be_visible()
    host.page.get_by_role("button", name="Lead").click()
    host.wait_for("lead", 1)
    assert host.heard[-1] == {"type": "lead", "tab": "board", "view": None}
    host.page.get_by_label("Field of board").fill("7")
    host.page.get_by_label("Field of board").press("Enter")
    host.wait_for("lead", 2)
    assert host.heard[-1] == {"type": "lead", "tab": "board", "view": {"page": 7}}
    host.send({"type": "people", "people": [TESS, GUS, NELL], "queue": []})
    host.wait_for("lead", 3)
    assert host.heard[-1] == {"type": "lead", "tab": "board", "view": {"page": 7}}
    tab(host.page, "Notes").click()
    host.wait_for("lead", 4)
    assert host.heard[-1] == {"type": "lead", "tab": "", "view": None}  # nobody is led to what only one may see
    host.page.get_by_role("button", name="Lead").click()
    host.wait_for("lead", 5)
    assert host.heard[-1] == {"type": "lead"}


def test_guest_follows_until_they_look_around_and_again(enter: Enter) -> None:
    guest = enter()
    page = guest.page
    guest.send({"type": "lead", "peer": "tess", "tab": "papers", "view": {"page": 3}})
    expect(tab(page, "Papers")).to_have_attribute("aria-selected", "true")
    expect(led(page)).to_contain_text("Tess Moreau leads: you see the same tab.")
    guest.send({"type": "lead", "peer": "tess", "tab": "papers", "view": {"page": 4}})
    expect(page.get_by_text("page 4")).to_be_visible()

    tab(page, "Board").click()
    guest.send({"type": "lead", "peer": "tess", "tab": "papers", "view": {"page": 5}})
    expect(led(page)).to_contain_text("You look around by yourself.")
    expect(tab(page, "Board")).to_have_attribute("aria-selected", "true")
    page.get_by_role("button", name="Follow again").click()
    expect(page.get_by_text("page 5")).to_be_visible()
    guest.send({"type": "people", "people": [GUS]})
    expect(led(page)).to_be_hidden()  # who leads has gone


def test_private_tab_is_covered_while_its_reader_shares_a_screen(enter: Enter) -> None:
    page = enter().page
    opened(page)
    tab(page, "Notes").click()
    page.get_by_label("Field of notes").fill("not for others")
    page.evaluate("""() => document.querySelector('video-tiles').show({ peer: 'gus', source: 'screen',
      stream: document.createElement('canvas').captureStream(1), present: true, muted: false }, true)""")
    expect(page.get_by_text("Covered while you share a screen")).to_be_visible()
    expect(page.get_by_label("Field of notes")).to_be_hidden()
    page.get_by_role("button", name="Uncover it").click()
    expect(page.get_by_label("Field of notes")).to_have_value("not for others")


def test_on_a_phone_it_lies_above_the_pictures_and_covers_no_control(enter: Enter) -> None:
    page = enter(viewport=PHONE).page
    opened(page)
    expect(page.get_by_role("separator")).to_have_attribute("aria-orientation", "horizontal")
    work, tiles = page.locator("work-area").bounding_box(), page.locator("video-tiles").bounding_box()
    foot = page.locator(".live__foot").bounding_box()
    assert work is not None and tiles is not None and foot is not None
    assert work["y"] + work["height"] <= tiles["y"] and tiles["y"] + tiles["height"] <= foot["y"] + 1
    page.get_by_role("separator").press("ArrowUp")
    expect(page.get_by_role("separator")).to_have_attribute("aria-valuenow", "60")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_it_is_accessible(enter: Enter, viewport: dict[str, int]) -> None:
    server = enter(host=True, viewport=viewport)
    opened(server.page)
    server.send({"type": "lead", "peer": "tess", "tab": "papers", "view": None})
    expect(led(server.page)).to_contain_text("Tess Moreau leads: you see the same tab.")
    server.page.evaluate(AXE())
    found = server.page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html']}" for one in found] == []


def test_pictures_stand_as_somebody_wants_them_and_a_pinned_one_is_large(enter: Enter) -> None:
    server = enter()
    page = server.page
    server.send({"type": "people", "people": [TESS, GUS, NELL]})
    tiles = page.locator("video-tiles")
    expect(tiles).to_have_attribute("data-layout", "grid")
    page.get_by_role("button", name="View").click()
    page.get_by_role("button", name="Who speaks is large").click()
    expect(tiles).to_have_attribute("data-layout", "large")
    page.evaluate(
        "() => document.querySelector('live-room').call.emit('speakers', { peers: [{ peer: 'nell', level: 90 }] })"
    )
    expect(page.locator(".tile[data-large]")).to_have_attribute("data-peer", "nell")
    page.locator(".tile[data-peer='tess']").hover()
    page.get_by_role("button", name="Pin Tess Moreau").click()
    expect(page.locator(".tile[data-large]")).to_have_attribute("data-peer", "tess")
    page.get_by_role("button", name="Pin Tess Moreau").click()
    expect(page.locator(".tile[data-large]")).to_have_attribute("data-peer", "nell")
    page.get_by_role("button", name="View").click()
    page.get_by_role("button", name="In one line").click()
    expect(tiles).to_have_attribute("data-layout", "strip")
    again = enter().page
    expect(again.locator("video-tiles")).to_have_attribute("data-layout", "strip")  # remembered


# What YouTube's player does with the messages of its page, with a video of ten minutes.
PLAYER = """<script>
  let playing = false, at = 0, since = 0
  const now = () => at + (playing ? (performance.now() - since) / 1000 : 0)
  const tell = (event) => parent.postMessage(JSON.stringify({ event, info: {
    currentTime: now(), duration: 600, playerState: playing ? 1 : 2 } }), '*')
  window.said = []
  addEventListener('message', ({ data }) => {
    const { event, func, args } = JSON.parse(data)
    if (event === 'listening') return tell('initialDelivery')
    said.push(func)
    at = func === 'seekTo' ? args[0] : now()
    since = performance.now()
    if (func === 'playVideo') playing = true
    if (func === 'pauseVideo') playing = false
    tell('infoDelivery')
  })
  setInterval(() => tell('infoDelivery'), 250)
</script>"""
PLACE = "() => now()"


def test_video_is_asked_for_then_kept_in_step(enter: Enter) -> None:
    server = enter()
    page = server.page
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(content_type="text/html", body=PLAYER)

    page.route("https://www.youtube-nocookie.com/**", answer)
    server.send({"type": "video", "video": "dQw4w9WgXcQ", "playing": True, "position": 100, "at": 1000, "now": 1020})
    expect(tab(page, "Video")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("This video comes from YouTube.")).to_be_visible()
    assert asked == []  # nothing is asked of them before the person has said so
    page.get_by_role("button", name="Show the video").click()
    frame = page.frame_locator("iframe[title='Video from YouTube']")
    expect(frame.locator("html")).to_be_attached()
    assert asked[0].startswith("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?enablejsapi=1")
    player = next(one for one in page.frames if "youtube-nocookie" in one.url)
    player.wait_for_function("() => playing && now() > 119")
    page.wait_for_timeout(2500)
    wanted, here = page.evaluate("() => performance.now() / 1000"), player.evaluate(PLACE)
    page.wait_for_timeout(1000)
    drift = (player.evaluate(PLACE) - here) - (page.evaluate("() => performance.now() / 1000") - wanted)
    assert abs(drift) < 0.3

    server.send({"type": "video", "video": "dQw4w9WgXcQ", "playing": False, "position": 30, "at": 2000, "now": 2000})
    player.wait_for_function("() => !playing && Math.abs(now() - 30) < 0.3")
    server.send({"type": "video", "video": ""})
    expect(page.locator("iframe")).to_have_count(0)


def test_what_is_sent_before_its_module_is_there_is_sent_once_it_is(enter: Enter) -> None:
    held: list[Any] = []
    host = enter(host=True, routes={"**/js/live/video-tab*.js": lambda route: held.append(route)})
    opened(host.page)
    tab(host.page, "Video").click()
    field = host.page.get_by_label("Address of a video on YouTube")
    field.fill("https://youtu.be/dQw4w9WgXcQ")
    field.press("Enter")
    field.press("Enter")
    expect(field).to_have_value("https://youtu.be/dQw4w9WgXcQ")
    assert [message["type"] for message in host.heard].count("hello") == 1  # the page was not loaded anew
    held[0].continue_()
    host.wait_for("video_open", 1)
    assert host.heard[-1] == {"type": "video_open", "address": "https://youtu.be/dQw4w9WgXcQ"}


def test_host_steers_the_video_for_all(enter: Enter) -> None:
    host = enter(host=True)
    opened(host.page)
    tab(host.page, "Video").click()
    field = host.page.get_by_label("Address of a video on YouTube")
    field.fill("https://youtu.be/dQw4w9WgXcQ")
    field.press("Enter")
    host.wait_for("video_open", 1)
    assert host.heard[-1]["address"] == "https://youtu.be/dQw4w9WgXcQ"
    host.send({"type": "video", "video": "dQw4w9WgXcQ", "playing": False, "position": 0, "at": 1000, "now": 1000})
    host.page.get_by_role("button", name="Play for everybody").click()
    host.wait_for("video_steer", 1)
    assert host.heard[-1] == {"type": "video_steer", "playing": True, "position": 0}
    host.send({"type": "video", "video": "dQw4w9WgXcQ", "playing": True, "position": 0, "at": 1000, "now": 1000})
    expect(host.page.get_by_role("button", name="Pause for everybody")).to_be_visible()
    host.page.get_by_role("button", name="Close the video").click()
    host.wait_for("video_close", 1)


def test_what_did_not_go_out_is_said_and_kept(enter: Enter) -> None:
    host = enter(host=True)
    opened(host.page)
    tab(host.page, "Video").click()
    field = host.page.get_by_label("Address of a video on YouTube")
    field.fill("https://youtu.be/dQw4w9WgXcQ")
    words = host.page.locator("live-chat input:visible")
    words.fill("One moment")
    host.cut()
    state = host.page.locator('[data-live="state"]')
    for act in (
        lambda: field.press("Enter"),
        lambda: words.press("Enter"),
        lambda: host.page.locator('[data-action="hide-for-all"]').first.click(),
    ):
        host.page.evaluate("() => { document.querySelector('[data-live=\"state\"]').textContent = '' }")
        act()
        expect(state).to_have_text(NOT_SENT)
    expect(field).to_have_value("https://youtu.be/dQw4w9WgXcQ")
    expect(words).to_have_value("One moment")
    assert not [each for each in host.heard if each["type"] in ("video_open", "chat", "work_area")]
