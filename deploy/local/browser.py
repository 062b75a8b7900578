"""Find Chromium for the journeys, or get it: `python -m deploy.local.browser` prints the path.

Looked for in this order: the variable CHROMIUM, the usual names on PATH, Playwright's own download. When there is none,
root gets the distribution's package, anybody else Playwright's build. Without one the tests fail; they never skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.local import distribution

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CURE = "Install Chromium, or name one: CHROMIUM=/path/to/chromium make test"
FIREFOX_CURE = "Install Firefox, or name one: FIREFOX=/path/to/firefox make test"


class BrowserError(RuntimeError):
    """No usable Chromium; the message says what was tried and the cure."""


def find() -> Path | None:
    """The Chromium that is here already, or None. Raises `BrowserError` when CHROMIUM names no program."""
    if named := os.environ.get("CHROMIUM"):
        if shutil.which(named) is None:
            raise BrowserError(f"CHROMIUM is {named!r}, which is not a program. {CURE}")
        return Path(str(shutil.which(named)))
    on_path = (shutil.which(name) for name in NAMES)
    return next((Path(path) for path in on_path if path), None) or _playwright_build()


def fetch() -> Path:
    """Install Chromium by the means this user has. Raises `BrowserError`."""
    print("No Chromium here; getting it", file=sys.stderr)
    distribution.install(["chromium"])
    if found := find():
        return found
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=False)
    if found := find():
        return found
    raise BrowserError(f"No Chromium could be found or installed. {CURE}")


def firefox() -> Path:
    """Firefox for the media tests, got where there is none: the variable FIREFOX, PATH, the distribution's package."""
    if named := os.environ.get("FIREFOX"):
        if shutil.which(named) is None:
            raise BrowserError(f"FIREFOX is {named!r}, which is not a program. {FIREFOX_CURE}")
        return Path(str(shutil.which(named)))
    if found := shutil.which("firefox-esr") or shutil.which("firefox"):
        return Path(found)
    distribution.install(["firefox-esr"])
    if found := shutil.which("firefox-esr"):
        return Path(found)
    raise BrowserError(f"No Firefox could be found or installed. {FIREFOX_CURE}")


def _playwright_build() -> Path | None:
    """Playwright's own download, if there is one that runs."""
    from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 because most runs find a browser without it

    try:
        with sync_playwright() as playwright:
            path = Path(playwright.chromium.executable_path)
    except Error:
        return None
    return path if path.exists() else None


def main() -> None:
    """Print the path of a Chromium that answers to --version."""
    try:
        chromium = find() or fetch()
        flags = [] if os.geteuid() else ["--no-sandbox"]
        answer = subprocess.run([chromium, *flags, "--version"], capture_output=True, text=True, timeout=60)
        if answer.returncode != 0:
            raise BrowserError(f"{chromium} does not start: {answer.stderr.strip()}. {CURE}")
    except BrowserError as error:
        raise SystemExit(str(error)) from None
    print(chromium)


if __name__ == "__main__":
    main()
