"""The nouns that people read on their screens, in the organization's own words and language.

A clinic has clients, a school has students; the pages name a term and show the organization's own word. A
preset is a set of words for one kind of organization; an organization may replace any single one. A word has a
singular, a plural and, where grammar asks for it, a gender; articles follow from the language. What a preset leaves out
falls back to the neutral word of the same language, then to English.
docs/rules/vocabulary.md has a worked table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from branding.rules.nouns import LANGUAGES, PRESETS, Noun

DEFAULT_LANGUAGE = "en"
_VOWELS = "aeiou"
# Nominative articles by language and gender: indefinite, definite, definite plural.
_ARTICLES = {
    "de": {"m": ("ein", "der", "die"), "f": ("eine", "die", "die"), "n": ("ein", "das", "die")},
    "es": {"m": ("un", "el", "los"), "f": ("una", "la", "las")},
}


def keys() -> tuple[str, ...]:
    """Every term, in the order in which they are told."""
    return tuple(PRESETS["neutral"]["en"])


class UnknownTerm(KeyError):
    """A page asked for a noun that does not exist; the message lists those that do."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one organization in one language."""

    preset: str = "neutral"
    language: str = DEFAULT_LANGUAGE
    overrides: Mapping[str, Noun] = field(default_factory=dict)

    def word(self, key: str) -> Noun:
        """The word for a key: the organization's own, its preset's, the neutral one. UnknownTerm for a wrong key."""
        if key not in PRESETS["neutral"]["en"]:
            raise UnknownTerm(f"{key!r} is not a term. Terms are: {', '.join(keys())}.")
        if key in self.overrides:
            return self.overrides[key]
        base = self.language.split("-")[0].lower()
        language = base if base in LANGUAGES else DEFAULT_LANGUAGE
        return PRESETS.get(self.preset, {}).get(language, {}).get(key) or PRESETS["neutral"][language][key]

    def get(self, key: str, plural: bool = False) -> str:
        """The bare noun, singular or plural, written as inside a sentence of its language."""
        word = self.word(key)
        return word.plural if plural else word.singular

    def with_article(self, key: str, definite: bool = False, plural: bool = False) -> str:
        """The noun with its article: "an invoice", "the clients", "der Klient", "una cita"."""
        word = self.word(key)
        noun = word.plural if plural else word.singular
        article = self._article(word, definite, plural)
        return f"{article} {noun}" if article else noun

    def _article(self, word: Noun, definite: bool, plural: bool) -> str:
        articles = _ARTICLES.get(self.language.split("-")[0].lower())
        if articles is None:
            return _english_article(word, definite, plural)
        indefinite, singular, many = articles.get(word.gender, articles["m"])
        if plural:
            return many if definite else ""
        return singular if definite else indefinite


def _english_article(word: Noun, definite: bool, plural: bool) -> str:
    if definite:
        return "the"
    if plural:
        return ""
    return word.article or ("an" if word.singular[:1].lower() in _VOWELS else "a")


def capitalized(text: str) -> str:
    """The first letter raised and nothing else, because `str.capitalize` would lower the rest."""
    return text[:1].upper() + text[1:]
