"""Two people in two browsers: device check, waiting room, doorbell, admission, seeing and hearing each other, chat, end."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.meetings import practice, sign_in

# Bytes and frames that have arrived, from the browser's own statistics.
RECEIVED = """async () => {
  const stats = await document.getElementById('live-room').call.stats()
  const inbound = stats.filter((one) => one.type === 'inbound-rtp')
  const sum = (kind, field) => inbound.filter((one) => one.kind === kind).reduce((all, one) => all + (one[field] ?? 0), 0)
  return { frames: sum('video', 'framesDecoded'), samples: sum('audio', 'totalSamplesReceived'), energy: sum('audio', 'totalAudioEnergy') }
}"""
# Pictures of somebody else's screen are shown.
SHARED = """() => {
  const video = document.querySelector('.tile[data-source="screen"]:not([data-self]) video')
  return video?.videoWidth > 0 && video.getVideoPlaybackQuality().totalVideoFrames > 2
}"""


@pytest.fixture(params=["direct", "server"])
def meeting(request, served):
    """Address, room and the engine that carries the call; the organization's policy is the parameter."""
    engine = {"direct": "p2p", "server": "builtin"}[request.param]
    return *practice(served, f"live-{request.param}", request.param), engine


@pytest.fixture(scope="module")
def device_check(served):
    return practice(served, "live-check", "direct")


def received_more(page):
    """Frames are decoded and sound with energy arrives, now, not only once."""
    before = page.evaluate(RECEIVED)
    page.wait_for_function(
        f"async (before) => {{ const now = await ({RECEIVED})(); return now.frames > before.frames + 5 "
        "&& now.samples > before.samples && now.energy > before.energy }",
        arg=before,
        polling=500,
        timeout=60_000,
    )


def test_two_people_meet(meeting, person):
    address, room, engine = meeting
    tess = sign_in(person(permissions=["camera", "microphone"]), address, "tess@example.test")
    tess.goto(f"{address}/dashboard/")
    gus = sign_in(
        person(permissions=["camera", "microphone"], viewport={"width": 390, "height": 844}),
        address,
        "gus@example.test",
    )

    # The guardian tests camera and microphone, then knocks.
    gus.goto(room)
    expect(gus.locator('[data-live="preview"]')).to_have_attribute("data-state", "on")
    expect(gus.locator('[data-live="meter"]')).to_have_attribute("data-moved", "")
    gus.click('.lobby [data-action="join"]')
    expect(gus.get_by_role("heading", name="Tess Moreau will let you in")).to_be_visible()
    assert gus.evaluate("document.getElementById('live-room').call.engine") is None

    # The practitioner, on another page, sees a pop-up and hears a sound; they write before admission.
    card = tess.locator(".doorbell__card")
    expect(card).to_contain_text("Gus Marten is waiting")
    expect(tess.locator("#doorbell")).to_have_attribute("data-heard", "true")
    card.get_by_role("button", name="Chat").click()
    card.locator('input[name="text"]').fill("I will be with you in a minute")
    card.locator('input[name="text"]').press("Enter")
    expect(gus.locator(".lobby .bubble")).to_contain_text("I will be with you in a minute")
    gus.fill("#door-text", "No hurry")
    gus.press("#door-text", "Enter")
    expect(card.locator(".doorbell__log")).to_contain_text("No hurry")

    # Admitting leads into the room.
    card.get_by_role("button", name="Admit").click()
    tess.wait_for_url(f"{room}#now")
    for page in (tess, gus):
        expect(page.locator("#live-room")).to_have_attribute("data-phase", "room", timeout=30_000)
        expect(page.locator("#live-room")).to_have_attribute("data-call", "connected", timeout=45_000)
        expect(page.locator("#live-room")).to_have_attribute("data-engine", engine)
        expect(page.locator(".tile")).to_have_count(2)
    expect(card).to_have_count(0)

    # Both see and hear each other.
    for page in (tess, gus):
        received_more(page)

    # They chat.
    gus.click('[data-action="toggle-chat"]')
    gus.fill("#chat-text", "Hello Tess, can you <b>see</b> Mila?")
    gus.press("#chat-text", "Enter")
    expect(tess.locator('[data-live="session-chat"] .bubble').last).to_contain_text("can you <b>see</b> Mila?")
    gus.click('[data-action="close-side"]')

    # Either of them shares a screen.
    for one, other in ((gus, tess), (tess, gus)):
        one.click('.live-controls [data-action="share"]')
        other.wait_for_function(SHARED, timeout=45_000)
        one.click('.live-controls [data-action="share"]')
        expect(other.locator(".tile[data-source='screen']")).to_have_count(0)

    # A lost line comes back without being asked again, and the pictures go on.
    gus.reload()
    gus.click('.lobby [data-action="join"]')
    expect(gus.locator("#live-room")).to_have_attribute("data-phase", "room")
    expect(gus.locator("#live-room")).to_have_attribute("data-call", "connected", timeout=45_000)
    for page in (tess, gus):
        received_more(page)

    # The camera goes off and on again; its light goes out meanwhile.
    gus.click('.live-controls [data-action="camera"]')
    expect(tess.locator(".tile:not([data-self])")).to_have_attribute("data-dark", "")
    gus.click('.live-controls [data-action="camera"]')
    expect(tess.locator(".tile:not([data-self])[data-dark]")).to_have_count(0)

    # The host ends it for both.
    tess.get_by_role("button", name="End", exact=True).click()
    tess.get_by_role("button", name="End for everybody").click()
    for page in (tess, gus):
        page.wait_for_url(f"{room}ended/")
        expect(page.get_by_role("heading", name="The session has ended")).to_be_visible()
        assert "olonnade" not in page.content()


def test_third_person_moves_the_call_and_it_goes_on(served, person):
    address, room = practice(served, "live-three", "direct")
    tess, gus, nell = (
        sign_in(person(permissions=["camera", "microphone"]), address, f"{name}@example.test")
        for name in ("tess", "gus", "nell")
    )
    for page in (tess, gus):
        page.goto(f"{room}#now")
    tess.click('[data-action="toggle-people"]')
    tess.locator('[data-live="queue-list"]').get_by_role("button", name="Admit").click()
    for page in (tess, gus):
        expect(page.locator("#live-room")).to_have_attribute("data-engine", "p2p")
        expect(page.locator("#live-room")).to_have_attribute("data-call", "connected", timeout=45_000)

    nell.goto(f"{room}#now")
    tess.locator('[data-live="queue-list"]').get_by_role("button", name="Admit").click()

    for page in (tess, gus, nell):
        expect(page.locator("#live-room")).to_have_attribute("data-engine", "builtin", timeout=30_000)
        expect(page.locator(".tile:not([data-dark])")).to_have_count(3, timeout=45_000)
        received_more(page)


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        ("NotAllowedError", "are blocked for this page"),
        ("NotFoundError", "No camera was found"),
        ("NotReadableError", "Another program is using"),
    ],
)
def test_device_trouble_is_said_plainly_and_does_not_stop_anybody(device_check, person, failure, sentence):
    address, room = device_check
    gus = sign_in(person(), address, "gus@example.test")
    gus.add_init_script(
        f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{failure}') }}"
    )

    gus.goto(room)

    expect(gus.get_by_role("alert")).to_contain_text(sentence)
    expect(gus.get_by_role("button", name="Try again")).to_be_visible()
    gus.click('.lobby [data-action="join"]')
    expect(gus.get_by_role("heading", name="Tess Moreau will let you in")).to_be_visible()
    gus.get_by_role("button", name="Leave the waiting room").click()
    gus.wait_for_url(re.compile(r"/ended/\?left$"))
