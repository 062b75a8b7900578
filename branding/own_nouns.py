"""What is said of a noun that an organization gives itself: why it is refused, and what it was."""

from collections.abc import Mapping

from branding.rules.nouns import Noun
from branding.rules.own_nouns import LONGEST, fault_of
from core.kernel.errors import DomainError
from core.kernel.translation import translate

_CODES = {"empty": "word_half", "long": "word_long", "marks": "word_marks", "unseen": "word_unseen"}


def check_noun(key: str, noun: Noun) -> None:
    """Refuse a noun that cannot stand in a sentence; see `change_words`."""
    for name, word in (("singular", noun.singular), ("plural", noun.plural)):
        fault = fault_of(word)
        if fault is not None:
            raise DomainError(_CODES[fault], _fault_sentence(fault), field=f"{name}_{key}")


def _fault_sentence(fault: str) -> str:
    return {
        "empty": translate("Give both, the word for one and the word for several, or leave both empty."),
        "long": translate("A word has at most %(number)s letters.", number=LONGEST),
        "marks": translate("Leave out marks that are no part of a word, like < > & % and quotes."),
        "unseen": translate("Write a word: nothing can be seen of this one."),
    }[fault]


def as_told(word: Mapping[str, str] | None) -> str:
    """A noun as the audit notes it; empty for none."""
    return f"{word['singular']} / {word['plural']}" if word else ""
