"""People of real browsers, and strangers: slots that are used again, a worker that is killed, 60,000 malformed messages."""

import asyncio
import os
import random
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress

import psutil
import pylibsrtp
from aioice import stun

from deploy.bench.media_client import VIDEO_TYPE, Client
from deploy.bench.media_contestants import OURS, other_address, settings
from deploy.bench.media_load import VAR, Figures, server
from deploy.bench.media_network import ROOM, Page, chromium, served, show
from deploy.local import browser
from deploy.local.valkey import Valkey
from sessions_live.media.builtin import BuiltinEngine
from sessions_live.media.workers import LeasedWorkers
from tests.sfu.stage import SECRET, Stage, until
from tests.sfu.test_browser import enter, sees

OFFSET = 80  # ports, beside those of the other media benches
VISITORS = 25
CALLERS = 6
MALFORMED = 10_000  # of each kind


# -- slots -------------------------------------------------------------------------------------------------------------


async def measure() -> Figures:
    """Return all figures of this module."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        found = {"slots": await slots(), "killed": await killed()}
    finally:
        os.sched_setaffinity(0, cores)
    found["malformed"] = await malformed()
    for name, row in found.items():
        show(name, row)
    return found


def verdict(found: Figures) -> Figures:
    """Return the figures that the project is held to."""
    return {
        "mlines_25": found["slots"]["m_lines"],
        "mlines_problems": found["slots"]["problems"],
        "killed_back_s": found["killed"]["p95"],
        "malformed_crashes": found["malformed"]["crashes"],
        "malformed_frames": found["malformed"]["frames"],
        "malformed_mb": found["malformed"]["mb"],
    }


async def slots() -> Figures:
    """Let 25 people come and go before one who watches; return the m-lines that this leaves, and the errors."""
    host = other_address()
    async with served(host, OFFSET) as (stage, _), chromium(str(browser.find()), stage.url) as page:
        reach = settings(host, OFFSET)["MEDIA_CONTROL"]
        await enter(page, "viewer", camera=False, voice=False)
        for number in range(VISITORS):
            visitor = Client(f"v{number}", host=host)
            await visitor.join(reach, secret=SECRET, room=ROOM)
            await visitor.publish("audio", "camera")
            await until(lambda name=visitor.peer: page.evaluate(f"people.viewer.call.remote.has('{name} camera')"))
            visitor.stream.send({"type": "leave"})
            await until(lambda name=visitor.peer: page.evaluate(f"!people.viewer.call.remote.has('{name} camera')"))
            visitor.close()
        lines = await page.evaluate("people.viewer.call.engine.sub.remoteDescription.sdp.match(/^m=/gm).length")
        problems = await page.evaluate("people.viewer.named('problem').length")
    return {"joins": VISITORS, "m_lines": lines, "problems": problems}


# -- a killed worker ---------------------------------------------------------------------------------------------------


async def killed() -> Figures:
    """Kill the worker of six callers; return after how many seconds each has a picture of another again."""
    host = other_address()
    with Valkey(VAR.absolute() / "valkey", durable=False) as valkey:
        given = settings(host, OFFSET) | {"MEDIA_SECRET": SECRET, "MEDIA_WORKERS": "2", "VALKEY_URL": valkey.url()}
        engine = BuiltinEngine(secret=SECRET, workers=LeasedWorkers(valkey.url()))
        async with server(OURS, **given) as parent, Stage(given["MEDIA_CONTROL"]).open("0.0.0.0") as stage:
            stage.engines["builtin"] = engine
            await until(lambda: len(_workers(parent)) == 2, 20)
            async with chromium(str(browser.find()), stage.url) as page:
                await _all_enter(page)
                place = int((await engine.workers.address_of(ROOM)).rpartition(":")[2]) - int(
                    given["MEDIA_CONTROL"].rpartition(":")[2]
                )
                victim = _workers(parent)[int(given["MEDIA_PORT"]) + place]
                began = await page.evaluate("performance.now()")
                os.kill(victim, signal.SIGKILL)
                waits = [await _back(page, f"p{number}", began) for number in range(CALLERS)]
    return {"callers": CALLERS, "back_s": sorted(waits), "p95": sorted(waits)[int(CALLERS * 0.95)]}


def _workers(parent: psutil.Process) -> dict[int, int]:
    """Return UDP port → process of the workers."""
    found = {}
    for process in parent.children(recursive=True):
        with suppress(psutil.Error):
            found |= {one.laddr.port: process.pid for one in process.net_connections("udp") if one.laddr}
    return found


async def _all_enter(page: Page) -> None:
    for number in range(CALLERS):
        await enter(page, f"p{number}", voice=False, size=(320, 180))
    for number in range(CALLERS):
        other = (number + 1) % CALLERS
        hidden = ",".join(
            f"{{peer: 'p{one}', source: 'camera', height: {180 if one == other else 0}}}"
            for one in range(CALLERS)
            if one != number
        )
        await page.evaluate(f"people.p{number}.call.show([{hidden}])")
    for number in range(CALLERS):
        await until(sees(page, f"p{number}", f"p{(number + 1) % CALLERS} camera"), 60)


async def _back(page: Page, me: str, began: float) -> float:
    """Wait for a picture that was shown half a second or more after `began`; return how long that took."""
    late = f"Math.min(...[...people.{me}.videos.values()].flatMap(one => (one.times ?? []).filter(at => at > {began} + 500)))"
    at = await until(lambda: page.evaluate(f"(at => Number.isFinite(at) ? at : 0)({late})"), 30)
    return float(round((at - began) / 1000, 2))


# -- strangers and broken browsers -------------------------------------------------------------------------------------


async def malformed() -> Figures:
    """Send nonsense of six kinds at a worker that carries a call; return what became of both."""
    host = other_address()
    reach = settings(host, OFFSET)["MEDIA_CONTROL"]
    random.seed(8)
    async with served(host, OFFSET) as (_, process):
        tess, cleo, mallory = [await _client(name, host, reach) for name in ("tess", "cleo", "mallory")]
        await tess.publish("audio", "camera")
        await cleo.subscribe()
        await mallory.publish("camera", rids=("q", "h", "f"))
        await mallory.subscribe()
        await until(lambda: cleo.down is not None and cleo.down.connected)
        filming = asyncio.create_task(_film(tess))
        await asyncio.sleep(2)
        memory, cleo.received = process.memory_info().rss, []
        first = tess.senders["camera"].picture
        assert mallory.up is not None
        stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        stranger.connect(mallory.up.remote)
        for make in (_noise, _stun, _hello):
            await _often(lambda make=make: stranger.send(make()))
        for send in (lambda: mallory.up.send_rtp(_rtp()), lambda: mallory.up.send_rtcp(_rtcp())):
            await _often(send)
        await _messages(reach)
        last = tess.senders["camera"].picture
        await asyncio.sleep(1)
        seen = {
            (payload[2] & 0x7F) << 8 | payload[3] for kind, *_, payload in cleo.received if kind & 127 == VIDEO_TYPE
        }
        numbers = {(first + step) & 0x7FFF for step in range(1, (last - first & 0x7FFF) + 1)}
        grown = (process.memory_info().rss - memory) / 1e6
        filming.cancel()
        stranger.close()
        return {"each": MALFORMED, "crashes": int(process.status() == psutil.STATUS_ZOMBIE), "filmed": len(numbers),
                "frames": round(len(seen & numbers) / len(numbers), 4), "mb": round(grown, 1)}  # fmt: skip


async def _client(name: str, host: str, reach: str) -> Client:
    client = Client(name, host=host)
    await client.join(reach, secret=SECRET, room=ROOM)
    return client


async def _film(client: Client) -> None:
    """Send 20 pictures a second, a key frame each second."""
    number = 0
    while True:
        client.senders["camera"].frame(key=number % 20 == 0, parts=2)
        client.senders["camera"].keep.clear()
        number += 1
        await asyncio.sleep(0.05)


async def _often(send: Callable[[], object]) -> None:
    for number in range(MALFORMED):
        with suppress(OSError, pylibsrtp.Error):  # some are so wrong that not even the sender's library takes them
            send()
        if number % 25 == 0:
            await asyncio.sleep(0.01)


def _noise() -> bytes:
    return os.urandom(random.randrange(0, 1400))


def _stun() -> bytes:
    if random.random() < 0.5:
        return struct.pack("!HHI", 1, random.randrange(0, 400), stun.COOKIE) + os.urandom(random.randrange(0, 60))
    return bytes(stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": "x:y"}))


def _hello() -> bytes:
    """Return the beginning of a DTLS ClientHello."""
    return bytes.fromhex("16fefd0000000000000000") + struct.pack("!H", 60) + b"\x01" + os.urandom(59)


def _rtp() -> bytes:
    first = bytes([random.choice((0x80, 0x90, 0xA0, 0xB0, 0x9F)), random.choice((96, 97, 224, 111, 0))])
    return first + os.urandom(10 + random.randrange(0, 60))


def _rtcp() -> bytes:
    head = struct.pack("!BBH", 0x80 | random.randrange(32), random.randrange(200, 208), random.randrange(0, 40))
    return head + os.urandom(8 + random.randrange(0, 60))


async def _messages(reach: str) -> None:
    """Say nonsense to the control address, on as many connections as it takes."""
    host, _, port = reach.rpartition(":")
    words = (
        b"{}",
        b"[]",
        b"null",
        b'{"type": 7}',
        b'{"type": "join"}',
        b'{"type": "publish.offer", "sdp": "v=0"}',
        b"\xff\xfe{",
    )
    left = MALFORMED
    while left > 0:
        reader, writer = await asyncio.open_connection(host, int(port))
        with suppress(ConnectionError):
            for _ in range(min(left, 200)):
                writer.write(random.choice((*words, os.urandom(40).replace(b"\n", b""))) + b"\n")
                left -= 1
            await writer.drain()
            writer.write_eof()
            await asyncio.wait_for(reader.read(1 << 20), 5)
        writer.close()
