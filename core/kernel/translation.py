"""Sentences in the reader's language, for code that knows no framework.

Rules and actions write their sentences once, in English, and `translate` them; whoever composes the product puts a translator in at start
(`KernelConfig.ready`). Without one, as in a pure test, the English stands. Values come by name, so that a translator may move them:
`translate("At most %(amount)s can be given back.", amount=share.refundable)`. Amounts, numbers with decimals, and texts that are kept in
several languages are written as the reader in force writes them.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from babel.numbers import format_decimal


class Translator(Protocol):
    """What `django.utils.translation` has for us."""

    def gettext(self, message: str) -> str: ...

    def ngettext(self, singular: str, plural: str, number: int) -> str: ...

    def get_language(self) -> str | None: ...


@runtime_checkable
class Localized(Protocol):
    """A value that each language writes in its own way: an amount, a text that is kept in several languages."""

    def in_language(self, language: str) -> str: ...


class English:
    """The sentences as they were written."""

    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return singular if number == 1 else plural

    def get_language(self) -> str:
        return "en"


_translator: Translator = English()


def set_translator(translator: Translator) -> None:
    """Let every sentence from now on go through `translator`."""
    global _translator  # noqa: PLW0603 because there is one translator in a process, put in once at start
    _translator = translator


def translate(sentence: str, **values: Any) -> str:
    """The sentence in the language in force, with the values filled in."""
    translated = _translator.gettext(sentence) if sentence else ""
    return translated % _written(values) if values else translated


def translate_plural(singular: str, plural: str, number: int, **values: Any) -> str:
    """The sentence in the plural form that the language in force asks for; `number` is one of the values."""
    return _translator.ngettext(singular, plural, number) % {"number": number, **_written(values)}


def labelled(label: object, text: object) -> str:
    """A label with what it is about behind a colon, as the language in force sets one."""
    return translate("%(label)s: %(text)s", label=label, text=text)


def colon(label: object) -> str:
    """A label with its colon, for pages that set what follows themselves: in French with the space before it."""
    return labelled(label, "").rstrip(" ")


def language_in_force() -> str:
    """The code of the language in which sentences are read now."""
    return _translator.get_language() or "en"


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translators where it is written before anybody reads it; `translate` it when somebody does."""
    return sentence


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    language = language_in_force()
    return {name: _in(language, value) for name, value in values.items()}


def _in(language: str, value: Any) -> Any:
    if isinstance(value, Decimal):
        return format_decimal(value, locale=language.replace("-", "_"))
    return value.in_language(language) if isinstance(value, Localized) else value
