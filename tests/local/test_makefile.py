"""The commands a newcomer types, and what stands behind them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from deploy.local import browser, scripts

ROOT = Path(__file__).parents[2]
BARE = {"HOME": os.environ.get("HOME", "/"), "PATH": "/usr/bin:/bin"}


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=ROOT, env=BARE, capture_output=True, text=True, timeout=60)


def test_help_is_the_default_and_lists_every_command():
    shown = make()
    listed = set(re.findall(r"^  make (\S+)", shown.stdout, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]
    assert listed == set(
        re.sub(
            r"\$\(BENCHES.*\)",
            "bench-tenancy bench-media bench-pages bench-golive bench-schedule bench-billing bench-white-label",
            phony,
        ).split()
    )


@pytest.mark.parametrize("target", ["setup", "demo", "demo-up", "demo-down", "reset", "test", "check", "bench", "lock"])
def test_command_resolves_in_a_bare_environment(target):
    planned = make("--dry-run", target)
    assert planned.returncode == 0, planned.stderr


def test_every_module_that_make_runs_exists():
    for module in re.findall(r"-m (deploy(?:\.\w+)+)", (ROOT / "Makefile").read_text()):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists() or module == "deploy.bench", module


def test_ci_runs_test_and_check():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "for target in test check" in script.read_text()


def test_chromium_named_by_the_variable_wins(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/bin/true")
    assert browser.find() == Path("/bin/true")


def test_chromium_named_wrongly_is_an_error_with_the_cure(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    with pytest.raises(browser.BrowserError, match=r"CHROMIUM=/path/to/chromium make test"):
        browser.find()


def test_chromium_that_cannot_be_had_fails_and_never_skips(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "find", lambda: None)
    monkeypatch.setattr(browser.subprocess, "run", lambda *_, **__: None)
    with pytest.raises(browser.BrowserError, match="No Chromium could be found or installed"):
        browser.fetch()


def test_script_that_parses_as_a_module_passes_and_a_broken_one_is_named(tmp_path):
    good, bad = tmp_path / "good.js", tmp_path / "bad.js"
    good.write_text('import { a } from "./a.js";\nawait a();\nexport default a;\n')
    bad.write_text("export const = 1;\n")
    done = scripts.prettier("--check", str(good), str(bad))
    assert done.returncode == 2
    assert "bad.js: SyntaxError" in done.stderr and "good.js" not in done.stderr


def test_script_whose_types_do_not_fit_is_named(tmp_path):
    (tmp_path / "tsconfig.json").write_text((ROOT / "tsconfig.json").read_text().replace("themes/static/js/**/", ""))
    (tmp_path / "wrong.js").write_text('/** @type {number} */\nexport const count = "three";\n')
    done = scripts.typescript(tmp_path)
    assert done.returncode != 0
    assert "wrong.js(2,14): error TS2322" in done.stdout
