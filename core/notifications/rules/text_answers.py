"""What somebody answers to a text message.

STOP and the words that networks take for it, in our languages too, end all text messages to that number; START begins them again. HELP, and
whatever is no such word, is told whom to ask. Only letters and digits count, however they are written; a sentence that begins with such a word
is none. Where the provider has read it already, STOP and START are what it says.
docs/rules/text-answers.md has a worked table.
"""

import unicodedata
from enum import StrEnum

_STOP = frozenset(
    {
        "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "STOPP", "ALTO", "ARRET", "ARRÊT",
    }
)  # fmt: skip
_START = frozenset({"START", "UNSTOP"})


class Answer(StrEnum):
    """What it means."""

    STOP = "stop"
    START = "start"
    HELP = "help"


_READ = {"STOP": Answer.STOP, "START": Answer.START}


def meaning(text: str, *, read_as: str = "") -> Answer:
    """What the answer means. `read_as`: as what the provider has read it, where it reads answers."""
    if read_as in _READ:
        return _READ[read_as]
    word = "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum()).upper()
    if word in _STOP:
        return Answer.STOP
    return Answer.START if word in _START else Answer.HELP
