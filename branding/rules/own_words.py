"""Sentences in the organization's own nouns.

Names of roles and what they may do are written, and translated, with the neutral nouns; a school reads "lessons" where a clinic reads
"appointments". Translators word them so that no article or ending depends on the noun. Nouns are replaced as whole words.
docs/rules/own-words.md has a worked table.
"""

import re
from functools import cache

from branding.rules.vocabulary import Vocabulary, capitalized

NOUNS = ("appointment", "practitioner", "client", "invoice", "agent", "organization")


def in_own_words(sentence: str, vocabulary: Vocabulary) -> str:
    """The sentence, in the vocabulary's language, with its nouns."""
    nouns, pattern = _neutral(vocabulary.language)

    def own(found: re.Match[str]) -> str:
        key, plural, raised = nouns[found[1]]
        noun = vocabulary.get(key, plural=plural)
        return capitalized(noun) if raised else noun

    return pattern.sub(own, sentence)


@cache
def _neutral(language: str) -> tuple[dict[str, tuple[str, bool, bool]], re.Pattern[str]]:
    """The neutral nouns of a language, each with its term, whether it is the plural and whether it begins a sentence; and what finds them."""
    words = Vocabulary(language=language)
    nouns: dict[str, tuple[str, bool, bool]] = {}
    for key in NOUNS:
        for plural in (True, False):
            noun = words.get(key, plural=plural)
            nouns[capitalized(noun)] = (key, plural, True)
            nouns[noun] = (key, plural, False)
    return nouns, re.compile(rf"\b({'|'.join(sorted(nouns, key=len, reverse=True))})\b")
