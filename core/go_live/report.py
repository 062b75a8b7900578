"""What became of each part."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """Of one part."""

    MADE = "made"
    CHANGED = "changed"
    SAME = "as it was"
    WAITING = "waits"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One part: its name in the file, what became of it, and why or what next."""

    part: str
    outcome: Outcome
    text: str = ""


@dataclass(slots=True)
class Report:
    """All parts in order. `is_trial`: nothing of it was kept."""

    is_trial: bool
    lines: list[Line] = field(default_factory=list)
    address: str = ""
    files: list[str] = field(default_factory=list)  # written to the storage, which no transaction brings back

    def add(self, part: str, outcome: Outcome, text: str = "") -> None:
        self.lines.append(Line(part, outcome, text))

    def noted(self, part: str, changed: Iterable[str], *, made: bool = False) -> None:
        """A part whose facts were written: which of them were others before."""
        names = list(changed)
        outcome = Outcome.MADE if made else Outcome.CHANGED if names else Outcome.SAME
        self.add(part, outcome, ", ".join(names))

    def has(self, outcome: Outcome) -> bool:
        return any(line.outcome == outcome for line in self.lines)
