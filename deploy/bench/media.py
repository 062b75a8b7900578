"""`python -m deploy.bench.media`: the media server beside Debian's Janus and aiortc's relay, in one run.

Every server has core 0, everything else core 1. Publishers send VP8 at about 500 kbit/s and Opus, 120 packets a second
together; each subscriber gets all of them; a compiled sink counts what arrives, and a probe that decrypts measures
the latency. Servers that are compared run at the same time and are measured in turns, several rounds; what is held to
is the median of the rounds' ratios, because the machine's mood changes within minutes. Figures are the processor time
of the server's process. Then real browsers play over a bad network (`media_network`), people come, go and lose their worker, strangers
talk nonsense (`media_people`), and 1,000 joins and a recording show what they leave and cost (`endurance`).

Everything goes to var/bench/media.json; the table at the end has each figure with its target. Some 20 minutes; run it when the machine
is otherwise quiet. `--only` measures some parts anew and keeps the others' figures.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from contextlib import AsyncExitStack

from deploy.bench import endurance, media_network, media_people, media_targets, sockets
from deploy.bench.media_client import VIDEO_TYPE
from deploy.bench.media_contestants import (
    PUBLISHERS,
    Builtin,
    Contestant,
    builtin,
    janus,
    other_address,
    relayed,
    watch,
)
from deploy.bench.media_load import LOAD_CORE, SERVER_CORE, VAR, Figures, cpu, prefer
from deploy.bench.media_rivals import NoRival
from deploy.bench.media_sink import Sink
from tests.sfu import net

STEPS = (16, 90)  # subscribers; times 4 publishers
JOINS = 25


async def side_by_side(sink: Sink, host: str, seconds: float, rounds: int, missing: dict[str, str]) -> Figures:
    """Measure all ways and rivals in turns: {name: [{step, rounds: [...]}]}. A rival that cannot be had is named in `missing`."""
    found: dict[str, list[Figures]] = {}
    async with AsyncExitStack() as stack:
        contestants: list[Contestant] = [
            await stack.enter_async_context(builtin(sink, host=host)),
            await stack.enter_async_context(builtin(sink, host=host, name="in Python", offset=10, way="plain")),
            await stack.enter_async_context(builtin(sink, host=host, name="with CM", offset=20, profiles=2)),
        ]
        try:
            contestants.insert(1, await stack.enter_async_context(janus(sink, host=host)))
        except NoRival as error:
            missing["sides"] = str(error)
            print(f"janus: not measured, {error}")
        for step in STEPS:
            for contestant in contestants:
                await contestant.grow(step)
                found.setdefault(contestant.name, []).append({"subscribers": contestant.watching, "rounds": []})
            for turn in range(rounds if step == STEPS[-1] else 1):
                for contestant in contestants[turn % 2 :] + contestants[: turn % 2]:
                    row = await contestant.measure(seconds)
                    show(contestant.name, row)
                    found[contestant.name][-1]["rounds"].append(row)
    return found


async def beside_relay(sink: Sink, host: str, seconds: float, rounds: int) -> Figures:
    """Measure aiortc's relay and our server in turns; the relay begins anew each time, because it does not survive pauses."""
    found: dict[str, list[Figures]] = {"built-in": [], "relay": []}
    async with builtin(sink, host=host) as ours:
        await ours.grow(STEPS[-1])
        for _ in range(rounds):
            async with relayed(sink, host=host) as relay:
                await relay.grow(4)
                for contestant in (ours, relay):
                    row = await contestant.measure(seconds)
                    show(contestant.name, row)
                    found[contestant.name].append(row)
    return found


async def alone(sink: Sink, host: str, seconds: float, *, subscribers: int, publishers: int) -> Figures:
    """Measure our server by itself with a large audience."""
    async with builtin(sink, host=host, publishers=publishers) as contestant:
        await contestant.grow(subscribers)
        row = await contestant.measure(seconds)
        show("built-in", row)
        return row


async def first_frames(sink: Sink, host: str) -> Figures:
    """Return how long it takes from joining to the first picture, in seconds, in a room where 17 watch already."""
    waits = []
    async with builtin(sink, host=host) as contestant:
        await contestant.grow(17)
        contestant.load.playing.set()
        draining = asyncio.get_running_loop().run_in_executor(None, sink.run, JOINS * 0.6)
        for number in range(JOINS):
            waits.append(await _first_frame(contestant, f"late{number}"))
            await asyncio.sleep(0.2)
        await draining
    ordered = sorted(waits)
    row = {"joins": JOINS, "p50": round(ordered[JOINS // 2], 3), "p95": round(ordered[int(JOINS * 0.95)], 3)}
    show("first frame", row)
    return row


async def _first_frame(contestant: Builtin, name: str) -> float:
    client = contestant.load.client(name)
    client.keep_packets = True
    began = time.monotonic()
    await watch(client, offset=contestant.offset)
    async with asyncio.timeout(10):
        while not client.of_type(VIDEO_TYPE):
            await asyncio.sleep(0.002)
    waited = time.monotonic() - began
    client.stream.send({"type": "leave"})
    await asyncio.sleep(0.05)
    client.close()
    contestant.load.clients.remove(client)
    return waited


async def two_workers(sink: Sink, host: str, step: int, seconds: float, rounds: int) -> Figures:
    """Return what two workers carry compared with one.

    Both have their rooms and audiences; they play by turns, then together. A worker is full when its core is, so what
    it carries is the inverse of its cost per stream: two carry the sum of theirs while both play, one the mean of
    theirs while only one plays. The second worker shares its core with the load, which is why neither is driven full.
    """
    ratios = []
    async with (
        builtin(sink, host=host) as first,
        builtin(sink, host=host, name="second", offset=10, core=LOAD_CORE) as second,
    ):
        for one in (first, second):
            await one.grow(step)
        for _ in range(rounds):
            single = [(await one.measure(seconds))["ms_per_stream_s"] for one in (first, second)]
            both = await _together([first, second], sink, seconds)
            one, two = statistics.mean(1 / cost for cost in single), sum(1 / cost for cost in both)
            ratios.append(two / one)
            show(
                "two workers",
                {"alone": single, "together": [round(cost, 3) for cost in both], "ratio": round(two / one, 2)},
            )
    return {"ratio": round(statistics.median(ratios), 2), "rounds": [round(ratio, 2) for ratio in ratios]}


async def _together(contestants: list[Builtin], sink: Sink, seconds: float) -> list[float]:
    """Return each one's cost per stream while all play."""
    loop = asyncio.get_running_loop()
    for one in contestants:
        one.load.playing.set()
    await loop.run_in_executor(None, sink.run, 2.0)
    spent, began = [cpu(one.process) for one in contestants], time.monotonic()
    await loop.run_in_executor(None, sink.run, seconds)
    passed = time.monotonic() - began
    used = [cpu(one.process) - before for one, before in zip(contestants, spent, strict=True)]
    for one in contestants:
        one.load.playing.clear()
    return [1000 * cost / passed / (one.watching * one.publishers) for one, cost in zip(contestants, used, strict=True)]


def show(name: str, row: Figures) -> None:
    """Print one row."""
    print(f"{name:11}", "  ".join(f"{key} {value}" for key, value in row.items()), flush=True)


async def run(seconds: float, rounds: int, only: set[str]) -> Figures:
    """Run what is wanted and return all figures."""
    sink = Sink(VAR)
    host = other_address()
    file = VAR / "media.json"
    figures: Figures = json.loads(file.read_text()) if file.exists() else {}

    missing: dict[str, str] = {}

    def keep(name: str, value: object) -> None:
        figures[name] = value
        figures["not_measured"] = figures.get("not_measured", {}) | missing
        if name not in missing:
            figures["not_measured"].pop(name, None)
        figures.setdefault("load_average", {})[name] = [round(one, 1) for one in os.getloadavg()]
        held = verdict(figures)
        file.write_text(json.dumps(figures | held | {"targets": media_targets.judge(held)}, indent=1) + "\n")

    if "sides" in only:
        keep("sides", await side_by_side(sink, host, seconds, rounds, missing))
    if "relay" in only:
        keep("relay", await beside_relay(sink, host, seconds, min(rounds, 3)))
    if "700" in only:
        keep("ours_700", await alone(sink, host, seconds, subscribers=88, publishers=2 * PUBLISHERS))
    if "room" in only:
        keep("room100", await alone(sink, host, seconds, subscribers=91, publishers=9))
    if "first" in only:
        keep("first_frame", await first_frames(sink, host))
    if "scale" in only:
        keep("two_workers", await two_workers(sink, host, 40, seconds, rounds))
    for kind in ("chromium", "firefox"):
        if kind in only and (reason := net.possible()):
            print(f"{kind} on a bad network: not measured, {reason}")
        elif kind in only:
            keep(f"network_{kind}", await media_network.measure(kind))
    if "people" in only:
        keep("people", await media_people.measure())
    if "endurance" in only:
        keep("endurance", await endurance.joins(1000))
    if "sockets" in only:
        keep("sockets", await asyncio.to_thread(sockets.measure))
    if "recording" in only:
        keep("recording", await endurance.recording(6, 2 * seconds))
    return figures | verdict(figures)


def ratio(ours: list[Figures], theirs: list[Figures], figure: str) -> float:
    """Return the median over the rounds of our figure divided by theirs in the same round."""
    return statistics.median(float(a[figure]) / float(b[figure]) for a, b in zip(ours, theirs, strict=True))


def verdict(figures: Figures) -> Figures:
    """Return the figures that the project is held to, from what was measured."""
    out: Figures = {}
    if sides := figures.get("sides"):
        ours, plain = (sides[name][-1]["rounds"] for name in ("built-in", "in Python"))
        out["cpu_vs_python"] = round(ratio(ours, plain, "ms_per_stream_s"), 3)
        if "janus" in sides:
            janus_ = sides["janus"][-1]["rounds"]
            out["cpu_vs_janus"] = round(ratio(ours, janus_, "ms_per_stream_s"), 3)
            out["p99_vs_janus"] = round(ratio(ours, janus_, "p99_ms"), 3)
            out["python_vs_janus"] = round(ratio(plain, janus_, "ms_per_stream_s"), 3)
    if relay := figures.get("relay"):
        out["cpu_vs_relay"] = round(ratio(relay["built-in"], relay["relay"], "ms_per_stream_s"), 4)
    if figures.get("ours_700"):
        out["loss_at_700"] = figures["ours_700"]["loss_percent"]
    if room := figures.get("room100"):
        out["room100_core"], out["room100_mb"], out["room100_p50_ms"] = room["core"], room["mb"], room["p50_ms"]
    if figures.get("first_frame"):
        out["first_frame_s"] = figures["first_frame"]["p95"]
    if figures.get("two_workers"):
        out["scale_2"] = figures["two_workers"]["ratio"]
    for kind, suffix in (("chromium", ""), ("firefox", "_firefox")):
        if found := figures.get(f"network_{kind}"):
            out |= media_network.verdict(found, suffix)
    if people := figures.get("people"):
        out |= media_people.verdict(people)
    if opened := figures.get("sockets"):
        out |= {"sockets_2000": opened["opened"], "sockets_kb": opened["kb_each"], "sockets_stale": opened["stale"]}
    return out | endurance.verdict(figures)


PARTS = {
    "sides": ("cpu_vs_janus", "p99_vs_janus"),
    "relay": ("cpu_vs_relay",),
    "ours_700": ("loss_at_700",),
    "room100": ("room100_core", "room100_mb"),
    "first_frame": ("first_frame_s",),
    "two_workers": ("scale_2",),
    "people": (
        "mlines_25",
        "mlines_problems",
        "killed_back_s",
        "malformed_crashes",
        "malformed_frames",
        "malformed_mb",
    ),
    "endurance": ("joins_mb",),
    "sockets": ("sockets_2000", "sockets_kb", "sockets_stale"),
    "recording": ("recording_ms", "recording_warnings"),
}


def loads(figures: Figures) -> dict[str, str]:
    """Return the machine's load, averaged over the minute before it was measured, by figure."""
    parts = {name: part for part, names in PARTS.items() for name in names}
    noted = figures.get("load_average", {})
    network = {
        name: "network_firefox" if name.endswith("_firefox") else "network_chromium" for name in verdict(figures)
    }
    return {name: str(noted[part][0]) for name, part in (network | parts).items() if part in noted}


def reasons(figures: Figures) -> dict[str, str]:
    """Return why a figure was not measured, by figure."""
    missing = figures.get("not_measured", {})
    return {name: missing[part] for part, names in PARTS.items() if part in missing for name in names}


def main() -> int:
    every = (
        "sides",
        "relay",
        "700",
        "room",
        "first",
        "scale",
        "chromium",
        "firefox",
        "people",
        "endurance",
        "sockets",
        "recording",
    )
    parser = argparse.ArgumentParser(
        description="Measure the media server: beside its rivals, on bad networks, over time."
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=5, help="of measurements that are compared")
    parser.add_argument("--only", nargs="*", choices=every, default=every)
    given = parser.parse_args()
    VAR.mkdir(parents=True, exist_ok=True)
    os.sched_setaffinity(0, {LOAD_CORE})
    prefer(os.getpid())
    if SERVER_CORE == LOAD_CORE:
        print("One core only: server and load share it, so the figures are worse than they would be.")
    figures = asyncio.run(run(given.seconds, given.rounds, set(given.only)))
    print(media_targets.table(verdict(figures), loads(figures), reasons(figures)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
