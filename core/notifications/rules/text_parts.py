"""Parts of a text message.

A text message is paid for by parts. As long as every letter is in the alphabet of GSM 03.38, a message of one part holds 160 letters, and each
part of a longer one 153; the letters ^ { } \\ [ ~ ] | and € count twice. With any other letter, the whole message is written in UCS-2: one part
holds 70 letters, and each part of a longer one 67; what lies outside of the basic plane, as most emoji, counts twice. No letter is cut in two.
Spaces, dashes and quotes of print leave as plain ones, because one of them would change the alphabet of the whole message.
docs/rules/text-parts.md has a worked table.
"""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€\f")


# What dates and sentences are set with in print, and what a text message has in its place so that it stays in the cheaper alphabet.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a", " "),
        **dict.fromkeys("\u2010\u2011\u2012–—−", "-"),
        **dict.fromkeys("’‘‚′", "'"),
        **dict.fromkeys("“”„«»″", '"'),
        **dict.fromkeys("\u200b\u2060\ufeff\u00ad", ""),
        "…": "...",
    }
)


@dataclass(frozen=True, slots=True)
class Parts:
    """How long a text is: in which alphabet, how many letters as they are counted, how many parts; and the letters that ask for UCS-2."""

    alphabet: str
    letters: int
    number: int
    other: str = ""


def parts_of(text: str) -> Parts:
    """The parts of a message with this text; an empty one has none."""
    other = "".join(dict.fromkeys(letter for letter in text if letter not in _BASIC and letter not in _TWICE))
    alphabet, alone, among = ("UCS-2", 70, 67) if other else ("GSM-7", 160, 153)
    counted = [2 if (ord(letter) > 0xFFFF if other else letter in _TWICE) else 1 for letter in text]
    letters = sum(counted)
    number = 0 if not letters else 1 if letters <= alone else _parts(counted, among)
    return Parts(alphabet, letters, number, other)


def plainer(text: str) -> str:
    """The same with plain spaces, dashes and quotes, because one such sign makes a message more than twice as long."""
    return text.translate(_PLAIN)


def _parts(counted: list[int], among: int) -> int:
    """How many parts hold them, one after another: no letter is cut in two."""
    number, left = 1, among
    for length in counted:
        if length > left:
            number, left = number + 1, among
        left -= length
    return number
