"""The chart of a goal or of scores, in the units of its drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.records.rules.progress_chart import chart

WIDTH, HEIGHT, EDGE = 600, 200, 12


@dataclass(frozen=True, slots=True)
class Spot:
    """One value where it is drawn."""

    x: int
    y: int
    on: date
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of them, the earliest first, with the line through them."""

    line: str
    spots: tuple[Spot, ...]
    target: int | None

    @property
    def first_on(self) -> date:
        return self.spots[0].on

    @property
    def last_on(self) -> date:
        return self.spots[-1].on


def draw(
    values: Sequence[tuple[date, Decimal, str]], *, start: Decimal | None = None, target: Decimal | None = None
) -> Drawing | None:
    """Days, values and what to read there. None where there is no value."""
    drawn = chart([(on, value) for on, value, _words in values], start=start, target=target)
    if drawn is None:
        return None
    ordered = sorted(values, key=lambda one: one[0])
    spots = tuple(
        Spot(_x(point.x), _y(point.y), on, words)
        for point, (on, _value, words) in zip(drawn.points, ordered, strict=True)
    )
    line = " ".join(f"{spot.x},{spot.y}" for spot in spots)
    return Drawing(line, spots, None if drawn.target is None else _y(drawn.target))


def _x(share: int) -> int:
    return EDGE + (WIDTH - 2 * EDGE) * share // 1000


def _y(share: int) -> int:
    return HEIGHT * share // 1000
