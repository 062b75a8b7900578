"""`python -m deploy.bench.media`: the media server beside Debian's Janus and aiortc's relay, in one run.

Every server has core 0, everything else core 1. Publishers send VP8 at about 500 kbit/s and Opus, 120 packets a second
together; each subscriber gets all of them; a compiled sink counts what arrives, and a probe that decrypts measures
the latency. Figures go to var/bench/media.json. Run it when the machine is otherwise quiet; read ratios, not digits.
"""

import argparse
import asyncio
import json
import os
import sys
from fractions import Fraction
from pathlib import Path

import av
import psutil

from deploy.bench import media_rivals
from deploy.bench.media_client import Client
from deploy.bench.media_load import LOAD_CORE, SERVER_CORE, VAR, Figures, Load, Probe, prefer, server
from deploy.bench.media_sink import Sink

SECRET = "only-for-benchmarks-0123456789abcdef"
CONTROL, METRICS, PORT, JANUS_PORT, RELAY_PORT = 21100, 21200, 21000, 21300, 21400
OURS = [sys.executable, "-m", "sessions_live.sfu"]
PUBLISHERS = 4


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


async def ours(load: Load, steps: list[int], seconds: float, *, publishers: int = PUBLISHERS) -> list[Figures]:
    """Measure our server with so many subscribers, step by step."""
    rows = []
    async with server(OURS, **settings(load.host)) as process:
        for number in range(publishers):
            client = load.client(f"p{number}")
            await enter(client)
            await client.publish("audio", "camera")
            load.start(client)
        probed = load.client("probe")
        await watch(probed)
        probe = Probe(probed)
        load.settled = probe.figures
        watching = 1
        for step in steps:
            while watching < step:
                client = load.client(f"s{watching}")
                await watch(client)
                load.hand_over(client)
                watching += 1
            row = await load.measure(process, watching * publishers, seconds)
            rows.append(row | probe.figures())
            show("built-in", rows[-1])
        load.stop()
    return rows


async def janus(load: Load, steps: list[int], seconds: float) -> list[Figures]:
    """Measure Janus in the same way."""
    rows = []
    command = media_rivals.janus_command(VAR.absolute() / "janus", host=load.host, port=JANUS_PORT)
    async with server(command) as process:
        room = await media_rivals.Janus.open(JANUS_PORT)
        for number in range(PUBLISHERS):
            client = load.client(f"p{number}")
            await room.publish(client)
            load.start(client)
        probed = load.client("probe")
        await room.subscribe(probed)
        probe = Probe(probed)
        load.settled = probe.figures
        watching = 1
        for step in steps:
            while watching < step:
                client = load.client(f"s{watching}")
                await room.subscribe(client)
                load.hand_over(client)
                watching += 1
            row = await load.measure(process, watching * PUBLISHERS, seconds)
            rows.append(row | probe.figures())
            show("janus", rows[-1])
        load.stop()
    return rows


async def relay(load: Load, seconds: float) -> Figures:
    """Measure aiortc's MediaRelay with one publisher of decodable media and four subscribers."""
    command = [sys.executable, "-c", f"import asyncio; from deploy.bench.media_rivals import relay; "
               f"asyncio.run(relay({RELAY_PORT}))"]  # fmt: skip
    async with server(command) as process:
        publisher = load.client("p0")
        await media_rivals.relay_publish(publisher, RELAY_PORT)
        film = asyncio.create_task(media_rivals.play(publisher, clip()))
        for number in range(PUBLISHERS):
            client = load.client(f"s{number}")
            await media_rivals.relay_subscribe(client, RELAY_PORT)
            load.hand_over(client)
        await asyncio.sleep(2)
        row = await load.measure(process, PUBLISHERS, seconds)
        film.cancel()
        load.stop()
    show("relay", row)
    return row


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


async def two_workers(sink: Sink, host: str, step: int, seconds: float) -> float:
    """Return how much two workers carry compared with one: twice the ratio of their cost per stream."""
    costs = []
    for count in (1, 2):
        loads = [Load(sink, host=host) for _ in range(count)]
        spent = 0.0
        async with (
            server(OURS, **settings(host)) as first,
            server(OURS, core=LOAD_CORE, **settings(host, 10)) as second,
        ):
            for place, load in enumerate(loads):
                for number in range(PUBLISHERS):
                    client = load.client(f"p{number}")
                    await enter(client, offset=10 * place)
                    await client.publish("audio", "camera")
                    load.start(client)
                for number in range(step):
                    client = load.client(f"s{number}")
                    await watch(client, offset=10 * place)
                    load.hand_over(client)
            processes = [first, second][:count]
            rows = [
                await load.measure(process, step * PUBLISHERS, seconds)
                for load, process in zip(loads, processes, strict=True)
            ]
            spent = sum(row["ms_per_stream_s"] for row in rows) / count
            for load in loads:
                load.stop()
        costs.append(spent)
    return round(2 * costs[0] / costs[1], 2)


def show(name: str, row: Figures) -> None:
    """Print one row."""
    print(f"{name:10}", "  ".join(f"{key} {value}" for key, value in row.items()), flush=True)


async def run(seconds: float, only: set[str]) -> Figures:
    """Run what is wanted and return all figures."""
    sink = Sink(VAR)
    host = other_address()
    file = VAR / "media.json"

    def keep(name: str, value: object) -> None:
        figures[name] = value
        file.write_text(json.dumps(figures | verdict(figures), indent=1) + "\n")

    figures: Figures = json.loads(file.read_text()) if file.exists() else {}
    if "ours" in only:
        keep("ours", await ours(Load(sink, host=host), [16, 64, 90], seconds))
        keep("ours_700", (await ours(Load(sink, host=host), [88], seconds, publishers=8))[0])
    if "cm" in only:
        keep("ours_cm", await ours(Load(sink, host=host, profiles=2), [64, 90], seconds))
    if "janus" in only:
        keep("janus", await janus(Load(sink, host=host), [16, 64, 90], seconds))
    if "relay" in only:
        keep("relay", await relay(Load(sink, host=host), seconds))
    if "room" in only:
        keep("room100", (await ours(Load(sink, host=host), [91], seconds, publishers=9))[0])
    if "scale" in only:
        keep("scale_2", await two_workers(sink, host, 48, seconds))
    return figures | verdict(figures)


def verdict(figures: Figures) -> Figures:
    """Return the figures that the project is held to, from what was measured."""
    out: Figures = {}
    mine, theirs = figures.get("ours"), figures.get("janus")
    if mine and theirs:
        pairs = [(a, b) for a in mine for b in theirs if a["av_streams"] == b["av_streams"]]
        a, b = pairs[-1]
        out["cpu_vs_janus"] = round(a["ms_per_stream_s"] / b["ms_per_stream_s"], 3)
        out["p99_vs_janus"] = round(a["p99_ms"] / b["p99_ms"], 3)
    if mine and figures.get("relay"):
        out["cpu_vs_relay"] = round(mine[-1]["ms_per_stream_s"] / figures["relay"]["ms_per_stream_s"], 5)
    if figures.get("ours_700"):
        out["loss_at_700"] = figures["ours_700"]["loss_percent"]
    if figures.get("room100"):
        out["room100_core"], out["room100_mb"] = figures["room100"]["core"], figures["room100"]["mb"]
    return out


def main() -> int:
    every = ("ours", "cm", "janus", "relay", "room", "scale")
    parser = argparse.ArgumentParser(description="Measure the media server beside Janus and aiortc's relay.")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parser.add_argument("--only", nargs="*", choices=every, default=every)
    given = parser.parse_args()
    VAR.mkdir(parents=True, exist_ok=True)
    os.sched_setaffinity(0, {LOAD_CORE})
    prefer(os.getpid())
    if SERVER_CORE == LOAD_CORE:
        print("One core only: server and load share it, so the figures are worse than they would be.")
    figures = asyncio.run(run(given.seconds, set(given.only)))
    Path(VAR / "media.json").write_text(json.dumps(figures, indent=1) + "\n")
    print(json.dumps(verdict(figures) | {"scale_2": figures.get("scale_2")}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
