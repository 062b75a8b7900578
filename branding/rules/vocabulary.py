"""The nouns that people read on their screens, in the organization's own words and language.

A clinic has clients, a school has students; the pages name a term and show the organization's own word. A
preset is a set of words for one kind of organization; an organization may replace any single one. A word has a
singular, a plural and, where grammar asks for it, a gender; articles follow from the language. What a preset leaves out
is the neutral word of the same language; a language without words of its own reads the English ones.
docs/rules/vocabulary.md has a worked table.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from branding.rules.nouns import ARTICLES, GENDERS, PRESETS, Noun

DEFAULT_LANGUAGE = "en"
_VOWELS = "aeiou"


def keys() -> tuple[str, ...]:
    """Every term, in the order in which they are told."""
    return tuple(PRESETS["neutral"]["en"])


def is_term(key: str) -> bool:
    return key in PRESETS["neutral"]["en"]


def language_of_words(language: str) -> str:
    """The language whose words a reader of `language` has: "de-AT" reads German ones, a language without words English ones."""
    base = language.split("-")[0].lower()
    return base if base in PRESETS["neutral"] else DEFAULT_LANGUAGE


def word_of_preset(preset: str, language: str, key: str) -> Noun:
    """The word that a preset has for a term, or the neutral one."""
    words = language_of_words(language)
    return PRESETS.get(preset, {}).get(words, {}).get(key) or PRESETS["neutral"][words][key]


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
        if not is_term(key):
            raise UnknownTerm(f"{key!r} is not a term. Terms are: {', '.join(keys())}.")
        return self.overrides.get(key) or word_of_preset(self.preset, self.language, key)

    def get(self, key: str, plural: bool = False) -> str:
        """The bare noun, singular or plural, written as inside a sentence of its language."""
        word = self.word(key)
        return word.plural if plural else word.singular

    def with_article(self, key: str, definite: bool = False, plural: bool = False) -> str:
        """The noun with its article: "an invoice", "the clients", "die Klient:in", "una cita", "l’élève"."""
        word = self.word(key)
        noun = word.plural if plural else word.singular
        article = self._article(word, definite, plural)
        if article.endswith("’"):
            return article + noun
        return f"{article} {noun}" if article else noun

    def form(self, key: str, forms: Sequence[str]) -> str:
        """The one of `forms` that the noun asks for: before which sound it stands in English (a, an), its gender in German (m, f, n), Spanish
        and French (m, f); French may have a third one for before a vowel (le, la, l’).
        """
        word, language = self.word(key), language_of_words(self.language)
        if language not in GENDERS:
            place = int(_english_article(word, False, False) == "an")
        elif language == "fr" and len(forms) > 2 and _begins_with_vowel(word.singular):
            place = 2
        else:
            place = GENDERS[language].index(word.gender) if word.gender in GENDERS[language] else 0
        return forms[min(place, len(forms) - 1)]

    def _article(self, word: Noun, definite: bool, plural: bool) -> str:
        language = language_of_words(self.language)
        if language not in GENDERS:
            return _english_article(word, definite, plural)
        articles = ARTICLES.get(language, {"m": ("", "", "")})
        indefinite, singular, many = articles.get(word.gender, articles["m"])
        if plural:
            return many if definite else ""
        if definite and language == "fr" and _begins_with_vowel(word.singular):
            return "l’"
        return singular if definite else indefinite


def _english_article(word: Noun, definite: bool, plural: bool) -> str:
    if definite:
        return "the"
    if plural:
        return ""
    return word.article or ("an" if word.singular[:1].lower() in _VOWELS else "a")


def _begins_with_vowel(noun: str) -> bool:
    """Whether a French article is shortened before it; h counts as mute."""
    return unicodedata.normalize("NFD", noun)[:1].lower() in ("a", "e", "i", "o", "u", "y", "h", "œ", "æ")


def capitalized(text: str) -> str:
    """The first letter raised and nothing else, because `str.capitalize` would lower the rest."""
    return text[:1].upper() + text[1:]
