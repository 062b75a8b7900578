"""What 1,000 joins and leaves leave behind, and what recording costs; parts of `deploy.bench.media`.

The worker is a process of its own, measured from outside. Each visitor publishes a voice and a simulcast picture, subscribes to
somebody who stays, sends some packets and leaves: by a word, by vanishing, or thrown out, in turns. Memory is what the process holds
when its rooms are quiet again, after the allocator has given back what it can.
"""

import asyncio
import time
from pathlib import Path

import psutil

from deploy.bench.media_client import Client
from deploy.bench.media_contestants import OURS, SECRET, clip, other_address, settings
from deploy.bench.media_load import VAR, Figures, cpu, server
from sessions_live.media.builtin import BuiltinEngine
from sessions_live.media.engine import EngineError
from sessions_live.media.workers import OneWorker

OFFSET = 40  # ports, beside those of the other media benches
WARM_UP = 450  # visits before counting, in which the allocator's heap grows to its plateau
TOGETHER = 8
SETTLE_SECONDS = 3.0
ROOM = "endurance"


def reach() -> str:
    """Return the worker's control address."""
    return settings("127.0.0.1", OFFSET)["MEDIA_CONTROL"]


async def entered(peer: str, host: str) -> Client:
    """Join, waiting for the worker to start or to take more."""
    for attempt in range(100):
        client = Client(peer, host=host)
        try:
            await client.join(reach(), secret=SECRET, room=ROOM)
            return client
        except (EngineError, OSError):
            if attempt == 99:
                raise
            await asyncio.sleep(0.1)
    raise AssertionError


async def visit(number: int, host: str, engine: BuiltinEngine) -> None:
    """Come, publish, watch, and go in one of three ways."""
    client = await entered(f"v{number}", host)
    client.keep_packets = False
    try:
        await client.publish("audio", "camera", rids=("q", "h"))
        await client.subscribe()
        for _ in range(5):
            for sender in client.senders.values():
                sender.frame(key=True) if sender.kind == "video" else sender.voice()
            await asyncio.sleep(0.02)
        while client.down is None or not client.down.connected:
            await asyncio.sleep(0.01)
        if number % 3 == 0:
            await engine.revoke(ROOM, client.peer, reason="bench")
        elif number % 3 == 1:
            client.stream.send({"type": "leave"})
            await asyncio.sleep(0.05)
    finally:
        client.close()


async def visits(first: int, last: int, host: str, engine: BuiltinEngine) -> None:
    """Let visitors come and go, a few at once."""
    numbers = iter(range(first, last))

    async def one_after_another() -> None:
        for number in numbers:
            await visit(number, host, engine)

    await asyncio.gather(*(one_after_another() for _ in range(TOGETHER)))


async def quiet(engine: BuiltinEngine) -> None:
    """Wait until only the one who stays is left: those who vanished are given 20 s."""
    end = time.monotonic() + 60
    while len((await engine.stats(ROOM))["peers"]) > 1:
        if time.monotonic() > end:
            raise RuntimeError("people stay who have left")
        await asyncio.sleep(0.5)
    await asyncio.sleep(SETTLE_SECONDS)


def held(process: psutil.Process) -> float:
    """Return the memory of the process in MB: what is its own, without what it shares."""
    return float(process.memory_full_info().uss) / 1e6


async def joins(count: int) -> Figures:
    """Return the change of memory over `count` joins and leaves, and over the last half of them."""
    host = other_address()
    engine = BuiltinEngine(secret=SECRET, workers=OneWorker(reach()))
    async with server(OURS, **settings(host, OFFSET)) as process:
        stays = await entered("stays", host)
        stays.keep_packets = False
        await stays.publish("audio", "camera")
        await stays.subscribe()
        await visits(0, WARM_UP, host, engine)
        await quiet(engine)
        marks = [held(process)]
        for part in range(2):
            first = WARM_UP + part * count // 2
            await visits(first, first + count // 2, host, engine)
            await quiet(engine)
            marks.append(held(process))
        stays.close()
    return {"joins": count, "mb_before": round(marks[0], 1), "mb_after": round(marks[-1], 1),
            "mb_change": round(marks[-1] - marks[0], 2), "mb_change_second_half": round(marks[2] - marks[1], 2)}  # fmt: skip


async def play(client: Client, frames: list[bytes], seconds: float) -> None:
    """Publish real pictures at 30 a second and voices at 50."""
    began, shown, heard = time.monotonic(), 0, 0
    camera, voice = client.senders["camera"], client.senders["audio"]
    while (now := time.monotonic() - began) < seconds:
        while shown <= now * 30:
            data = frames[shown % len(frames)]
            parts = [data[at : at + 1000] for at in range(0, len(data), 1000)]
            for place, part in enumerate(parts):
                head = bytes([0x90 if place == 0 else 0x80, 0x80, 0x80 | shown >> 8 & 0x7F, shown & 0xFF])
                camera.send(head + part, marker=place == len(parts) - 1)
            camera.keep.clear()
            camera.ts += 3000
            shown += 1
        while heard <= now * 50:
            voice.send(b"\xfc\xff\xfe")
            voice.keep.clear()
            voice.ts += 960
            heard += 1
        await asyncio.sleep(0.005)


async def recording(people: int, seconds: float) -> Figures:
    """Return what recording adds per participant and second: the same room, first without it and then with it."""
    host = other_address()
    engine = BuiltinEngine(secret=SECRET, workers=OneWorker(reach()))
    frames = clip()
    name = f"bench-{int(time.time())}"
    async with server(OURS, **settings(host, OFFSET)) as process:
        clients = [await entered(f"p{number}", host) for number in range(people)]
        for client in clients:
            await client.publish("audio", "camera")
        films = asyncio.gather(*(play(client, frames, 2 * seconds + 8) for client in clients))
        costs = []
        for records in (False, True):
            if records:
                await engine.start_recording(ROOM, recording=name)
            await asyncio.sleep(2)
            began, spent = time.monotonic(), cpu(process)
            await asyncio.sleep(seconds)
            costs.append((cpu(process) - spent) / (time.monotonic() - began) / people * 1000)
        kept = await engine.stop_recording(ROOM)
        await films
        for client in clients:
            client.close()
    files = [VAR / "recordings" / name / file for file in kept.files if file.endswith(".webm")]
    return {"people": people, "files": len(files), "warnings": sum([await complaints(file) for file in files]),
            "ms_per_participant_s_without": round(costs[0], 2), "ms_per_participant_s_with": round(costs[1], 2),
            "recording_ms": round(costs[1] - costs[0], 2)}  # fmt: skip


async def complaints(file: Path) -> int:
    """Return how many lines ffmpeg has to say while it decodes a file."""
    process = await asyncio.create_subprocess_exec(
        "ffmpeg", "-v", "warning", "-i", str(file), "-f", "null", "-", stderr=asyncio.subprocess.PIPE
    )
    _, told = await process.communicate()
    return len(told.splitlines())


def verdict(figures: Figures) -> Figures:
    """Return the figures that the project is held to; memory may grow or shrink."""
    out: Figures = {}
    if grown := figures.get("endurance"):
        out["joins_mb"] = abs(grown["mb_change"])
    if recorded := figures.get("recording"):
        out["recording_ms"], out["recording_warnings"] = recorded["recording_ms"], recorded["warnings"]
    return out
