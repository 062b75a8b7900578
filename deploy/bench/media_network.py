"""Real browsers over a bad network: what loss, caps, an outage and another address do to a picture.

Cleo sits behind a cable of her own, on which packets are lost or slowed, Tess beside the server. Both film 20 pictures a second in
three encodings and show each other large. The server is a process of its own, as in production.
"""

import asyncio
import logging
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psutil
from playwright.async_api import async_playwright

from deploy.bench.media_contestants import OURS, settings
from deploy.bench.media_load import VAR, Figures, server
from deploy.local import browser
from sessions_live.media.builtin import BuiltinEngine
from sessions_live.media.engine import EngineError
from tests.sfu import net
from tests.sfu.firefox import Firefox
from tests.sfu.stage import CHROMIUM, SECRET, Stage, until
from tests.sfu.test_browser import enter, received, sees

OFFSET = 60  # ports, beside those of the other media benches
ROOM = "r"
SIZE, SMALL = (1280, 720), (640, 360)
SETTLE_SECONDS = 5.0  # after a change of the network, of which freezes are not counted
LOOK_SECONDS = 12.0
CAPS = (480, 240)
OUTAGE_SECONDS = 15
FILM = {"media.navigator.video.default_fps": 20}  # because Firefox' fake camera asks its preferences, not the page


class Page(Protocol):
    """A tab of either browser."""

    async def evaluate(self, expression: str) -> Any: ...


@dataclass
class View:
    """What one person sees of the other; `source` is the page that films it."""

    way: str
    page: Page
    me: str
    other: str
    source: Page

    @property
    def key(self) -> str:
        return f"{self.other} camera"

    async def numbers(self) -> Figures:
        """Return what the browser counts about the received picture."""
        found: Figures | None = await self.page.evaluate(
            f"people.{self.me}.call.stats().then(all => all.find(one => one.type === 'inbound-rtp' &&"
            f" one.trackIdentifier === people.{self.me}.call.remote.get('{self.key}')?.track?.id))"
        )
        return found or {}

    async def filmed(self) -> dict[str, int]:
        """Return how many pictures the other's browser has made so far, per encoding."""
        found = await self.source.evaluate(f"people.{self.other}.call.stats()")
        return {one.get("rid", ""): one["framesEncoded"] for one in found if one.get("framesEncoded")}

    async def watch(self, seconds: float) -> Figures:
        """Look for so long: pictures a second shown and filmed, and the longest pause between two."""
        began = await self.page.evaluate("performance.now()")
        made, before, at = await self.filmed(), await self.numbers(), time.monotonic()
        await asyncio.sleep(seconds)
        after, remade, passed = await self.numbers(), await self.filmed(), time.monotonic() - at
        pause = await self.page.evaluate(
            f"Math.max(people.{self.me}.pause('{self.key}', {began}),"
            f" performance.now() - people.{self.me}.videos.get('{self.key}').times.at(-1))"
        )
        counted = ("framesDecoded", "keyFramesDecoded", "freezeCount", "nackCount", "pliCount", "packetsLost",
                   "framesDropped", "retransmittedPacketsReceived")  # fmt: skip
        return {
            "fps": round((after.get("framesDecoded", 0) - before.get("framesDecoded", 0)) / passed, 1),
            "filmed": round(max((count - made.get(rid, 0) for rid, count in remade.items()), default=0) / passed, 1),
            "freeze_s": round(pause / 1000, 2),
            "width": after.get("frameWidth"),
        } | {name: after.get(name, 0) - before.get(name, 0) for name in counted}


@dataclass
class Call:
    """Cleo, far behind the cable, and Tess."""

    guest: net.Guest
    far: Page
    near: Page

    @property
    def down(self) -> View:
        return View("down", self.far, "cleo", "tess", self.near)

    @property
    def up(self) -> View:
        return View("up", self.near, "tess", "cleo", self.far)


@asynccontextmanager
async def chromium(program: str, origin: str) -> AsyncIterator[Page]:
    """Open the stage's page in a Chromium of its own."""
    async with async_playwright() as playwright:
        # Because cameras are for secure pages, and this one comes without TLS from another address.
        allowed = f"--unsafely-treat-insecure-origin-as-secure={origin}"
        started = await playwright.chromium.launch(executable_path=program, args=[*CHROMIUM, allowed])
        page = await started.new_page()
        await page.goto(origin)
        await page.wait_for_function("window.ready")
        yield page
        await started.close()


@asynccontextmanager
async def firefox(guest: net.Guest, origin: str) -> AsyncIterator[Page]:
    """Open the stage's page in a Firefox behind the cable."""
    insecure = {"media.devices.insecure.enabled": True, "media.getusermedia.insecure.enabled": True}
    with tempfile.TemporaryDirectory(dir=VAR) as folder:
        started = Firefox(Path(folder).absolute(), namespace=guest.at_guest, preferences=insecure | FILM)
        await started.start()
        try:
            page = await started.page(origin)
            await until(lambda: page.evaluate("window.ready === true"), 20)
            yield page
        finally:
            await started.stop()


@asynccontextmanager
async def served(host: str, offset: int) -> AsyncIterator[tuple[Stage, psutil.Process]]:
    """Run our server, and the stage with its page."""
    given = settings(host, offset) | {"MEDIA_SECRET": SECRET}
    async with server(OURS, **given) as process, Stage(given["MEDIA_CONTROL"]).open("0.0.0.0") as stage:
        stage.url = stage.url.replace("0.0.0.0", "127.0.0.1")
        await _ready(stage.engines["builtin"])
        yield stage, process


@asynccontextmanager
async def calling(kind: str, size: tuple[int, int] = SIZE) -> AsyncIterator[Call]:
    """Let Cleo, in a browser of this `kind`, and Tess, in Chromium, see each other."""
    async with AsyncExitStack() as stack:
        guest = stack.enter_context(net.guest())
        stack.enter_context(guest.at_server())
        stage, _ = await stack.enter_async_context(served(guest.host, OFFSET))
        port = stage.url.rstrip("/").rpartition(":")[2]
        origin = f"http://{guest.host}:{port}"
        behind = guest.browser(VAR) if kind == "chromium" else ""
        opened = chromium(behind, origin) if behind else firefox(guest, origin)
        far = await stack.enter_async_context(opened)
        near = await stack.enter_async_context(chromium(str(browser.find()), f"http://127.0.0.1:{port}"))
        call = Call(guest, far, near)
        await enter(near, "tess", voice=False, size=size)
        await enter(far, "cleo", voice=False, size=size)
        for view in (call.down, call.up):
            shown = f"people.{view.me}.call.show([{{peer: '{view.other}', source: 'camera', height: 720}}])"
            await view.page.evaluate(shown)
            await until(sees(view.page, view.me, view.key, 30), 60)
        await asyncio.sleep(SETTLE_SECONDS)
        yield call


async def _ready(engine: BuiltinEngine) -> None:
    """Wait for the server to start."""
    for _ in range(100):
        try:
            return await engine.open_room(ROOM)
        except (EngineError, OSError):
            await asyncio.sleep(0.1)
    raise TimeoutError("The media server did not start.")


async def loss(call: Call, percent: int = 10, seconds: float = LOOK_SECONDS) -> Figures:
    """Lose so many of a hundred packets, one way at a time."""
    rows = {}
    for view in (call.down, call.up):
        call.guest.clear()
        await asyncio.sleep(3)
        call.guest.lose(view.way, percent)
        await asyncio.sleep(2)  # the change to smaller encodings
        rows[view.way] = await view.watch(seconds)
        show(f"loss {percent} {view.way}", rows[view.way])
    call.guest.clear()
    return rows


async def caps(call: Call, kbps: int, seconds: float = LOOK_SECONDS) -> Figures:
    """Let only so many kbit/s pass, both ways at once."""
    call.guest.clear()
    await asyncio.sleep(3)
    for way in ("down", "up"):
        call.guest.cap(way, kbps)
    await asyncio.sleep(SETTLE_SECONDS)
    down, up = await asyncio.gather(call.down.watch(seconds), call.up.watch(seconds))
    call.guest.clear()
    for way, row in (("down", down), ("up", up)):
        show(f"cap {kbps} {way}", row)
    return {"down": down, "up": up}


async def measure(kind: str) -> Figures:
    """Return all figures of this kind of browser behind the cable."""
    logging.getLogger("websockets.server").setLevel(
        logging.CRITICAL
    )  # because sockets end in outages, and that is no news
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))  # because browsers that film need more than the load's core
    try:
        async with calling(kind) as call:
            lost = await loss(call)
            capped = {kbps: await caps(call, kbps) for kbps in CAPS}
        async with calling(kind, SMALL) as call:
            cut, moved = await outage(call), await move(call)
    finally:
        os.sched_setaffinity(0, cores)
    show(f"{kind} cut off", {"outage_back_s": cut, "address_change_s": moved})
    return {"loss": lost, "caps": capped, "outage_back_s": cut, "address_change_s": moved}


def verdict(found: Figures, suffix: str = "") -> Figures:
    """Return the figures that the project is held to."""
    out = {f"loss10_{way}_fps": row["fps"] for way, row in found["loss"].items()}
    for kbps, ways in found["caps"].items():
        out[f"cap{kbps}_freeze_s"] = max(row["freeze_s"] for row in ways.values())
    out |= {name: found[name] for name in ("outage_back_s", "address_change_s")}
    return {f"{name}{suffix}": value for name, value in out.items()}


async def outage(call: Call, seconds: float = OUTAGE_SECONDS) -> float:
    """Cut the cable for a while; return after how many seconds both have pictures again."""
    call.guest.outage()
    await asyncio.sleep(seconds)
    before = [await received(view.page, view.me, view.key) for view in (call.down, call.up)]
    call.guest.clear()
    began = time.monotonic()
    for view, count in zip((call.down, call.up), before, strict=True):
        await until(sees(view.page, view.me, view.key, count + 3), 30)
    return round(time.monotonic() - began, 2)


async def move(call: Call) -> float:
    """Give Cleo another address; return the longest pause in seconds that she sees."""
    view = call.down
    began = await view.page.evaluate("performance.now()")
    call.guest.move()
    await view.page.evaluate("window.dispatchEvent(new Event('online'))")
    before = await received(view.page, view.me, view.key)
    await until(sees(view.page, view.me, view.key, before + 20), 30)
    return round(await view.page.evaluate(f"people.{view.me}.pause('{view.key}', {began})") / 1000, 2)


def show(name: str, row: Figures) -> None:
    """Print one row."""
    print(f"{name:14}", "  ".join(f"{key} {value}" for key, value in row.items() if value), flush=True)
