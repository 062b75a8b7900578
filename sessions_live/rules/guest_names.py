"""Which names guests may give themselves.

A guest by a personal link gives a name, and everybody reads beside it that they are a guest. A name has at least one letter, one line, at most
60 characters and no address in it. Whoever gives the name of somebody who works here is not refused, because people may share a name; it is
said beside it that they are not of the team. Names count as the same whatever their capitals, accents, spaces and signs, and also where
letters of another script look like them. A whole name of two or more words counts wherever it stands in what was typed, in either order; one
word only where it is all that was typed.
docs/rules/guest-names.md has a worked table.
"""

import unicodedata
from collections.abc import Iterable

LONGEST = 60
# Small letters of other scripts, and figures, that look like one of ours.
_PAIRS = (
    "аa вb еe кk мm нh оo рp сc тt уy хx іi јj ѕs ԁd һh ӏl ԛq ԝw ѵv ցg "  # noqa: RUF001 because they are to look alike
    "οo αa ιi υu νv κk ρp τt χx εe ηn γy 0o 1l |l ıi łl øo đd"  # noqa: RUF001 because they are to look alike
)
_ALIKE = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}


def has_letter(name: str) -> bool:
    """Whether there is anything in it by which one can be called."""
    return any(sign.isalpha() for sign in name)


def is_namesake(name: str, team: Iterable[str]) -> bool:
    """Whether it is the name of one of these people, or looks like it."""
    typed = _alike(name)
    return any(_is_of(typed, each) for each in team)


def _is_of(typed: str, member: str) -> bool:
    words = [found for word in member.split() if (found := _alike(word))]
    if len(words) < 2:
        return bool(words) and typed == words[0]
    whole, turned = "".join(words), "".join([words[-1], *words[:-1]])
    return whole in typed or turned in typed


def _alike(text: str) -> str:
    """Letters and figures alone, small, without marks, each as the one of ours that it looks like."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if sign.isalnum()).translate(_ALIKE)
