"""Which letters a document can print, and from which font.

A brand's fonts have Latin letters. For every other one the fall-back fonts of set-up are asked, each of which has a piece of a script; those
that a document needs are cut at the first use. What no font has is replaced by a sign, and the document says so.
"""

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from billing.documents.fonts import FALLBACKS, letters_of_fallback

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Where Han is written in more than one way, what else is written says which.
_KANA, _HANGUL = (0x3040, 0x30FF), (0xAC00, 0xD7A3)
_TURNING = dict.fromkeys(range(0x202A, 0x202F))  # by which a name could print another one's letters
_INVISIBLE = ("Cf", "Zl", "Zp")


def mapped(content: Any, change: Callable[[str], str]) -> Any:
    """The content with every text in it changed."""
    if isinstance(content, str):
        return change(content)
    if isinstance(content, Mapping):
        return {key: mapped(value, change) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [mapped(value, change) for value in content]
    return content


def plain(text: str) -> str:
    """Composed, and without what is no text: control characters, halves of surrogate pairs, and what turns letters round."""
    composed = unicodedata.normalize("NFC", text).translate(_TURNING)
    return "".join(_plain(letter) for letter in composed)


def _plain(letter: str) -> str:
    kind = unicodedata.category(letter)
    return REPLACEMENT if kind == "Cs" else "" if kind == "Cc" and letter != "\n" else letter


def printable(texts: Iterable[str], has: Callable[[int], bool]) -> tuple[list[str], dict[str, str]]:
    """The fall-back fonts that these texts need, and what is to be printed instead of letters that no font has.

    `has` says whether the brand's own fonts have a letter.
    """
    missing = sorted({letter for text in texts for letter in text if not has(ord(letter)) and not _invisible(letter)})
    chosen: list[str] = []
    instead: dict[str, str] = {}
    order = _order(missing)
    for letter in missing:
        font = _font_for(letter, chosen, order)
        if font is None:
            instead[letter] = _similar(letter, has)
        elif font not in chosen:
            chosen.append(font)
    return chosen, instead


def without_fallbacks(texts: Iterable[str], has: Callable[[int], bool]) -> tuple[list[str], dict[str, str]]:
    """The same with the brand's own fonts only; marks on letters are left out."""
    missing = {letter for text in texts for letter in text if not has(ord(letter)) and letter != "\n"}
    marks = {letter for letter in missing if _invisible(letter) or unicodedata.category(letter).startswith("M")}
    return [], {letter: "" if letter in marks else _similar(letter, has) for letter in missing}


def texts_in(content: Any) -> Iterator[str]:
    """Every text in it."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping | list | tuple):
        for value in content.values() if isinstance(content, Mapping) else content:
            yield from texts_in(value)


def _similar(letter: str, has: Callable[[int], bool]) -> str:
    """A plain way to write it (the ornate letters that people copy from the web), a space for a space, else the sign."""
    if unicodedata.category(letter) == "Zs":
        return " "
    plainer = unicodedata.normalize("NFKC", letter)
    return plainer if plainer != letter and all(has(ord(part)) for part in plainer) else REPLACEMENT


def _font_for(letter: str, chosen: list[str], order: list[str]) -> str | None:
    number = ord(letter)
    likely = (font for font in order if _within(number, _starts()[font]))
    candidates = [font for font in chosen if _within(number, _starts()[font])]
    for font in (*candidates, *likely):
        if number in letters_of_fallback(font):
            return font
    return None


def _order(letters: Iterable[str]) -> list[str]:
    numbers = [ord(letter) for letter in letters]
    first = "noto-sans-jp" if any(_KANA[0] <= number <= _KANA[1] for number in numbers) else ""
    first = first or ("noto-sans-kr" if any(_HANGUL[0] <= number <= _HANGUL[1] for number in numbers) else "")
    fonts = list(_starts())
    return sorted(fonts, key=lambda font: not font.startswith(first)) if first else fonts


def _within(number: int, ranges: tuple[list[int], list[int]]) -> bool:
    starts, ends = ranges
    place = bisect_right(starts, number) - 1
    return place >= 0 and number <= ends[place]


@lru_cache(maxsize=1)
def _starts() -> dict[str, tuple[list[int], list[int]]]:
    """Each fall-back font with the first and the last letters of its ranges, in order of preference; none without set-up."""
    try:
        ranges = json.loads((FALLBACKS / "letters.json").read_text())
    except FileNotFoundError:
        return {}
    return {
        font: ([first for first, _ in sorted(pairs)], [last for _, last in sorted(pairs)])
        for font, pairs in ranges.items()
    }


def _invisible(letter: str) -> bool:
    """What takes no room, for which the typesetter needs no font."""
    number = ord(letter)
    is_variation = 0xFE00 <= number <= 0xFE0F or 0xE0100 <= number <= 0xE01EF
    return letter == "\n" or is_variation or unicodedata.category(letter) in _INVISIBLE
