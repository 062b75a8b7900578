"""Figures of one area: printed as a table, kept as JSON with the commit they belong to."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Results:
    """Name -> value, unit, baseline and ratio."""

    area: str
    rows: dict[str, dict[str, object]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def note(self, name: str, value: float, unit: str, *, baseline: float | None = None, note: str = "") -> None:
        """Keep one figure. With a baseline, the ratio says how many times better than it we are."""
        ratio = round(baseline / value, 2) if baseline is not None and value else None
        self.rows[name] = {"value": round(value, 4), "unit": unit, "baseline": baseline, "ratio": ratio, "note": note}
        shown = f"  baseline {baseline:.3f}  ratio {ratio}" if baseline is not None else ""
        print(f"{name:<34} {value:>12.4f} {unit:<8}{shown}  {note}", flush=True)

    def limit(self, name: str, value: float, bound: float, unit: str, *, least: bool = False, note: str = "") -> None:
        """Keep one figure that must be at most `bound`, or at least so much where `least` is set."""
        met = value >= bound if least else value <= bound
        if not met:
            self.missed.append(name)
        words = f"{'≥' if least else '≤'} {bound:g} {'' if met else 'MISSED'} {note}"
        self.note(name, value, unit, note=" ".join(words.split()))

    def lack(self, name: str, reason: str) -> None:
        """Say that a figure could not be measured, and why; it counts as missed."""
        self.missed.append(name)
        print(f"{name:<34} not measured: {reason}", flush=True)

    def write(self) -> Path:
        """Write var/bench/<area>.json."""
        commit = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False
        ).stdout.strip()
        path = Path("var/bench") / f"{self.area}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = {name: {**row, "commit": commit} for name, row in self.rows.items()}
        path.write_text(json.dumps(rows, indent=2) + "\n")
        return path


def questions_in(captured: Any) -> list[dict[str, str]]:
    """What the database was asked in a block of `CaptureQueriesContext`, without what enters a schema."""
    return [query for query in captured if "set_config" not in query["sql"] and "search_path" not in query["sql"]]
