"""What the demo keeps below `var`, and how to begin again."""

from __future__ import annotations

from pathlib import Path

from deploy.local import places

# Benchmarks' figures and everything unknown stay.
KEPT = (
    *("postgres", "valkey", "mail", "payments.json", "dns.zone", "files", "recordings", "static", "log"),
    *("clock", "demo.json", "demo.secrets", "demo.filling", "demo.shape"),
)


def clear(var: Path) -> None:
    """Remove what the demo kept, and nothing else under `var`."""
    for name in KEPT:
        path = var / name
        if path.is_dir() and not path.is_symlink():
            places.forget(path)
        else:
            path.unlink(missing_ok=True)


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
