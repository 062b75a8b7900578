"""What a score is worth beside others of the same resource.

A score counts points out of a maximum, per cent, or points alone. Nothing is below zero; nothing is above its maximum, or above a hundred per
cent; a maximum is above zero. Points out of a maximum are worth their share in per cent, to a tenth: 7 of 10 stand beside 70 %. Points alone
compare with points alone. A chart draws the scores that compare with the latest one; the table beside it has all of them.
docs/rules/scores.md has a worked table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

LARGEST = Decimal(1_000_000)
_TENTH = Decimal("0.1")


class Scale(StrEnum):
    """What is counted."""

    OUT_OF = "out_of"
    PERCENT = "percent"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Marks:
    """What was reached; `maximum` only of points out of one."""

    scale: Scale
    value: Decimal
    maximum: Decimal | None = None


def refusal_of(marks: Marks) -> str:
    """Why it is no score: `below_zero`, `too_large`, `no_maximum`, `above_maximum`, `above_hundred`; empty when it is one."""
    numbers = [number for number in (marks.value, marks.maximum) if number is not None]
    if not all(number.is_finite() for number in numbers) or any(number > LARGEST for number in numbers):
        return "too_large"
    if any(number < 0 for number in numbers):
        return "below_zero"
    if marks.scale is Scale.PERCENT:
        return "above_hundred" if marks.value > 100 else ""
    if marks.scale is Scale.POINTS:
        return ""
    if not marks.maximum:
        return "no_maximum"
    return "above_maximum" if marks.value > marks.maximum else ""


def worth(marks: Marks) -> tuple[str, Decimal]:
    """With what it compares, `percent` or `points`, and its number there."""
    if marks.scale is Scale.OUT_OF and marks.maximum:
        return "percent", (marks.value * 100 / marks.maximum).quantize(_TENTH).normalize()
    return ("percent" if marks.scale is Scale.PERCENT else "points"), marks.value


def drawn(all_marks: Sequence[Marks]) -> list[int]:
    """Which of them the chart draws, by their place; given in their order, the latest last."""
    if not all_marks:
        return []
    kind = worth(all_marks[-1])[0]
    return [place for place, marks in enumerate(all_marks) if worth(marks)[0] == kind]
