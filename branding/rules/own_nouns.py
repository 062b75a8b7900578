"""A noun that an organization gives itself.

It has a singular and a plural, each of at most 40 letters on one line, and a gender where the language has one. It stands in pages, mail and papers
without further care, so it holds no mark of HTML and no per cent sign, and something of it can be seen.
docs/rules/own-nouns.md has a worked table.
"""

import unicodedata

from branding.rules.nouns import GENDERS, Noun

LONGEST = 40
MARKS = '<>&"{}%`\\|'


def fault_of(word: str) -> str | None:
    """What is wrong with one form of a noun: `empty`, `long`, `marks` or `unseen`; None when it can be used."""
    if not word.strip():
        return "empty"
    if len(word) > LONGEST:
        return "long"
    if any(letter in MARKS for letter in word):
        return "marks"
    categories = {unicodedata.category(letter) for letter in word}
    if categories & {"Cc", "Cs", "Zl", "Zp"} or not any(category[0] in "LNS" for category in categories):
        return "unseen"
    return None


def is_usable(noun: Noun, language: str) -> bool:
    """Whether the noun can stand in sentences of the language."""
    return (
        fault_of(noun.singular) is None
        and fault_of(noun.plural) is None
        and noun.gender in ("", *GENDERS.get(language, ()))
    )
