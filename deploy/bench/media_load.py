"""What the media benchmark needs to run: servers on a core of their own, publishers, subscribers, a probe."""

import asyncio
import os
import signal
import struct
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from deploy.bench.media_client import Client
from deploy.bench.media_sink import Sink

VAR = Path("var/bench")
SERVER_CORE = 0
LOAD_CORE = 1 if (os.cpu_count() or 1) > 1 else 0
SOUND = 200  # bytes; packets below are sound
Figures = dict[str, Any]


@asynccontextmanager
async def server(command: list[str], *, core: int = SERVER_CORE, **environ: str) -> AsyncIterator[psutil.Process]:
    """Run a server on a core of its own; end it afterwards."""
    log = (VAR / "server.log").open("wb")
    process = subprocess.Popen(
        ["taskset", "-c", str(core), *command], env=os.environ | environ, stdout=log, stderr=log, start_new_session=True
    )
    prefer(process.pid)
    try:
        yield psutil.Process(process.pid)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.close()


def prefer(pid: int) -> None:
    """Put a process before others, who may share the machine; both knobs, for Linux weighs sessions, then processes."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, -15)
    with suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text("-15")


def cpu(process: psutil.Process) -> float:
    """Return the processor seconds that a process used, by the scheduler's exact count."""
    total = 0
    for thread in Path(f"/proc/{process.pid}/task").iterdir():
        with suppress(OSError):
            total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9


class Load:
    """Publishers that never stop, and subscribers that the sink takes over."""

    def __init__(self, sink: Sink, *, profiles: int = 0, host: str = "127.0.0.1") -> None:
        self.sink = sink
        self.profiles = profiles
        self.host = host
        self.clients: list[Client] = []
        self.sent = 0
        self.settled: Callable[[], object] = lambda: None  # called when measuring begins
        self.playing = asyncio.Event()  # off while people join, so that joining is not what is measured
        self._films: list[asyncio.Task[None]] = []

    def client(self, name: str) -> Client:
        client = Client(name, host=self.host, profiles=self.profiles)
        client.keep_packets = False
        self.clients.append(client)
        return client

    async def film(self, client: Client, place: int) -> None:
        """Send 30 pictures and 50 sounds a second, each at its time."""
        began = time.monotonic() + place * 0.0077
        shown = heard = 0
        asked = [True]
        if client.up is not None:
            client.up.on_rtcp = lambda compound: asked.append(b"\xce" in compound[1:2])
        while True:
            if not self.playing.is_set():
                await self.playing.wait()
                began, shown, heard = time.monotonic() + place * 0.0077, 0, 0
            due = min(began + shown / 30, began + heard / 50)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if due == began + shown / 30:
                key = any(asked) or shown % 60 == 0
                asked.clear()
                parts = 3 if shown % 3 == 0 else 2
                client.senders["camera"].frame(key=key, parts=parts, size=870)
                client.senders["camera"].ts -= 1500  # 30 a second
                shown, self.sent = shown + 1, self.sent + parts
            else:
                client.senders["audio"].voice()
                heard, self.sent = heard + 1, self.sent + 1

    def start(self, client: Client) -> None:
        self._films.append(asyncio.create_task(self.film(client, len(self._films))))

    def hand_over(self, client: Client) -> None:
        """Let the compiled sink read this client's socket."""
        assert client.down is not None
        asyncio.get_running_loop().remove_reader(client.down.socket.fileno())
        self.sink.add(client.down.socket.fileno())

    async def measure(self, process: psutil.Process, streams: int, seconds: float) -> Figures:
        """Return what `streams` forwarded pairs of voice and picture cost over `seconds`."""
        loop = asyncio.get_running_loop()
        self.playing.set()
        await loop.run_in_executor(None, self.sink.run, 2.0)
        self.settled()
        self.sink.reset()
        began, spent, sent = time.monotonic(), cpu(process), self.sent
        await loop.run_in_executor(None, self.sink.run, seconds)
        passed, used = time.monotonic() - began, cpu(process) - spent
        stats = self.sink.stats()
        self.playing.clear()
        return {
            "av_streams": streams,
            "core": round(used / passed, 3),
            "ms_per_stream_s": round(1000 * used / passed / streams, 3),
            "packets_out_s": round(stats["packets"] / passed),
            "packets_in_s": round((self.sent - sent) / passed),
            "loss_percent": round(stats["loss"], 4),
            "mb": round(process.memory_info().rss / 1e6),
        }

    def stop(self) -> None:
        for film in self._films:
            film.cancel()
        for client in self.clients:
            for wire in (client.up, client.down):
                if wire is not None:
                    with suppress(ValueError, OSError):
                        wire.close()


class Probe:
    """One more subscriber, which decrypts: how much later than sent a sound arrives, in milliseconds."""

    def __init__(self, client: Client) -> None:
        assert client.down is not None
        client.down.on_rtp = self._heard
        self._waits: list[float] = []

    def _heard(self, packet: bytes) -> None:
        if len(packet) > SOUND:
            return
        start = 12 + (4 + int.from_bytes(packet[14:16], "big") * 4 if packet[0] & 0x10 else 0)
        self._waits.append((time.monotonic() - struct.unpack_from("!d", packet, start)[0]) * 1000)

    def figures(self) -> Figures:
        """Return the percentiles since the last call."""
        ordered = sorted(self._waits) or [0.0]
        self._waits.clear()
        return {"p50_ms": round(ordered[len(ordered) // 2], 2), "p99_ms": round(ordered[int(len(ordered) * 0.99)], 2)}
