"""Who is measured: our server, Janus and aiortc's relay, each with its publishers and its growing audience."""

import asyncio
import sys
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction
from typing import TypeVar

import av
import psutil

from deploy.bench import media_rivals
from deploy.bench.media_client import Client
from deploy.bench.media_load import SERVER_CORE, VAR, Figures, Load, Probe, server
from deploy.bench.media_sink import Sink
from deploy.local import distribution

SECRET = "only-for-benchmarks-0123456789abcdef"
CONTROL, METRICS, PORT, JANUS_PORT, RELAY_PORT = 21100, 21200, 21000, 21300, 21400
OURS = [sys.executable, "-m", "sessions_live.sfu"]
PUBLISHERS = 4
C = TypeVar("C", bound="Contestant")


def other_address() -> str:
    """Return an address of this machine that is not loopback, because Janus' library skips that."""
    entries = [entry for addresses in psutil.net_if_addrs().values() for entry in addresses]
    found = (entry.address for entry in entries if entry.family.name == "AF_INET" and entry.address[:4] != "127.")
    return str(next(found, "127.0.0.1"))


def settings(host: str, offset: int = 0) -> dict[str, str]:
    """Return the environment of our server."""
    return {
        "MEDIA_SECRET": SECRET,
        "MEDIA_HOST": host,
        "MEDIA_PUBLIC_IPS": host,
        "MEDIA_PORT": str(PORT + offset),
        "MEDIA_CONTROL": f"127.0.0.1:{CONTROL + offset}",
        "MEDIA_METRICS": f"127.0.0.1:{METRICS + offset}",
        "MEDIA_RECORDINGS": str(VAR / "recordings"),
    }


async def enter(client: Client, *, offset: int = 0) -> None:
    """Join our server's room, waiting for it to start."""
    for attempt in range(60):
        try:
            await client.join(f"127.0.0.1:{CONTROL + offset}", secret=SECRET, room=f"bench{offset}")
            return
        except Exception:  # noqa: BLE001 because a server that is still starting refuses in several ways
            if attempt == 59:
                raise
            await asyncio.sleep(0.2)


async def watch(client: Client, *, offset: int = 0) -> None:
    """Join and subscribe."""
    await enter(client, offset=offset)
    await client.subscribe()
    async with asyncio.timeout(20):
        while client.down is None or not client.down.connected:
            await asyncio.sleep(0.01)


class Contestant(ABC):
    """One server with its publishers; `grow` adds to its audience, `measure` plays to it."""

    def __init__(self, name: str, load: Load, process: psutil.Process, publishers: int) -> None:
        self.name, self.load, self.process, self.publishers = name, load, process, publishers
        self.watching = 0
        self.probe: Probe | None = None

    @abstractmethod
    async def publish(self, client: Client) -> None:
        """Connect a publisher."""

    @abstractmethod
    async def subscribe(self, client: Client) -> None:
        """Connect a subscriber to all publishers."""

    async def begin(self) -> None:
        """Connect the publishers, and the probe as the first of the audience."""
        for number in range(self.publishers):
            client = self.load.client(f"p{number}")
            await self.publish(client)
            self.load.start(client)
        probed = self.load.client("probe")
        await self.subscribe(probed)
        self.probe = Probe(probed)
        self.load.settled = self.probe.figures
        self.watching = 1

    async def grow(self, watching: int) -> None:
        """Let the audience grow to so many."""
        while self.watching < watching:
            client = self.load.client(f"s{self.watching}")
            await self.subscribe(client)
            self.load.hand_over(client)
            self.watching += 1

    async def measure(self, seconds: float) -> Figures:
        """Play for so long and return what it cost."""
        row = await self.load.measure(self.process, self.watching * self.publishers, seconds)
        return row | (self.probe.figures() if self.probe else {})


class Builtin(Contestant):
    """Our server."""

    offset = 0

    async def publish(self, client: Client) -> None:
        await enter(client, offset=self.offset)
        await client.publish("audio", "camera")

    async def subscribe(self, client: Client) -> None:
        await watch(client, offset=self.offset)


class JanusRoom(Contestant):
    """Debian's Janus with one event loop."""

    room: media_rivals.Janus

    async def publish(self, client: Client) -> None:
        await self.room.publish(client)

    async def subscribe(self, client: Client) -> None:
        await self.room.subscribe(client)


class Relayed(Contestant):
    """aiortc's MediaRelay: one publisher of decodable pictures, four subscribers, no probe."""

    async def begin(self) -> None:
        self.publisher = self.load.client("p0")
        await self.publish(self.publisher)
        self.film = clip()

    async def publish(self, client: Client) -> None:
        await media_rivals.relay_publish(client, RELAY_PORT)

    async def subscribe(self, client: Client) -> None:
        await media_rivals.relay_subscribe(client, RELAY_PORT)

    async def measure(self, seconds: float) -> Figures:
        film = asyncio.create_task(media_rivals.play(self.publisher, self.film))
        try:
            return await super().measure(seconds)
        finally:
            film.cancel()


@asynccontextmanager
async def builtin(
    sink: Sink, *, host: str, name: str = "built-in", offset: int = 0, publishers: int = PUBLISHERS, profiles: int = 0,
    way: str = "auto", core: int = SERVER_CORE,
) -> AsyncIterator[Builtin]:  # fmt: skip
    """Run our server with its publishers; `profiles` leaves out that many SRTP profiles, `way` is MEDIA_FANOUT."""
    load = Load(sink, host=host, profiles=profiles)
    given = settings(host, offset) | {"MEDIA_FANOUT": way}
    async with server(OURS, core=core, **given) as process:
        contestant = Builtin(name, load, process, publishers)
        contestant.offset = offset
        async with playing(contestant):
            yield contestant


@asynccontextmanager
async def janus(sink: Sink, *, host: str) -> AsyncIterator[JanusRoom]:
    """Run Janus with its publishers."""
    try:
        await asyncio.to_thread(distribution.program, "janus")
    except distribution.MissingProgram as error:
        raise media_rivals.NoRival(str(error)) from error
    command = media_rivals.janus_command(VAR.absolute() / "janus", host=host, port=JANUS_PORT)
    async with server(command) as process:
        contestant = JanusRoom("janus", Load(sink, host=host), process, PUBLISHERS)
        contestant.room = await media_rivals.Janus.open(JANUS_PORT)
        async with playing(contestant):
            yield contestant


@asynccontextmanager
async def relayed(sink: Sink, *, host: str) -> AsyncIterator[Relayed]:
    """Run aiortc's relay with its publisher."""
    code = f"import asyncio; from deploy.bench.media_rivals import relay; asyncio.run(relay({RELAY_PORT}))"
    async with server([sys.executable, "-c", code]) as process, playing(
        Relayed("relay", Load(sink, host=host), process, 1)
    ) as contestant:  # fmt: skip
        yield contestant


@asynccontextmanager
async def playing(contestant: C) -> AsyncIterator[C]:
    """Connect its publishers; let go of everybody afterwards."""
    try:
        await contestant.begin()
        yield contestant
    finally:
        contestant.load.stop()


def clip() -> list[bytes]:
    """Return two seconds of real VP8 at 640x360, about 500 kbit/s."""
    codec = av.CodecContext.create("libvpx", "w")
    codec.width, codec.height, codec.pix_fmt = 640, 360, "yuv420p"
    codec.framerate, codec.time_base, codec.bit_rate = Fraction(30), Fraction(1, 30), 500_000
    codec.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "g": "30"}
    frames = []
    for number in range(60):
        frame = av.VideoFrame(640, 360, "yuv420p")
        for plane in frame.planes:
            line = bytes((at + 3 * number) % 256 for at in range(plane.line_size))
            plane.update(b"".join(line[row % 64 :] + line[: row % 64] for row in range(plane.height)))
        frame.pts = number
        frames += [bytes(packet) for packet in codec.encode(frame)]
    return frames
