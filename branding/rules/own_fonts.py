"""Which fonts may an organization bring along, and what can they write?

A font says itself whether it may be embedded in pages and documents. One that is restricted, that may be embedded as a whole only, or in
pictures of its letters only, is refused, because documents hold the letters that they need and no others. Everything else is accepted, when
somebody says that the licence allows it. A font that has the letters of none of the organization's languages is refused. Letters that it lacks
are taken from the font behind it, and the page says in which languages and for which names that happens.
docs/rules/own-fonts.md has worked tables.
"""

import re
from collections.abc import Collection, Iterable
from itertools import pairwise

KEY = re.compile(r"own-(sans|serif)-[0-9a-f]{12}")
_BASIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;!?-()"
# What a language is written with beside that.
LETTERS = {
    "en": "",
    "de": "ÄÖÜäöüß",
    "es": "ÁÉÍÑÓÚÜáéíñóúü¿¡",
    "fr": "ÀÂÆÇÈÉÊËÎÏÔŒÙÛÜŸàâæçèéêëîïôœùûüÿ«»",
}
# What people are called elsewhere in Europe.
NAMES = "ĄąĆćČčĎďĐđĘęĚěĞğİıŁłŃńŇňŐőŘřŚśŞşŠšŤťŮůŰűŹźŻżŽžÅåØøÞþÐð"
_RESTRICTED, _MORE_THAN_RESTRICTED, _WHOLE, _BITMAPS = 0x0002, 0x000C, 0x0100, 0x0200


def is_own(font: str) -> bool:
    """Whether a look's font is one that the organization has uploaded."""
    return KEY.fullmatch(font) is not None


def refusal(fs_type: int) -> str:
    """Why a font with these bits (`fsType` of OpenType's OS/2 table) may not be embedded, as a code; empty when it may."""
    if fs_type & _RESTRICTED and not fs_type & _MORE_THAN_RESTRICTED:
        return "font_restricted"
    if fs_type & _WHOLE:
        return "font_whole"
    return "font_bitmaps" if fs_type & _BITMAPS else ""


def missing(language: str, letters: Collection[int]) -> str:
    """What the language needs and the font lacks; a language that nobody has described needs nothing."""
    wanted = _BASIC + LETTERS[language] if language in LETTERS else ""
    return "".join(letter for letter in wanted if ord(letter) not in letters)


def missing_names(letters: Collection[int]) -> str:
    """The letters of people's names that the font lacks."""
    return "".join(letter for letter in NAMES if ord(letter) not in letters)


def writes_one_of(languages: Iterable[str], letters: Collection[int]) -> bool:
    """Whether it has nearly all that one of these languages needs: text of single letters from another font can hardly be read."""
    return any(len(missing(language, letters)) <= len(_BASIC) // 10 for language in languages)


def as_ranges(letters: Iterable[int]) -> str:
    """Many letters in a short text: `20-7e,a0-ff,20ac`."""
    known = sorted(set(letters))
    if not known:
        return ""
    starts = [known[0], *(later for earlier, later in pairwise(known) if later != earlier + 1)]
    ends = [*(earlier for earlier, later in pairwise(known) if later != earlier + 1), known[-1]]
    return ",".join(
        f"{start:x}" if start == end else f"{start:x}-{end:x}" for start, end in zip(starts, ends, strict=True)
    )


def from_ranges(text: str) -> frozenset[int]:
    """The letters of such a text."""
    pairs = (part.partition("-") for part in text.split(",") if part)
    return frozenset(letter for start, _, end in pairs for letter in range(int(start, 16), int(end or start, 16) + 1))
