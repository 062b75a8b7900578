"""A note of what the demo's data were last brought in line with: while it tells the truth, a start has nothing to prepare."""

from __future__ import annotations

import hashlib
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from deploy.local.demo.plan import ROOT

NOTE = "demo.shape"
# What decides which tables there are and what stands in them before anybody works there.
SOURCES = (
    *("*/migrations/*.py", "*/*/migrations/*.py", "*/*/*/migrations/*.py", "*/apps.py", "*/*/apps.py", "*/*/*/apps.py"),
    "deploy/settings/*.py",
    *("tenants/*.py", "deploy/local/seed/*.py", "deploy/local/demo/*.py"),
)


class Shape:
    """The present code beside one database cluster, and the note in `var` of the last code that worked on it."""

    def __init__(self, var: Path, cluster: str) -> None:
        self._note = var / NOTE
        self._present = fingerprint(cluster)

    def holds(self) -> bool:
        """Whether this very cluster was last brought in line with exactly this code."""
        return self._note.exists() and self._note.read_text() == self._present

    def begin(self) -> None:
        """Forget the note: whoever is interrupted from here on leaves no promise behind."""
        self._note.unlink(missing_ok=True)

    def end(self) -> None:
        """Everything that the code wants is there."""
        self._note.write_text(self._present)


def fingerprint(cluster: str, root: Path = ROOT) -> str:
    """A digest of the cluster's name, of the sources that shape it, and of every installed package with its version."""
    digest = hashlib.sha256(cluster.encode())
    for path in sorted(_sources(root)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for package in sorted(Path(sysconfig.get_path("purelib")).glob("*.dist-info")):
        digest.update(package.name.encode() + b"\0")
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    for pattern in SOURCES:
        yield from root.glob(pattern)
