"""Whoever is out of a session captures nothing: every way out, with camera, microphone and screen on, in a real browser; and devices that fail."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.meetings import practice, sign_in, take_out

# Every track that the browser ever handed out, so that one which nobody holds any more is seen as well.
TRACKED = """
window.captured = []
for (const name of ['getUserMedia', 'getDisplayMedia']) {
  const open = navigator.mediaDevices[name].bind(navigator.mediaDevices)
  navigator.mediaDevices[name] = async (...wanted) => {
    if (window.failure) throw new DOMException('', window.failure)
    const stream = await open(...wanted)
    captured.push(...stream.getTracks().map((track) => Object.assign(track, { kindOfSource: name })))
    return stream
  }
}
"""
RUNNING = "() => captured.filter((track) => track.readyState === 'live').map((track) => `${track.kindOfSource} ${track.kind}`).sort()"
EVERYTHING = ["getDisplayMedia video", "getUserMedia audio", "getUserMedia video"]
# A device that is pulled out: its track ends by itself, which `stop()` does not tell.
UNPLUG = """(source) => {
  const track = document.querySelector('device-check').tracks.get(source)
  track.stop()
  track.dispatchEvent(new Event('ended'))
}"""
REPLACED = "() => document.querySelector('device-check').tracks.get('audio')?.readyState === 'live'"
ON = ".live-controls [data-action='{}'][aria-pressed='true']"
OFF = ".live-controls [data-action='{}'][aria-pressed='false']"
MUTED = ".tile:not([data-self]) .tile__muted"


@pytest.fixture(scope="module")
def house(served):
    return practice(served, "live-ends", "server")


@pytest.fixture
def meet(house, person, served):
    """`meet()` -> address, room, Tess and Gus, both inside."""

    def both():
        address, room = house
        pages = []
        for name in ("tess", "gus"):
            page = sign_in(person(permissions=["camera", "microphone"]), address, f"{name}@example.test")
            page.add_init_script(TRACKED)
            page.goto(f"{room}#now")
            pages.append(page)
        tess, gus = pages
        tess.click('[data-action="toggle-people"]')
        tess.locator('[data-live="queue-list"]').get_by_role("button", name="Admit").click()
        for page in pages:
            expect(page.locator("#live-room")).to_have_attribute("data-call", "connected", timeout=60_000)
        return address, room, tess, gus

    yield both
    served.inside(
        "live-ends", "from sessions_live.models import Admission\nAdmission.objects.update(state='left')\nanswer = ''"
    )


def share(page):
    page.click('.live-controls [data-action="share"]')
    expect(page.locator(".tile[data-source='screen'][data-self]")).to_have_count(1)
    assert [one for one in page.evaluate(RUNNING) if one != "getDisplayMedia audio"] == EVERYTHING


def nothing_runs(page):
    page.wait_for_function(f"() => ({RUNNING})().length === 0", timeout=15_000)


def removed(served, tess, gus, room):
    take_out(tess)


def taken_over(served, tess, gus, room):
    other = gus.context.new_page()
    other.goto(f"{room}#now")


def signed_out(served, tess, gus, room):
    other = gus.context.new_page()
    other.goto(room.split("/live/")[0] + "/profile/")
    other.evaluate("""async () => {
      const token = document.querySelector('[name=csrfmiddlewaretoken]')?.value ?? document.cookie.match(/csrf=([^;]+)/)?.[1]
      await fetch('/account/logout/', { method: 'POST', headers: { 'X-CSRFToken': token } })
    }""")


def access_ended(served, tess, gus, room):
    served.inside(
        "live-ends",
        """
from core.kernel import clock
from core.kernel.audit import System
from core.people.actions import end_sessions
from core.people.models import User
end_sessions(User.objects.get(email="gus@example.test"), now=clock.now())
answer = ""
""",
    )


def flooded(served, tess, gus, room):
    gus.evaluate(
        "() => { for (let count = 0; count < 260; count += 1) document.getElementById('live-room').call.send({ type: 'none' }) }"
    )


def frozen(served, tess, gus, room):
    gus.evaluate("() => document.dispatchEvent(new Event('freeze'))")


def hidden_for_good(served, tess, gus, room):
    gus.evaluate("() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")


def taken_from_the_page(served, tess, gus, room):
    gus.evaluate("() => document.getElementById('live-room').remove()")


@pytest.mark.parametrize(
    "way", [removed, taken_over, signed_out, access_ended, flooded, frozen, hidden_for_good, taken_from_the_page]
)
def test_whoever_is_out_captures_nothing(served, meet, way):
    address, room, tess, gus = meet()
    share(gus)

    way(served, tess, gus, room)

    nothing_runs(gus)
    expect(tess.locator(".tile[data-source='screen']")).to_have_count(0, timeout=30_000)


@pytest.mark.parametrize("way", ["end for everybody", "leave"])
def test_who_goes_to_the_last_page_captures_nothing_meanwhile(meet, way):
    address, room, tess, gus = meet()
    share(gus)
    gus.route(re.compile(r"/ended/"), lambda route: route.fulfill(status=204))  # nothing comes, and the page stays
    if way == "leave":
        gus.click('.live-controls [data-action="leave"]')
    else:
        tess.get_by_role("button", name="End", exact=True).click()
        tess.get_by_role("button", name="End for everybody").click()
    nothing_runs(gus)


def test_after_a_sleep_the_page_is_at_the_door_without_call_screen_and_old_chat(served, meet):
    address, room, tess, gus = meet()
    share(gus)
    tess.click('[data-action="toggle-chat"]')
    tess.fill("#chat-text", "For those inside only")
    tess.press("#chat-text", "Enter")
    expect(gus.locator('[data-live="session-chat"] .bubble')).to_have_count(1)
    served.inside(
        "live-ends",
        """
from core.kernel import clock
from sessions_live import actions
from sessions_live.models import Admission
actions.leave(Admission.objects.get(user__email="gus@example.test", state="admitted"), now=clock.now())
answer = ""
""",
    )
    gus.evaluate("() => dispatchEvent(new Event('online'))")  # the line is made anew
    expect(gus.locator("#live-room")).to_have_attribute("data-phase", "waiting", timeout=30_000)
    expect(gus.locator('[data-live="session-chat"] .bubble')).to_have_count(0)
    expect(gus.locator(".tile")).to_have_count(0)
    expect(gus.locator('[data-live="state"]')).to_have_text("")
    assert "getDisplayMedia video" not in gus.evaluate(RUNNING)
    gus.keyboard.press("Alt+s")
    assert "getDisplayMedia video" not in gus.evaluate(RUNNING)  # nobody shares a screen at the door

    tess.click('[data-action="toggle-people"]')
    tess.locator('[data-live="queue-list"]').get_by_role("button", name="Admit").click()
    expect(gus.locator("#live-room")).to_have_attribute("data-call", "connected", timeout=60_000)
    expect(tess.locator(".tile:not([data-dark])")).to_have_count(2, timeout=45_000)


def test_device_that_is_unplugged_gives_way_to_another_or_is_said_to_be_gone(meet):
    address, room, tess, gus = meet()
    expect(tess.locator(MUTED)).to_be_hidden()

    gus.evaluate(UNPLUG, "audio")
    expect(gus.locator('[data-live="state"]')).to_contain_text("Another one is used now")
    expect(gus.locator(ON.format("mic"))).to_have_count(1)
    expect(tess.locator(MUTED)).to_be_hidden()

    gus.click('.live-controls [data-action="mic"]')  # who is muted stays so
    expect(tess.locator(MUTED)).to_be_visible()
    gus.evaluate(UNPLUG, "audio")
    gus.wait_for_function(REPLACED)
    expect(gus.locator(OFF.format("mic"))).to_have_count(1)
    assert gus.evaluate("() => document.querySelector('device-check').tracks.get('audio').enabled") is False
    gus.click('.live-controls [data-action="mic"]')
    expect(tess.locator(MUTED)).to_be_hidden()

    gus.evaluate("() => { window.failure = 'NotFoundError' }")
    gus.evaluate(UNPLUG, "audio")
    expect(gus.locator('[data-live="state"]')).to_contain_text("The others cannot hear you")
    expect(gus.locator(OFF.format("mic"))).to_have_count(1)
    expect(tess.locator(MUTED)).to_be_visible()
    gus.evaluate(UNPLUG, "camera")
    expect(gus.locator('[data-live="state"]')).to_contain_text("The others cannot see you")
    expect(tess.locator(".tile:not([data-self])")).to_have_attribute("data-dark", "")

    for failure, sentence in (
        ("NotReadableError", "Another program"),
        ("NotAllowedError", "are blocked for this page"),
    ):
        gus.evaluate("(name) => { window.failure = name }", failure)
        gus.click('.live-controls [data-action="camera"]')
        expect(gus.locator('[data-live="state"]')).to_contain_text(sentence)
        expect(gus.locator(OFF.format("camera"))).to_have_count(1)

    gus.evaluate("() => { window.failure = '' }")
    for switch in ("mic", "camera"):
        gus.click(f'.live-controls [data-action="{switch}"]')
        expect(gus.locator(ON.format(switch))).to_have_count(1)
    expect(tess.locator(".tile:not([data-self])[data-dark]")).to_have_count(0)
    expect(tess.locator(MUTED)).to_be_hidden()


def test_devices_are_chosen_inside_and_keys_do_nothing_while_typing(meet):
    address, room, tess, gus = meet()
    gus.get_by_role("button", name="Devices").click()
    dialog = gus.get_by_role("dialog", name=re.compile("Camera, microphone"))
    microphones = dialog.get_by_label("Microphone")
    other = microphones.locator("option").nth(1).get_attribute("value")
    microphones.select_option(other)
    gus.wait_for_function(
        "(id) => document.getElementById('live-room').call.local.get('audio').track.getSettings().deviceId === id",
        arg=other,
    )
    dialog.get_by_role("button", name="Close").click()

    expect(gus.locator("#chat-text")).to_be_visible()
    gus.focus("#chat-text")
    for key in ("Alt+m", "Alt+v", "Alt+c"):
        gus.keyboard.press(key)
    expect(gus.locator(ON.format("mic"))).to_have_count(1)
    expect(gus.locator(ON.format("camera"))).to_have_count(1)
    expect(gus.locator("#chat-text")).to_be_visible()
    gus.evaluate("() => document.activeElement.blur()")
    gus.keyboard.press("Alt+m")
    expect(gus.locator(OFF.format("mic"))).to_have_count(1)


def test_who_has_no_microphone_is_shown_so(house, served, person):
    address, room = house
    tess = sign_in(person(permissions=["camera", "microphone"]), address, "tess@example.test")
    gus = sign_in(person(permissions=["camera"]), address, "gus@example.test")
    gus.add_init_script(
        "const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)\n"
        "navigator.mediaDevices.getUserMedia = (wanted) => { if (wanted.audio) throw new DOMException('', 'NotFoundError'); return open(wanted) }"
    )
    for page in (tess, gus):
        page.goto(f"{room}#now")
    tess.click('[data-action="toggle-people"]')
    tess.locator('[data-live="queue-list"]').get_by_role("button", name="Admit").click()
    expect(tess.locator(".tile:not([data-dark])")).to_have_count(2, timeout=60_000)
    expect(tess.locator(MUTED)).to_be_visible()
    expect(gus.locator(".tile[data-self] .tile__muted")).to_be_visible()
    expect(gus.locator(".tile:not([data-self]) .tile__muted")).to_be_hidden()
    served.inside(
        "live-ends", "from sessions_live.models import Admission\nAdmission.objects.update(state='left')\nanswer = ''"
    )
