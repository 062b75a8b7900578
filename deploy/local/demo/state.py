"""What the demo keeps below `var`, and how to begin again."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from deploy.local import places
from deploy.local.demo.plan import ROOT, Step

# Benchmarks' figures and everything unknown stay.
KEPT = (
    *("postgres", "valkey", "mail", "payments.json", "files", "recordings", "static", "log"),
    *("clock", "demo.json", "demo.secrets", "demo.filling", "demo.done"),
)


def clear(var: Path) -> None:
    """Remove what the demo kept, and nothing else under `var`."""
    for name in KEPT:
        path = var / name
        if path.is_dir() and not path.is_symlink():
            places.forget(path)
        else:
            path.unlink(missing_ok=True)


class Done:
    """Which steps need not be repeated, because the files that they depend on are as they were."""

    def __init__(self, var: Path) -> None:
        self._file = var / "demo.done"

    def holds(self, step: Step) -> bool:
        """Whether the step has succeeded with exactly these files."""
        return bool(step.inputs) and self._noted().get(step.title) == _digest(step.inputs)

    def note(self, step: Step) -> None:
        """The step has succeeded."""
        self._file.write_text(json.dumps({**self._noted(), step.title: _digest(step.inputs)}))

    def _noted(self) -> dict[str, str]:
        return json.loads(self._file.read_text()) if self._file.exists() else {}


def _digest(patterns: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
        digest.update(os.fsencode(path) + b"\0" + path.read_bytes())
    return digest.hexdigest()


class Filling:
    """A mark that lies in `var` from the start of the first filling to its end."""

    def __init__(self, var: Path) -> None:
        self._mark, self._result = var / "demo.filling", var / "demo.json"

    def was_interrupted(self) -> bool:
        """Whether a first filling began and did not end: what it left is half a practice."""
        return self._mark.exists()

    def begin(self) -> None:
        """A later start, which finds everything there, is no filling."""
        if not self._result.exists():
            self._mark.touch()

    def end(self) -> None:
        """From now on the data are worth keeping."""
        self._mark.unlink(missing_ok=True)
