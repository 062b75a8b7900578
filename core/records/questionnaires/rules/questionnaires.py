"""What a form asks.

A form is a list of items in order: questions, texts to read, and beginnings of pages. A question may depend on an earlier one: it is asked only
where that one was asked, too, and answered in the way that is named. One of several answers and several answers name one of their answers; a
statement depends on being agreed to; a scale on a lowest number. Nothing depends on a text, a day, a file or a signature, nor on what comes later.
docs/rules/questionnaires.md has a worked table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

MOST_ITEMS = 150
MOST_CHOICES = 30
TITLE, WORDS, HINT, CHOICE = 150, 5000, 500, 200  # letters
QUESTION = 500
LARGEST_POINTS = 1000


class Kind(StrEnum):
    """What an item is."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    ONE = "one"
    MANY = "many"
    SCALE = "scale"
    DATE = "date"
    FILE = "file"
    STATEMENT = "statement"
    SIGNATURE = "signature"
    WORDS = "words"
    PAGE = "page"


ASKED = frozenset(Kind) - {Kind.WORDS, Kind.PAGE}
CHOSEN = frozenset({Kind.ONE, Kind.MANY})
CAN_DECIDE = frozenset({Kind.ONE, Kind.MANY, Kind.SCALE, Kind.STATEMENT})
_LONG = frozenset({Kind.WORDS, Kind.STATEMENT, Kind.SIGNATURE})


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers, and what it counts where the form is scored."""

    text: str
    points: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """Which earlier item decides, and by which answer; of a scale from which number on; of a statement nothing."""

    key: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One question, text or beginning of a page. `key` is its own within the form, and stays."""

    key: str
    kind: Kind
    text: str = ""
    hint: str = ""
    is_required: bool = False
    choices: tuple[Choice, ...] = ()
    low: int = 0
    high: int = 10
    low_text: str = ""
    high_text: str = ""
    condition: Condition | None = None

    @property
    def is_asked(self) -> bool:
        """Whether it wants an answer."""
        return self.kind in ASKED

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Item":
        """Of what was kept."""
        condition = kept.get("condition")
        return cls(
            **{
                **kept,
                "kind": Kind(kept["kind"]),
                "choices": tuple(Choice(**each) for each in kept.get("choices", ())),
                "condition": Condition(**condition) if condition else None,
            }
        )


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown at once."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """All that a form asks, in order."""

    title: str
    intro: str = ""
    is_scored: bool = False
    items: tuple[Item, ...] = field(default_factory=tuple)

    def kept(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Definition":
        """Of what was kept."""
        return cls(kept["title"], kept["intro"], kept["is_scored"], tuple(Item.read(each) for each in kept["items"]))

    @property
    def pages(self) -> list[Page]:
        """In order; what stands before the first beginning of a page is one without a title. A page with nothing on it is none."""
        found: list[tuple[str, list[Item]]] = [("", [])]
        for item in self.items:
            if item.kind is Kind.PAGE:
                found.append((item.text, []))
            else:
                found[-1][1].append(item)
        return [Page(title, tuple(items)) for title, items in found if items] or [Page("", ())]

    @property
    def asked(self) -> list[Item]:
        """The items that want an answer."""
        return [item for item in self.items if item.is_asked]

    def item(self, key: str) -> Item | None:
        """The item of this key."""
        return next((each for each in self.items if each.key == key), None)

    def page_of(self, key: str) -> int:
        """On which page it stands, from 0."""
        return next((number for number, page in enumerate(self.pages) if any(i.key == key for i in page.items)), 0)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why it is no form, and which item is to blame."""

    code: str
    key: str = ""


def refusal_of(definition: Definition) -> Refusal | None:
    """Why nobody could fill it in as it stands; None when they can. An empty form can be written, and not sent (`can_be_sent`)."""
    if not definition.title.strip() or len(definition.title) > TITLE:
        return Refusal("title")
    if len(definition.intro) > WORDS:
        return Refusal("intro")
    if len(definition.items) > MOST_ITEMS:
        return Refusal("many_items")
    before: dict[str, Item] = {}
    for item in definition.items:
        if item.key in before:
            return Refusal("key_twice", item.key)
        if code := _refusal_of_item(item) or _refusal_of_condition(item, before):
            return Refusal(code, item.key)
        before[item.key] = item
    return None


def _refusal_of_item(item: Item) -> str:
    most = WORDS if item.kind in _LONG else TITLE if item.kind is Kind.PAGE else QUESTION
    if not item.text.strip():
        return "no_text"
    if len(item.text) > most or max(map(len, (item.hint, item.low_text, item.high_text))) > HINT:
        return "long_text"
    if item.kind in CHOSEN:
        return _refusal_of_choices([choice.text for choice in item.choices], [each.points for each in item.choices])
    if item.kind is Kind.SCALE and not 0 <= item.low < item.high <= 100:
        return "scale"
    return ""


def _refusal_of_choices(texts: Sequence[str], points: Sequence[int]) -> str:
    if len(texts) < 2:
        return "few_choices"
    if len(texts) > MOST_CHOICES or any(not text.strip() or len(text) > CHOICE for text in texts):
        return "choices"
    if len(set(texts)) < len(texts):
        return "choice_twice"
    return "points" if any(abs(each) > LARGEST_POINTS for each in points) else ""


def _refusal_of_condition(item: Item, before: Mapping[str, Item]) -> str:
    condition = item.condition
    if condition is None:
        return ""
    decides = before.get(condition.key)
    if decides is None or item.kind is Kind.PAGE:
        return "condition_later"
    if decides.kind not in CAN_DECIDE:
        return "condition_kind"
    return "" if condition.value in values_of(decides) else "condition_value"


def values_of(item: Item) -> list[str]:
    """By which of its answers another item can depend on it."""
    if item.kind in CHOSEN:
        return [choice.text for choice in item.choices]
    if item.kind is Kind.SCALE:
        return [str(number) for number in range(item.low, item.high + 1)]
    return ["yes"] if item.kind is Kind.STATEMENT else []


def can_be_sent(definition: Definition) -> bool:
    """Whether it asks anything at all."""
    return refusal_of(definition) is None and bool(definition.asked)


def with_item(definition: Definition, item: Item, *, after: str = "") -> Definition:
    """With this item in the place of the one of its key, or as a new one: behind `after`, or last."""
    items = list(definition.items)
    place = next((number for number, each in enumerate(items) if each.key == item.key), None)
    if place is not None:
        items[place] = item
    else:
        behind = next((number for number, each in enumerate(items) if each.key == after), len(items) - 1)
        items.insert(behind + 1, item)
    return replace(definition, items=tuple(items))


def without_item(definition: Definition, key: str) -> Definition:
    """Without it, and with nothing that depends on it any more."""
    kept = [each for each in definition.items if each.key != key]
    freed = (
        replace(each, condition=None) if each.condition is not None and each.condition.key == key else each
        for each in kept
    )
    return replace(definition, items=tuple(freed))


def in_order(definition: Definition, keys: Sequence[str]) -> Definition | None:
    """In this order; None unless it names every item once."""
    by_key = {each.key: each for each in definition.items}
    if sorted(keys) != sorted(by_key):
        return None
    return replace(definition, items=tuple(by_key[key] for key in keys))


def moved(definition: Definition, key: str, *, by: int) -> Definition:
    """One item so many places further; where there are no more, it stays at the end."""
    keys = [each.key for each in definition.items]
    if key not in keys:
        return definition
    place = keys.index(key)
    keys.insert(max(0, min(len(keys) - 1, place + by)), keys.pop(place))
    return in_order(definition, keys) or definition


def new_key(definition: Definition) -> str:
    """One that no item has."""
    taken = {each.key for each in definition.items}
    return next(key for number in range(1, len(taken) + 2) if (key := f"q{number}") not in taken)
