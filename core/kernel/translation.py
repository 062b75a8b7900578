"""Sentences in the reader's language, for code that knows no framework.

Rules and actions write their sentences once, in English, and `translate` them; whoever composes the product puts a translator in at start
(`KernelConfig.ready`). Without one, as in a pure test, the English stands. Values come by name, so that a translator may move them:
`translate("At most %(amount)s can be given back.", amount=share.refundable)`.
"""

from typing import Any, Protocol


class Translator(Protocol):
    """What `django.utils.translation` has for us."""

    def gettext(self, message: str) -> str: ...

    def ngettext(self, singular: str, plural: str, number: int) -> str: ...

    def get_language(self) -> str | None: ...


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
    return translated % values if values else translated


def translate_plural(singular: str, plural: str, number: int, **values: Any) -> str:
    """The sentence in the plural form that the language in force asks for; `number` is one of the values."""
    return _translator.ngettext(singular, plural, number) % {"number": number, **values}


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
