"""What apps show on pages that are not theirs: the dashboard, a client's page."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Panel:
    """A template and what it shows. On the dashboard, `wide` panels take the main column, others the side column."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    wide: bool = True
