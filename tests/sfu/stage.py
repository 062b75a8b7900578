"""What the browser tests play on: a real worker, and a small stand-in for the product's socket and pages."""

import asyncio
import json
import sys
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import serve
from websockets.datastructures import Headers
from websockets.http11 import Response

from sessions_live.media.builtin import BuiltinEngine
from sessions_live.media.engine import Admission, EngineError
from sessions_live.media.p2p import P2PEngine
from sessions_live.media.turn import Turn
from sessions_live.media.workers import OneWorker
from sessions_live.sfu import signalling
from sessions_live.sfu.config import Config
from sessions_live.sfu.messages import error_message
from sessions_live.sfu.worker import Worker

SECRET = "the-secret-of-the-tests-only-0123456789"
STATIC = Path(__file__).parents[2] / "themes" / "static" / "js" / "live"
PAGE = (
    b"""<!doctype html><meta charset="utf-8"><title>call</title><body><script type="module" src="/call.js"></script>"""
)
EVERYTHING = frozenset({"audio", "video", "screen", "subscribe", "data", "record"})
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
]


def config(folder, **changes):
    given = {
        "secret": SECRET,
        "host": "127.0.0.1",
        "port": 0,
        "ips": ("127.0.0.1",),
        "control": ("127.0.0.1", 0),
        "reach": "127.0.0.1:0",
        "metrics": ("127.0.0.1", 0),
        "valkey": "",
        "workers": 1,
        "name": "test",
        "recordings": Path(folder),
        "capacity": 500,
    } | changes
    return Config(**given)


@asynccontextmanager
async def running_worker(folder, **changes):
    """A worker with its control address, in this process."""
    worker = Worker(config(folder, **changes))
    await worker.start()
    control = await signalling.listen(worker, *worker.config.control)
    worker.reach = f"127.0.0.1:{control.port}"
    try:
        yield worker
    finally:
        await control.close()
        await worker.stop()


class Stage:
    """Serves the page and the scripts, and joins whoever opens `/socket?room=…&peer=…&engine=…`."""

    def __init__(self, reach, turn=None):
        self.engines = {
            "builtin": BuiltinEngine(secret=SECRET, workers=OneWorker(reach), turn=turn),
            "p2p": P2PEngine(turn=turn, relay_only=bool(turn)),
        }
        self.turn = turn or Turn()
        self.sessions = {}
        self.sockets = {}
        self.log = []
        self.generation = {}
        self.loses = lambda peer, message: False

    async def socket(self, websocket):
        query = {key: values[0] for key, values in parse_qs(urlsplit(websocket.request.path).query).items()}
        room, peer = query["room"], query["peer"]
        rights = frozenset(query.get("rights", ",".join(EVERYTHING)).split(","))
        self.sockets[room, peer] = websocket
        try:
            await self.attach(room, peer, query.get("engine", "builtin"), rights, resume=query.get("resume") == "1")
            async for text in websocket:
                message = json.loads(text)
                self.log.append((peer, message["type"]))
                await self.sessions[room, peer].send(message)
        except EngineError as error:
            await websocket.send(json.dumps(error_message(error.code)))
        finally:
            session = self.sessions.get((room, peer))
            if self.sockets.get((room, peer)) is websocket and session is not None:
                await session.close()

    async def attach(self, room, peer, engine, rights=EVERYTHING, *, resume=False):
        """Attach a session on an engine; used again to move a running call to another one."""

        async def to_client(message):
            self.log.append((peer, "<" + message["type"]))
            websocket = self.sockets[room, peer]
            await websocket.send(json.dumps(message))

        async def to_others(message):
            if self.loses(peer, message):
                return
            for (other_room, other), session in list(self.sessions.items()):
                if other_room == room and other != peer:
                    await session.deliver(message)

        generation = self.generation.get(room, 1)
        admission = Admission(room=room, peer=peer, rights=rights, resume=resume, generation=generation)
        old = self.sessions.pop((room, peer), None)
        if old is not None:
            await old.close()
        engine = self.engines[engine]
        await engine.open_room(room, capacity=2 if engine.name == "p2p" else 100)

        class Early:
            """Takes what arrives before `attach` has returned."""

            async def deliver(self, message):
                waiting.append(message)

        waiting = []
        self.sessions[room, peer] = Early()
        session = await engine.attach(admission, to_client=to_client, to_others=to_others)
        self.sessions[room, peer] = session
        for message in waiting:
            await session.deliver(message)

    async def move(self, room, engine):
        """Hand a running call over to another engine."""
        self.generation[room] = self.generation.get(room, 1) + 1
        for other_room, peer in list(self.sessions):
            if other_room == room:
                await self.attach(room, peer, engine)

    def page(self, connection, request):
        path = urlsplit(request.path).path
        if path == "/socket":
            return None
        if path == "/":
            return response(PAGE, "text/html")
        name = path.lstrip("/")
        file = Path(__file__).parent / name if name == "call.js" else STATIC / name
        if file.parent not in (STATIC, Path(__file__).parent) or not file.is_file():
            return response(b"", "text/plain", HTTPStatus.NOT_FOUND)
        return response(file.read_bytes(), "text/javascript")

    @asynccontextmanager
    async def open(self, host="127.0.0.1"):
        async with serve(self.socket, host, 0, process_request=self.page, max_size=2**20, close_timeout=1) as server:
            self.url = f"http://{host}:{next(iter(server.sockets)).getsockname()[1]}/"
            yield self


def response(body, kind, status=HTTPStatus.OK):
    headers = Headers({"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store"})
    return Response(status, status.phrase, headers, body)


async def until(condition, seconds=10.0, every=0.05):
    """Wait until `condition()` (may be a coroutine) is true; fail with what it last said.

    `seconds` is patience with a busy machine, several times what it takes; it bounds nothing that people would notice.
    """
    end = asyncio.get_running_loop().time() + seconds
    while True:
        value = condition()
        if asyncio.iscoroutine(value):
            value = await value
        if value:
            return value
        if asyncio.get_running_loop().time() > end:
            raise AssertionError(f"not within {seconds} s: {value!r}")
        await asyncio.sleep(every)


async def main():
    """For trying out by hand: `python -m tests.sfu.stage`, then open the printed address with #room,peer."""
    async with running_worker("var/recordings") as worker, Stage(worker.reach).open() as stage:
        print(stage.url)
        await asyncio.sleep(float(sys.argv[1]) if len(sys.argv) > 1 else 600)


if __name__ == "__main__":
    asyncio.run(main())
