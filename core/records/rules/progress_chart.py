"""Where the values of a goal stand in its chart.

Time runs from the first value to the last one, evenly by days; a single value stands in the middle. The scale reaches from the smallest to the
largest of all values, the start and the target, with a tenth of that distance above and below. Where all are the same, the value stands at
half the height. Positions are thousandths of the chart's width and height, from the left and from the top.
docs/rules/progress-chart.md has a worked table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FULL = 1000


@dataclass(frozen=True, slots=True)
class Point:
    """One value in the chart."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Every value in the order of its day; where the target lies, if there is one; what the scale reaches."""

    points: tuple[Point, ...]
    target: int | None
    lowest: Decimal
    highest: Decimal


def chart(
    values: Sequence[tuple[date, Decimal]], *, start: Decimal | None = None, target: Decimal | None = None
) -> Chart | None:
    """None where no value was noted."""
    if not values:
        return None
    ordered = sorted(values, key=lambda one: one[0])
    marks = [value for _, value in ordered] + [mark for mark in (start, target) if mark is not None]
    lowest, highest = min(marks), max(marks)
    first, days = ordered[0][0], (ordered[-1][0] - ordered[0][0]).days
    points = tuple(
        Point(round(FULL * (on - first).days / days) if days else FULL // 2, _height(value, lowest, highest))
        for on, value in ordered
    )
    return Chart(points, None if target is None else _height(target, lowest, highest), lowest, highest)


def _height(value: Decimal, lowest: Decimal, highest: Decimal) -> int:
    """From the top."""
    if lowest == highest:
        return FULL // 2
    edge = (highest - lowest) / 10
    return round(FULL * (highest + edge - value) / (highest - lowest + 2 * edge))
