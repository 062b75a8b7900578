"""Sentences with the organization's nouns in them.

A sentence names a term where it speaks of one, and the word is put in: "See upcoming %(appointments)s." A small first letter is a noun inside a
sentence, a capital one begins it; an s at the end is the plural. What hangs on the noun is given in every form, and the word chooses: "Make
%(invoice:a|an)s %(invoice)s." Other values stay for whoever fills them in.
docs/rules/sentences.md has a worked table.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from branding.rules.vocabulary import Vocabulary, capitalized, is_term

# Doubled per cent signs, too: Django writes them so in templates.
PLACE = re.compile(r"%{1,2}\((\w+)(?::([^()]*))?\)s")


def fill(sentence: str, vocabulary: Vocabulary) -> str:
    """The sentence, in the vocabulary's language, with its nouns; the places of other values stay as they are."""
    if "%(" not in sentence or not any(map(term_named, _places_in(sentence))):
        return sentence

    def own(found: re.Match[str]) -> str:
        named = term_named(found[1])
        if named is None:
            return found[0]
        key, plural = named
        if found[2] is not None:
            return vocabulary.form(key, found[2].split("|"))
        noun = vocabulary.get(key, plural=plural)
        return capitalized(noun) if found[1][0].isupper() else noun

    return PLACE.sub(own, sentence)


def as_in_catalogue(message: str) -> str:
    """A sentence as translators see it: a template hands out `%%(client)s` for the `%(client)s` that stands in it."""
    if "%%(" not in message:
        return message
    return PLACE.sub(lambda found: found[0].replace("%%", "%") if term_named(found[1]) else found[0], message)


def term_named(name: str) -> tuple[str, bool] | None:
    """The term of a place in a sentence and whether it is the plural; None for the place of another value."""
    small = name[:1].lower() + name[1:]
    if is_term(small):
        return small, False
    if small[-1:] == "s" and is_term(small[:-1]):
        return small[:-1], True
    return None


@lru_cache(maxsize=10_000)
def _places_in(sentence: str) -> tuple[str, ...]:
    """The names of all places; kept, because few sentences name a term, and all are looked at on every page."""
    return tuple(found[1] for found in PLACE.finditer(sentence))


def terms_in(sentence: str) -> Iterator[str]:
    """The terms that a sentence names."""
    for found in PLACE.finditer(sentence):
        named = term_named(found[1])
        if named is not None:
            yield named[0]
