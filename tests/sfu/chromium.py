"""A Chromium of one's own for the tests of the media server."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.sfu.stage import CHROMIUM


@contextmanager
def running_chromium(profile: Path) -> Iterator[str]:
    """A Chromium of its own; the address of its debugging port."""
    given = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}", *CHROMIUM, "about:blank"]
    process = subprocess.Popen(["/usr/bin/chromium", *given], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    port = profile / "DevToolsActivePort"
    end = time.monotonic() + 30
    try:
        while not (port.exists() and port.read_text().count("\n")):
            assert time.monotonic() < end, "Chromium did not start"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port.read_text().split()[0]}"
    finally:
        process.terminate()
        process.wait(10)
