"""What the person at the terminal sees: progress with times, and at the end where to go."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any


class Screen:
    """Lines on standard output, each with the seconds since the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def line(self, text: str) -> None:
        """One event."""
        print(f"{time.monotonic() - self._began:6.1f} s  {text}", flush=True)

    def quote(self, text: str) -> None:
        """Somebody else's words, indented."""
        for line in text.splitlines():
            print(f"          {line[:160]}", flush=True)


def directions(demo: Path, mail_page: str) -> str:
    """Addresses and logins out of `demo.json`."""
    facts: dict[str, Any] = json.loads(demo.read_text())
    places = [*facts.get("organizations", []), *([facts["operator"]] if "operator" in facts else [])]
    lines = [""]
    for place in places:
        lines += [f"  {place['name']:<28} {place['url']}"]
        lines += [f"    {user['role']:<26} {user['email']:<36} {user['password']}" for user in place.get("users", [])]
    return "\n".join([*lines, f"  {'Mail':<28} {mail_page}", f"  All of it: {demo}", ""])
