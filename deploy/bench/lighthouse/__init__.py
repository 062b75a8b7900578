"""What Lighthouse says of the public front page on a phone. It is installed below var/ when it is first needed: no other program wants it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from deploy.bench.front import ROOT
from deploy.bench.public_pages import palettes
from deploy.local import assets, browser

if TYPE_CHECKING:
    from deploy.bench.results import Results
    from tests.journeys.house import House
    from tests.local.caddy import FrontDoor

HERE, INSTALLED = Path(__file__).parent, ROOT / "var" / "bench" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 97


def measure(results: Results, house: House, door: FrontDoor, runs: int) -> None:
    """Every category of every palette; of several runs the middle one, because other work on the machine only ever slows a page."""
    try:
        program = installed()
    except assets.AssetError as error:
        results.lack("lighthouse", str(error))
        return
    for name, host in palettes(house):
        reports = [report_of(program, f"{host}/", door) for _ in range(runs)]
        for category in CATEGORIES:
            score = median(report["categories"][category]["score"] for report in reports) * 100
            note = ", ".join(wrong_in(reports[0], category)) if score < LEAST else ""
            results.limit(f"lighthouse_{name}_{category}", score, LEAST, "", least=True, note=note)


def installed() -> Path:
    """Lighthouse's program, after `npm ci` if its lock has changed. Raises AssetError."""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    lock, mark = (HERE / "package-lock.json").read_text(), INSTALLED / ".installed"
    if not mark.is_file() or mark.read_text() != lock:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, INSTALLED / name)
        done = subprocess.run(
            [*assets.npm(), "ci", "--ignore-scripts", "--loglevel=error"],
            cwd=INSTALLED, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise assets.AssetError(f"Lighthouse could not be installed: {done.stderr.strip()[-500:]}")
        mark.write_text(lock)
    return INSTALLED / "node_modules" / "lighthouse" / "cli" / "index.js"


def report_of(program: Path, address: str, door: FrontDoor) -> dict:
    """One run on a new profile, with Lighthouse's own picture of a phone and its network."""
    flags = (
        f"--headless=new --no-sandbox --ignore-certificate-errors --host-resolver-rules='MAP * 127.0.0.1:{door.https}'"
    )
    command = ["node", str(program), address, "--quiet", "--output=json", "--no-enable-error-reporting"]
    command += [f"--chrome-flags={flags}", f"--only-categories={','.join(CATEGORIES)}"]
    chrome = {"CHROME_PATH": str(browser.find() or browser.fetch())}
    done = subprocess.run(
        command, env={**os.environ, **chrome}, capture_output=True, text=True, check=True, timeout=300
    )
    return json.loads(done.stdout)


def wrong_in(report: dict, category: str) -> list[str]:
    """The audits that cost points."""
    audits = report["audits"]
    wanted = (one["id"] for one in report["categories"][category]["auditRefs"] if one["weight"])
    return [name for name in wanted if audits[name]["score"] is not None and audits[name]["score"] < 0.9]
