"""Nouns are filled in where Django looks a sentence up, so that no page, mail or message can forget it.

`gettext("See upcoming %(appointments)s.")` is "See upcoming lessons." for a school, in code and in templates, lazily or at once. The catalogues keep
the places. docs/adr/0021-nouns-in-sentences.md says why here.
"""

from django.utils.translation import trans_real

from branding.queries import words_in_force
from branding.rules.sentences import as_in_catalogue, fill

# Read before any name of ours takes its place.
_DjangoTranslation = trans_real.DjangoTranslation


class NounTranslation(_DjangoTranslation):  # type: ignore[misc, valid-type]
    """The sentences of one language, with the nouns of the organization in force."""

    def gettext(self, message: str) -> str:
        """The translation, or the message itself, with nouns."""
        if "%(" not in message:
            return super().gettext(message)
        return self._worded(super().gettext(as_in_catalogue(message)))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form for `n`, with nouns."""
        return self._worded(super().ngettext(as_in_catalogue(msgid1), as_in_catalogue(msgid2), n))

    def _worded(self, sentence: str) -> str:
        if "%(" not in sentence:
            return sentence
        return fill(sentence, words_in_force(self.language()))


def install() -> None:
    """Let Django make its catalogues of this class from now on. For once, at start, before anything was translated."""
    trans_real.DjangoTranslation = NounTranslation
    trans_real._translations.clear()
    trans_real._default = None
