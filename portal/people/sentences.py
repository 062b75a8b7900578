"""Sentences of roles and permissions in the organization's own nouns.

They are written, and translated, with the neutral nouns (`core.people.roles`); a school reads "lessons" where a clinic reads
"appointments". Translators word them so that no article or ending depends on the noun.
"""

import re
from functools import cache
from typing import Any

from branding.rules.vocabulary import Vocabulary

NOUNS = ("appointment", "practitioner", "client", "invoice", "agent", "organization")


def in_own_words(sentence: str, vocabulary: Any) -> str:
    """The sentence, in the vocabulary's language, with its nouns; unchanged where there is no vocabulary."""
    if vocabulary is None:
        return sentence
    nouns, pattern = _neutral(vocabulary.language)
    return pattern.sub(lambda found: _noun(*nouns[found[1]], vocabulary), sentence)


@cache
def _neutral(language: str) -> tuple[dict[str, tuple[str, bool]], re.Pattern[str]]:
    """The neutral nouns of a language, each with its term and whether it is the plural; and what finds them."""
    words = Vocabulary(language=language)
    nouns = {words.get(key, plural=plural): (key, plural) for key in NOUNS for plural in (True, False)}
    return nouns, re.compile(rf"\b({'|'.join(sorted(nouns, key=len, reverse=True))})\b")


def _noun(key: str, plural: bool, vocabulary: Any) -> str:
    return vocabulary.get(key, plural=plural)
