"""What the media server is held to: every figure with its name, bound and meaning, and the table that says what passed."""

from dataclasses import dataclass

from deploy.bench.media_load import Figures


@dataclass(frozen=True)
class Target:
    """`name` must be at most `bound`, or at least so much where `least` is set."""

    name: str
    bound: float
    meaning: str
    least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.bound if self.least else value <= self.bound

    def words(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.bound:g}"


def _network(suffix: str, who: str) -> list[Target]:
    return [
        Target(
            f"loss10_down_fps{suffix}", 18, f"pictures a second of 20 filmed, 10 % lost on the way to {who}", least=True
        ),
        Target(f"loss10_up_fps{suffix}", 18, f"the same, 10 % lost on the way from {who}", least=True),
        Target(f"cap480_freeze_s{suffix}", 2, f"longest freeze after 5 s with 480 kbit/s to and from {who}"),
        Target(f"cap240_freeze_s{suffix}", 2, "the same with 240 kbit/s"),
        Target(f"outage_back_s{suffix}", 4, f"pictures back after 15 s without network, {who}"),
        Target(f"address_change_s{suffix}", 3, f"pause when {who} takes another address"),
    ]


TARGETS = (
    Target("cpu_vs_janus", 0.7, "processor time per forwarded stream, to Janus's"),
    Target("p99_vs_janus", 1, "99th percentile of added latency, to Janus's"),
    Target("cpu_vs_relay", 0.01, "processor time per forwarded stream, to MediaRelay's"),
    Target("loss_at_700", 0, "% lost with 704 streams on one core"),
    Target("room100_core", 1, "cores for 9 senders and 91 viewers"),
    Target("room100_mb", 150, "MB for the same"),
    Target("first_frame_s", 0.5, "from joining to the first picture, p95 of 25"),
    Target("scale_2", 1.8, "what two workers carry, to one", least=True),
    *_network("", "Chromium"),
    *_network("_firefox", "Firefox"),
    Target("mlines_25", 6, "m-lines of a viewer after 25 joins and leaves"),
    Target("mlines_problems", 0, "errors meanwhile"),
    Target("killed_back_s", 8, "pictures back after a worker was killed, p95 of 6 callers"),
    Target("malformed_crashes", 0, "ends of the worker under 10,000 malformed messages of each of 6 kinds"),
    Target("malformed_frames", 0.95, "share of a healthy call's pictures meanwhile", least=True),
    Target("malformed_mb", 50, "MB more meanwhile"),
    Target("joins_mb", 5, "MB more or less after 1,000 joins and leaves"),
    Target("sockets_2000", 2000, "pages open of 2,000 that came at the same moment", least=True),
    Target("sockets_kb", 45, "kB of the web process for each of them"),
    Target("sockets_stale", 0, "channels that the cache server still serves after all lines broke at once"),
    Target("recording_ms", 10, "ms of processor time per recorded participant and second"),
    Target("recording_warnings", 0, "lines that ffmpeg complains with when it decodes the recording"),
)


def judge(figures: Figures) -> list[Figures]:
    """Return name, value, target and whether it passed, of every figure that was measured."""
    return [
        {"name": one.name, "value": figures[one.name], "target": one.words(), "passed": one.met(figures[one.name])}
        for one in TARGETS
        if figures.get(one.name) is not None
    ]


def table(figures: Figures, loads: dict[str, str], reasons: dict[str, str] | None = None) -> str:
    """Return the figures as a table. `loads` says how busy the machine was while each was measured, `reasons` why some were not."""
    why = reasons or {}
    meanings = {one.name: one.meaning for one in TARGETS}
    lines = [f"{'figure':26} {'value':>9} {'target':>8}  {'':6} {'load':>5}  meaning"]
    for row in judge(figures):
        passed = "passed" if row["passed"] else "FAILED"
        load = loads.get(row["name"], "")
        lines.append(
            f"{row['name']:26} {row['value']:>9g} {row['target']:>8}  {passed} {load:>5}  {meanings[row['name']]}"
        )
    lines += [f"{name:26} not measured: {reason}" for name, reason in why.items() if figures.get(name) is None]
    missing = [one.name for one in TARGETS if figures.get(one.name) is None and one.name not in why]
    return "\n".join([*lines, *(["not measured: " + ", ".join(missing)] if missing else [])])
