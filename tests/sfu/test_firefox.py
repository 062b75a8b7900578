"""The same library in a real Firefox, through the built-in server, with a Chromium on the other side.

Without a Firefox, and no means to install one, these tests fail and say how to get it; they do not skip.
"""

import asyncio

import pytest

from deploy.bench.media_contestants import other_address
from deploy.local import browser
from tests.sfu.firefox import Firefox
from tests.sfu.pages import enter, hears, received, sees
from tests.sfu.stage import running_worker, until

pytestmark = [pytest.mark.media, pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
async def worker(tmp_path):
    """On an address of this machine that is not loopback, because Firefox sends nothing there."""
    async with running_worker(tmp_path / "recordings", host="0.0.0.0", ips=(other_address(),)) as worker:
        yield worker


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    """One Firefox for all, because starting it takes seconds."""
    running = Firefox(tmp_path_factory.mktemp("firefox") / "home")
    running.launch()
    yield running
    running.end()


@pytest.fixture
async def fox(stage, firefox):
    """A page of the stage in Firefox."""
    await firefox.connect()
    try:
        page = await firefox.page(stage.url)
        await until(lambda: page.evaluate("window.ready === true"), 20)
        yield page
    finally:
        await firefox.disconnect()


async def test_firefox_and_chromium_see_and_hear_each_other(fox, page, worker):
    await enter(fox, "foxy", size=(640, 480))
    await enter(page, "chris")
    for one, me, other in ((fox, "foxy", "chris"), (page, "chris", "foxy")):
        await until(sees(one, me, f"{other} camera", 20), 40)
        await until(hears(one, me, f"{other} audio", 50), 20)
        pixels = await one.evaluate(f"people.{me}.pixels('{other} camera')")
        assert pixels["max"] > 0, "a picture, not a blank"
    assert await fox.evaluate("people.foxy.call.state") == "connected"
    assert await fox.evaluate("people.foxy.named('problem')") == []
    assert await received(fox, "foxy", "chris audio", "energy") > 0, "a sound, not silence"


async def test_encodings_of_firefox_follow_the_tile_and_the_demand(fox, page, worker):
    await enter(fox, "foxy", voice=False, size=(1280, 720))
    await enter(page, "chris", voice=False, camera=False)
    await until(sees(page, "chris", "foxy camera"), 40)
    for height, width in ((180, 320), (360, 640)):
        await page.evaluate(f"people.chris.call.show([{{peer: 'foxy', source: 'camera', height: {height}}}])")

        async def wide(width=width):
            return await received(page, "chris", "foxy camera", "width") == width

        await until(wide, 45)
    layers = worker.room("r").peers["foxy"].producers()[0].layers
    assert {"q", "h"} <= set(layers), "the largest comes only where the machine has the time for it"
    await page.evaluate("people.chris.call.show([{peer: 'foxy', source: 'camera', height: 0}])")

    async def quiet():
        before = layers["q"].packets
        await asyncio.sleep(0.5)
        return layers["q"].packets == before

    await until(quiet, 20)


async def test_pictures_of_chromium_follow_the_tile_in_firefox(fox, page):
    await enter(page, "chris", voice=False, size=(1280, 720))
    await enter(fox, "foxy", voice=False, camera=False)
    await until(sees(fox, "foxy", "chris camera"), 40)
    for height, width in ((180, 320), (360, 640)):
        await fox.evaluate(f"people.foxy.call.show([{{peer: 'chris', source: 'camera', height: {height}}}])")

        async def wide(width=width):
            return await received(fox, "foxy", "chris camera", "width") == width

        await until(wide, 45)


async def test_screens_pass_between_firefox_and_chromium(fox, page):
    """Firefox without a display finds no screen and says so; its own tab it captures by the same means."""
    await enter(fox, "foxy", voice=False)
    await enter(page, "chris", voice=False)
    await until(sees(page, "chris", "foxy camera"), 40)
    await page.evaluate("people.chris.screen()")
    await until(sees(fox, "foxy", "chris screen", 3), 30)
    assert await fox.evaluate("people.foxy.screen().catch(error => error.trouble)") == "no-screen"
    await fox.evaluate(
        "navigator.mediaDevices.getUserMedia({video: {mediaSource: 'browser'}})"
        ".then(captured => people.foxy.call.publish('screen', captured.getTracks()[0]))"
    )
    await fox.evaluate(
        "setInterval(() => { document.body.style.background = ['red', 'lime'][Math.floor(performance.now() / 100) % 2]; }, 100)"
    )
    await until(sees(page, "chris", "foxy screen", 5), 30)

    async def whole():
        return await received(page, "chris", "foxy screen", "width") >= 1000

    await until(whole, 20)
    await fox.evaluate("people.foxy.call.unpublish('screen')")
    await until(lambda: page.evaluate("!people.chris.call.remote.has('foxy screen')"))
    before = await received(page, "chris", "foxy camera")
    await until(sees(page, "chris", "foxy camera", before + 10), 15)


async def test_pointers_pass_between_firefox_and_chromium(fox, page):
    await enter(fox, "foxy", camera=False)
    await enter(page, "chris", camera=False)
    for one, me, other_page, other in ((fox, "foxy", page, "chris"), (page, "chris", fox, "foxy")):

        async def pointed(one=one, me=me, other_page=other_page, other=other):
            await one.evaluate(f"people.{me}.call.point('0.5,0.25')")
            return await other_page.evaluate(f"people.{other}.named('pointer')")

        found = await until(pointed, 30, every=0.3)
        assert (found[0]["peer"], found[0]["data"]) == (me, "0.5,0.25")


async def test_mute_and_camera_off_in_firefox(fox, page):
    await enter(fox, "foxy")
    await enter(page, "chris", camera=False, voice=False)
    await until(sees(page, "chris", "foxy camera"), 40)
    for source in ("audio", "camera"):
        await fox.evaluate(f"people.foxy.call.mute('{source}', true)")
        await until(lambda source=source: page.evaluate(f"people.chris.call.remote.get('foxy {source}').muted"))
    before = await received(page, "chris", "foxy camera")
    await fox.evaluate("people.foxy.camera(640, 360)")
    await until(sees(page, "chris", "foxy camera", before + 5), 20)


async def test_missing_firefox_is_told_with_its_cure(monkeypatch):
    monkeypatch.setenv("FIREFOX", "/no/such/firefox")
    with pytest.raises(browser.BrowserError, match="FIREFOX=/path/to/firefox"):
        browser.firefox()
