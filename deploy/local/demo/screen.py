"""What the person at the terminal sees: progress with times, and at the end where to go."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

LANGUAGES = {"de": "German", "es": "Spanish", "fr": "French"}


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


def _in_other_languages(place: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Who reads another language than English, and which: one sees the pages in it by signing in as them."""
    return [
        (f"{user['role']}, in {LANGUAGES[user['language']]}", user)
        for user in place.get("users", [])
        if user.get("language", "en") in LANGUAGES
    ]


def directions(demo: Path, pages: dict[str, str]) -> str:
    """Addresses and one login per role out of `demo.json`, then the pages of the tools beside it."""
    facts: dict[str, Any] = json.loads(demo.read_text())
    places = [*facts.get("organizations", []), *([facts["operator"]] if "operator" in facts else [])]
    lines = []
    for place in places:
        lines += ["", f"  {place['name']:<28} {place['url']}"]
        first = {user["role"]: user for user in reversed(place.get("users", []))}
        shown = [*reversed(first.items()), *_in_other_languages(place)]
        lines += [f"    {role:<26} {user['email']:<40} {user['password']}" for role, user in shown]
        if any("totp_secret" in user for user in first.values()):
            lines += ["    its one-time code          make code"]
    lines += ["", *(f"  {name:<28} {url}" for name, url in pages.items())]
    return "\n".join([*lines, "", f"  Everybody else, with ids of a few objects: {demo}", ""])
