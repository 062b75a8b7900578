"""In whose language a message is written: what one person does is told to others in theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.utils import translation

from branding.queries import offered_language


class HasLanguage(Protocol):
    """A login, a recipient: whoever has chosen a language."""

    language: str


@contextmanager
def in_language_of(recipient: HasLanguage) -> Iterator[str]:
    """Translate everything inside into the recipient's language, as far as the organization offers it; gives its code."""
    with in_language(recipient.language) as language:
        yield language


@contextmanager
def in_language(code: str) -> Iterator[str]:
    """The same by a language's code."""
    language = offered_language(code)
    with translation.override(language):
        yield language
