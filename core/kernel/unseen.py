"""Characters that nobody sees: taken out of lines and addresses, before anything is checked.

Format characters (Unicode's Cf) and letters that are drawn as nothing make two names look alike, let an address never be typed again, and turn
the order of what is read. Two of them join or part letters where a script needs it, and hold an emoji of several pictures together: there they
stay. Ends of lines and tabs become a space, because a line has one.
"""

import re
import unicodedata

ZWNJ, ZWJ = "\u200c", "\u200d"
# Drawn as nothing although they are letters, symbols or marks.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_ENDS = re.compile(r"[\t\r\n\x85\u2028\u2029]+")
_FLAG = "\U0001f3f4"  # a black flag, which tags make the flag of a region
_TAGS = range(0xE0020, 0xE0080)
# Scripts whose letters join: Arabic to Mandaic, those of South and South-East Asia, Mongolian.
_JOINING = (range(0x0600, 0x0860), range(0x0860, 0x1100), range(0x1700, 0x18B0), range(0x1A00, 0x1C50), range(0xA800, 0xAAE0),
            range(0x11000, 0x11FFF))  # fmt: skip


def one_line(text: str) -> str:
    """The text as one line that can be seen: without blanks around it; empty where there is nothing to be seen."""
    if text.isascii() and text.isprintable():
        return text.strip()
    folded, seen = _ENDS.sub(" ", text), ""
    for at, sign in enumerate(folded):
        if not _is_unseen(sign) or _is_needed(sign, seen, folded[at + 1 : at + 2]):
            seen += sign
    return seen.strip()


def address(text: str) -> str:
    """A mail address as it is typed: in which no such character has a place at all."""
    return "".join(sign for sign in text if not _is_unseen(sign)).strip()


def _is_unseen(sign: str) -> bool:
    return sign in _BLANK or unicodedata.category(sign) == "Cf"


def _is_needed(sign: str, before: str, after: str) -> bool:
    """Whether the character joins or parts what stands around it: all that is seen before, and the next one."""
    if ord(sign) in _TAGS:
        return before.rstrip("".join(map(chr, _TAGS))).endswith(_FLAG)
    before = before[-1:]
    if sign not in (ZWNJ, ZWJ):
        return 0x600 <= ord(sign) <= 0x605 or sign in "\u06dd\u08e2"  # signs of Arabic that are seen
    if _joins(before):
        return sign == ZWJ or _joins(after)
    return sign == ZWJ and _is_picture(before) and _is_picture(after)


def _joins(sign: str) -> bool:
    return bool(sign) and any(ord(sign) in script for script in _JOINING)


def _is_picture(sign: str) -> bool:
    """Whether it is part of an emoji: a symbol, its shade, or the mark that asks for the picture."""
    return sign == "\ufe0f" or (bool(sign) and unicodedata.category(sign) in ("So", "Sk", "Sm", "Po"))
