"""The one search: rows are found when every word that was typed stands in their search keys, in any order.

An app says where its rows are looked for, one word at a time, by `word.in_(path)`; the keys are columns of `core.kernel.search_keys`. A telephone
number is found in whatever notation it was typed or kept. Where nothing is found, words with one typing error are taken for those that were meant.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import phonenumbers
from django.db import connection
from django.db.models import Model, Q, QuerySet

from core.kernel import search_keys

MOST_WORDS = 8  # more would only cost time
MOST_LETTERS = 80
_NUMBER = re.compile(r"[+(]?[\d\s()./-]{4,30}\d")
_FORGIVEN = range(
    4, 11
)  # letters of a word in which one error is forgiven by trying all; longer ones have enough letters right
_LONG = 5  # letters
_AFTER_COUNTRY = 5  # digits without which a number is a part of too many

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of what was typed, folded, or one telephone number in its notations; `exactly`: without typing errors."""

    forms: tuple[str, ...]
    exactly: bool = True

    @property
    def is_long(self) -> bool:
        """Whether few rows have it, as a rule: then indexes find them sooner than a look through all rows does."""
        return all(len(form) >= _LONG for form in self.forms)

    @property
    def can_be_mistyped(self) -> bool:
        """Whether `in_` finds more with typing errors forgiven than without."""
        return any(form.isalpha() and len(form) >= _FORGIVEN.start for form in self.forms)

    def in_(self, *keys: str) -> Q:
        """Rows in one of whose search keys it stands. `keys`: paths, as of `filter`."""
        found = Q()
        for key in keys:
            for form in self.forms:
                found |= Q((f"{key}__contains", form))
                if not self.exactly and form.isalpha() and len(form) >= _FORGIVEN.start:
                    found |= Q((f"{key}__resembles", form))
                    if len(form) in _FORGIVEN:
                        found |= Q((f"{key}__regex", _with_one_error(form)))
        return found


def search(rows: QuerySet[Row], typed: str, where: Callable[[Word], Q], *, country: str = "") -> QuerySet[Row]:
    """The rows that are found; all of them when nothing was typed. `country` (ISO 3166) is that of numbers without a country's code."""
    typed = typed.strip()[:MOST_LETTERS]
    if not typed:
        return rows
    words = fold(typed).split()[:MOST_WORDS]
    queries = [[Word((word, *_notations(word, country))) for word in words], *_as_number(typed, country)]
    queries = [words for words in queries if words]
    if not queries:
        return rows.none()
    exact = rows.filter(_any_of(queries, where))
    if not any(word.can_be_mistyped for words in queries for word in words) or exact.exists():
        return exact
    return rows.filter(_any_of([[Word(word.forms, exactly=False) for word in words] for words in queries], where))


def fold(typed: str) -> str:
    """The words as they stand in a search key; asked of the database, so that both are folded alike."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {search_keys.SCHEMA}.folded(%s)", [typed.replace("\x00", "")])
        return str(cursor.fetchone()[0])


def _any_of(queries: list[list[Word]], where: Callable[[Word], Q]) -> Q:
    found = Q()
    for words in queries:
        every = Q()
        for word in words:
            every &= where(word)
        found |= every
    return found


def _as_number(typed: str, country: str) -> Iterator[list[Word]]:
    """What was typed as one telephone number: all of it is one word."""
    if _NUMBER.fullmatch(typed):
        yield [Word((re.sub(r"\D", "", typed), *_notations(typed, country)))]


def _notations(typed: str, country: str) -> list[str]:
    """The digits of a telephone number in each notation in which people keep it; none of what is no number."""
    if not _NUMBER.fullmatch(typed):
        return []
    try:
        number = phonenumbers.parse(typed, country or None)
    except phonenumbers.NumberParseException:
        return []  # because a part of a number is no number, and is looked for as it is
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    written = {phonenumbers.national_significant_number(number), re.sub(r"\D", "", national)}
    return sorted(digits for each in written if len(digits := each.lstrip("0")) >= _AFTER_COUNTRY)


def _with_one_error(word: str) -> str:
    """The beginning of a word that differs from this one by a letter more, a letter less, another letter, or two in each other's place."""
    meant: set[str] = set()
    for at in range(len(word)):
        before, after = word[:at], word[at + 1 :]
        meant |= {before + after, f"{before}.{after}", f"{before}.{word[at:]}"}
        meant.add(before + after[:1] + word[at] + after[1:])
    return rf"\m({'|'.join(sorted(meant))})"
