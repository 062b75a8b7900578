"""Programs that tests run against: all got at once, or named with the cure."""

import pytest

from deploy.local import distribution


def test_all_that_is_missing_is_got_in_one_go(monkeypatch):
    asked = []
    monkeypatch.setattr(distribution, "which", lambda name: None if name in ("ffmpeg", "ffprobe", "nft") else name)
    monkeypatch.setattr(distribution, "install", asked.append)

    distribution.main()

    assert asked == [{"ffmpeg", "nftables"}]


def test_only_what_was_named_is_got_and_what_cannot_be_had_is_said(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(distribution, "which", lambda name: None)
    monkeypatch.setattr(distribution, "install", asked.append)

    distribution.main("ffmpeg")

    assert asked == [{"ffmpeg"}]
    assert "ffmpeg is not here; what needs it is left out" in capsys.readouterr().out


def test_nothing_is_asked_for_where_everything_is_here(monkeypatch):
    monkeypatch.setattr(distribution.subprocess, "run", lambda *_, **__: pytest.fail("installed something"))

    distribution.install(set())


def test_program_that_cannot_be_had_is_named_with_its_package(monkeypatch):
    monkeypatch.setattr(distribution, "which", lambda name: None)
    monkeypatch.setattr(distribution, "install", lambda packages: None)

    with pytest.raises(distribution.MissingProgram, match=r"turnserver .*apt-get install coturn"):
        distribution.program("turnserver")
