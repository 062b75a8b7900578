"""Texts that an organization writes in each of its languages: the name of what it offers, or of how something ended.

One is kept in the organization's first language, the others beside it, by language. A reader has theirs, where it was written, and else the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.kernel.translation import language_in_force


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text with what it is called in other languages. As a string it is what the reader in force reads."""

    text: str
    others: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.in_language(language_in_force())

    def __bool__(self) -> bool:
        return bool(self.text)

    def in_language(self, language: str) -> str:
        """The text for a reader of `language`: "fr-CA" reads French, and whoever has none the first one."""
        return self.others.get(language) or self.others.get(language.partition("-")[0]) or self.text


def written_in(others: Mapping[str, str]) -> dict[str, str]:
    """The other languages' texts as they are kept: without spaces around, and without those that say nothing."""
    return {language: text.strip() for language, text in sorted(others.items()) if text.strip()}


def stored(text: OwnText) -> str | dict[str, Any]:
    """The text as JSON keeps it: a plain string where it is written in one language."""
    return {"text": text.text, "others": dict(text.others)} if text.others else text.text


def read(value: Any) -> Any:
    """What `stored` has kept; anything else as it is."""
    return OwnText(value["text"], value["others"]) if isinstance(value, dict) and "text" in value else value
