"""What was answered: what of a form is asked of somebody, what is still missing, what it counts.

An item that depends on another is asked only where that one is asked and answered so. What was answered and is not asked any more does not
count, is not missing and is not kept once the form is sent. Points are counted over what was asked: of one or several answers those of each
chosen answer, of a scale its number; the most that could be reached is counted over the same items.
docs/rules/responses.md has a worked table.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.records.questionnaires.rules.questionnaires import Definition, Item, Kind

LINE, LINES = 500, 10_000  # letters of an answer
NAME = 150  # of a signature
MOST_FILES = 5

# Of a text, a day (ISO 8601), one answer and a signature: words. Of several answers and of files (their ids): a list. Of a scale: a number. Of a
# statement: whether it is agreed to.
Answer = str | int | bool | list[str]
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Total:
    """Points, and the most that could be reached."""

    points: int
    maximum: int


def shown_keys(definition: Definition, answers: Answers) -> set[str]:
    """The keys of what is asked, or to be read, after these answers."""
    shown: set[str] = set()
    for item in definition.items:
        if item.condition is None or (item.condition.key in shown and _is_met(definition, item, answers)):
            shown.add(item.key)
    return shown


def _is_met(definition: Definition, item: Item, answers: Answers) -> bool:
    condition = item.condition
    decides = definition.item(condition.key) if condition else None
    if condition is None or decides is None:
        return False
    given = answers.get(condition.key)
    if decides.kind is Kind.MANY:
        return isinstance(given, list) and condition.value in given
    if decides.kind is Kind.SCALE:
        return isinstance(given, int) and given >= int(condition.value)
    return given is True if decides.kind is Kind.STATEMENT else given == condition.value


def refusal_of(item: Item, answer: Any) -> str:
    """Why this is no answer to it: `not_understood`, `too_long`, `not_a_choice`, `outside`, `not_a_day`; empty when it is one, or none was given."""
    if answer in (None, "", [], False):
        return ""
    wanted = {Kind.SCALE: int, Kind.STATEMENT: bool, Kind.MANY: list, Kind.FILE: list}.get(item.kind, str)
    if not isinstance(answer, wanted) or not item.is_asked:
        return "not_understood"
    given: Any = answer
    if item.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.SIGNATURE):
        most = {Kind.TEXT: LINE, Kind.LONG_TEXT: LINES}.get(item.kind, NAME)
        return "too_long" if len(given) > most else ""
    if item.kind in (Kind.ONE, Kind.MANY):
        texts = {choice.text for choice in item.choices}
        chosen = {given} if item.kind is Kind.ONE else set(given)
        return "" if chosen <= texts else "not_a_choice"
    if item.kind is Kind.SCALE:
        return "" if item.low <= given <= item.high else "outside"
    return _refusal_of_day(given) if item.kind is Kind.DATE else ""


def _refusal_of_day(answer: str) -> str:
    try:
        return "" if date.fromisoformat(answer).year >= 1850 else "not_a_day"
    except ValueError:
        return "not_a_day"


def is_answered(answer: Any) -> bool:
    """Whether anything was said. No is no agreement; nought on a scale is an answer."""
    if isinstance(answer, bool):
        return answer
    return answer is not None and (answer.strip() != "" if isinstance(answer, str) else answer != [])


def missing(definition: Definition, answers: Answers) -> list[str]:
    """The keys of what must be answered and is not."""
    shown = shown_keys(definition, answers)
    wanted = [item.key for item in definition.asked if item.is_required and item.key in shown]
    return [key for key in wanted if not is_answered(answers.get(key))]


def asked_answers(definition: Definition, answers: Answers) -> dict[str, Any]:
    """The answers to what is asked, in its order."""
    shown = shown_keys(definition, answers)
    keys = [item.key for item in definition.asked if item.key in shown]
    return {key: answers[key] for key in keys if is_answered(answers.get(key))}


def total(definition: Definition, answers: Answers) -> Total | None:
    """What was reached; None where the form is not scored, or nothing of it counts."""
    shown = shown_keys(definition, answers)
    counted = [item for item in definition.asked if item.key in shown and _most(item) is not None]
    if not definition.is_scored or not counted:
        return None
    return Total(sum(_points(i, answers.get(i.key)) for i in counted), sum(_most(i) or 0 for i in counted))


def _most(item: Item) -> int | None:
    if item.kind is Kind.SCALE:
        return item.high
    points = [choice.points for choice in item.choices]
    if not any(points):
        return None
    return max(points) if item.kind is Kind.ONE else sum(each for each in points if each > 0)


def _points(item: Item, answer: Any) -> int:
    if item.kind is Kind.SCALE:
        return answer if isinstance(answer, int) else 0
    chosen = answer if isinstance(answer, list) else [answer]
    return sum(choice.points for choice in item.choices if choice.text in chosen)


def digest(definition: Definition, answers: Answers) -> str:
    """SHA-256 of all that was asked and answered, in hexadecimal: what somebody has signed, letter for letter."""
    text = json.dumps([definition.kept(), dict(answers)], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
