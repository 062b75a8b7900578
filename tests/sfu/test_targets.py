"""The table of the media benchmark: what passed, what failed, what nobody measured."""

from deploy.bench import media, media_targets


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
