"""In whose language something is said: what one person does is told to others in theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.utils import translation

from branding.queries import offered_language


class Reader(Protocol):
    """Whoever has chosen a language."""

    language: str


@contextmanager
def in_language_of(reader: Reader) -> Iterator[str]:
    """Say everything inside in the reader's language, as far as the organization offers it; gives its code."""
    language = offered_language(reader.language)
    with translation.override(language):
        yield language
