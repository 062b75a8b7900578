"""What a room contributes to the dashboard: a function request -> Panel, or None when it has nothing for this person.

Which panels there are, and in which order, stands in `portal.dashboard.order`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Panel:
    """A template and what it shows. `wide` panels take the main column, others the side column."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    wide: bool = True


PanelMaker = Callable[[HttpRequest], Panel | None]
