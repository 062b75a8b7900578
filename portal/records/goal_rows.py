"""A goal as its pages show it: its numbers, its steps, its chart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.records.models import Goal, GoalProgress, GoalText
from portal.records.drawings import Drawing, draw
from portal.records.numbers import normalized

TONES = {"open": "info", "reached": "success", "paused": "neutral", "dropped": "neutral"}


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One goal, with the latest of its values."""

    goal: Goal
    text: GoalText
    tone: str
    steps_done: int
    steps: int
    latest: Decimal | None
    drawing: Drawing | None


def goal_rows(goals: Iterable[Goal]) -> list[GoalRow]:
    """Of goals that were loaded with their steps and progress."""
    return [goal_row(goal, list(goal.progress.all())) for goal in goals]


def goal_row(goal: Goal, progress: Sequence[GoalProgress]) -> GoalRow:
    """One of them; `progress`: the latest first."""
    text, steps = goal.text, list(goal.steps.all())
    counted = [(one, value) for one in reversed(progress) if (value := one.text.value) is not None]
    return GoalRow(
        goal,
        text,
        TONES[goal.status],
        sum(1 for step in steps if step.done_at),
        len(steps),
        counted[-1][1] if counted else None,
        _drawing(counted, text),
    )


def _drawing(counted: Sequence[tuple[GoalProgress, Decimal]], text: GoalText) -> Drawing | None:
    values = [(one.on, value, normalized(value)) for one, value in counted]
    return draw(values, start=text.start, target=text.target)
