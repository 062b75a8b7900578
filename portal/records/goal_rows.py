"""A goal as its pages show it: its numbers, its steps, its chart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.records.models import Goal, GoalProgress, GoalText
from core.records.rules.progress_chart import Chart, chart

TONES = {"open": "info", "reached": "success", "paused": "neutral", "dropped": "neutral"}
WIDTH, HEIGHT, EDGE = 600, 200, 12  # of the drawing, in its own units


@dataclass(frozen=True, slots=True)
class Drawing:
    """The chart in units of the drawing."""

    line: str
    dots: tuple[tuple[int, int, GoalProgress], ...]
    target: int | None
    chart: Chart
    first: GoalProgress
    last: GoalProgress


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
    drawn = chart([(one.on, value) for one, value in counted], start=text.start, target=text.target)
    if drawn is None:
        return None
    spots = [(_x(point.x), _y(point.y)) for point in drawn.points]
    ordered = sorted(counted, key=lambda one: one[0].on)
    dots = tuple((x, y, one) for (x, y), (one, _value) in zip(spots, ordered, strict=True))
    line = " ".join(f"{x},{y}" for x, y in spots)
    target = None if drawn.target is None else _y(drawn.target)
    return Drawing(line, dots, target, drawn, ordered[0][0], ordered[-1][0])


def _x(share: int) -> int:
    return EDGE + (WIDTH - 2 * EDGE) * share // 1000


def _y(share: int) -> int:
    return HEIGHT * share // 1000
