"""Sentences of roles and permissions in the organization's own nouns.

They are written once, in English with the neutral nouns (`core.people.roles`); a school reads "lessons" where a clinic reads "appointments".
"""

import re
from typing import Any

NOUNS = {
    "appointments": ("appointment", True),
    "practitioners": ("practitioner", True),
    "clients": ("client", True),
    "client": ("client", False),
    "invoices": ("invoice", True),
    "agent": ("agent", False),
    "organization": ("organization", False),
}
_PATTERN = re.compile(rf"\b({'|'.join(NOUNS)})\b")


def in_own_words(sentence: str, vocabulary: Any) -> str:
    """The sentence with the vocabulary's nouns; unchanged where there is none, or another language is read."""
    if vocabulary is None or not vocabulary.language.startswith("en"):
        return sentence
    return _PATTERN.sub(lambda found: _noun(found[1], vocabulary), sentence)


def _noun(word: str, vocabulary: Any) -> str:
    key, plural = NOUNS[word]
    return vocabulary.get(key, plural=plural)
