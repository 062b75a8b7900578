"""The table of the media benchmark: what passed, what failed, what nobody measured."""

import time

import pytest

from deploy.bench import media, media_client, media_contestants, media_rivals, media_targets
from deploy.local import distribution
from sessions_live.sfu.worker import JOINS_PER_SECOND


def test_figures_are_held_to_their_bounds_either_way():
    rows = media_targets.judge({"cap240_freeze_s": 2.3, "loss10_down_fps": 19.1, "joins_mb": 5})
    assert {row["name"]: row["passed"] for row in rows} == {
        "loss10_down_fps": True, "cap240_freeze_s": False, "joins_mb": True,
    }  # fmt: skip


def test_table_names_what_failed_and_what_was_not_measured():
    lines = media_targets.table({"cap240_freeze_s": 2.3, "scale_2": 1.9}, {"scale_2": "0.4"}).splitlines()
    assert any(line.startswith("cap240_freeze_s") and "FAILED" in line and "≤ 2" in line for line in lines)
    assert any(line.startswith("scale_2") and "passed   0.4" in line for line in lines)
    assert lines[-1].startswith("not measured: cpu_vs_janus")


def test_verdict_finds_the_figures_of_every_part():
    look = {"fps": 19.5, "freeze_s": 0.3}
    network = {
        "loss": {"down": look, "up": look}, "caps": {"480": {"down": look, "up": look}, "240": {"down": look, "up": look}},
        "outage_back_s": 0.9, "address_change_s": 1.5,
    }  # fmt: skip
    found = {
        "network_chromium": network, "network_firefox": network, "load_average": {"network_firefox": [2.5], "endurance": [1.0]},
        "endurance": {"mb_change": -0.4}, "recording": {"recording_ms": 7.1, "warnings": 0},
        "people": {
            "slots": {"m_lines": 2, "problems": 0}, "killed": {"p95": 2.4},
            "malformed": {"crashes": 0, "frames": 1.0, "mb": 5.8},
        },
    }  # fmt: skip
    held = media.verdict(found)
    known = {one.name for one in media_targets.TARGETS}
    assert {"cap240_freeze_s_firefox", "killed_back_s", "joins_mb", "recording_ms"} <= set(held) <= known
    assert held["joins_mb"] == 0.4
    loads = media.loads(found)
    assert (loads["outage_back_s_firefox"], loads["joins_mb"]) == ("2.5", "1.0") and "outage_back_s" not in loads


def test_rival_that_is_not_here_is_a_row_and_no_end(monkeypatch):
    one = {"rounds": [{"ms_per_stream_s": 1.0, "p99_ms": 2.0}]}
    held = media.verdict(
        {"sides": {"built-in": [one], "in Python": [one]}, "sockets": {"opened": 2000, "kb_each": 41, "stale": 0}}
    )
    assert "cpu_vs_janus" not in held and held["cpu_vs_python"] == 1.0 and held["sockets_2000"] == 2000
    why = media.reasons({"not_measured": {"sides": "janus could not be found or installed."}})
    lines = media_targets.table(held, {}, why).splitlines()
    assert [line for line in lines if line.startswith("cpu_vs_janus")][0].endswith(
        "not measured: janus could not be found or installed."
    )
    assert "cpu_vs_janus" not in lines[-1] and lines[-1].startswith("not measured: ")


async def test_janus_that_is_not_here_or_does_not_answer_says_so(monkeypatch, tmp_path):
    def nothing(name):
        raise distribution.MissingProgram(f"{name} could not be found or installed.")

    monkeypatch.setattr(distribution, "program", nothing)
    with pytest.raises(media_rivals.NoRival, match="janus could not be found"):
        async with media_contestants.janus(None, host="127.0.0.1"):
            pass
    monkeypatch.setattr(media_rivals, "TRIES", 2)
    with pytest.raises(media_rivals.NoRival, match="does not answer"):
        await media_rivals.Janus.open(1)
    with pytest.raises(media_rivals.NoRival, match="does not answer"):
        await media_rivals._to_relay(1)


async def test_joins_keep_the_pace_that_a_worker_takes(monkeypatch):
    monkeypatch.setattr(media_client, "_paces", {})
    began = time.monotonic()
    for _ in range(JOINS_PER_SECOND + 8):
        await media_client._turn("there")
    assert time.monotonic() - began > 0.2
