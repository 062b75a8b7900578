"""The files of a font as somebody sends them together: each read and checked, or a sentence for each that cannot be used."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from branding.font_files import MOST_BYTES, FontFile, Refused, read_font
from branding.rules.own_fonts import from_ranges, writes_one_of
from core.kernel import turns
from core.kernel.translation import gettext_noop, translate

WAIT = 5  # seconds for which one font waits while another one is read, of whatever organization
STYLES = {"regular": "Regular", "bold": "Bold", "italic": "Italic"}
SENTENCES = {
    "font_too_large": gettext_noop("The file is larger than 1 MB. A WOFF2 file of the same font is a third as large."),
    "font_unpacks": gettext_noop(
        "This font is too large when it is unpacked. Choose one with fewer letters or weights."
    ),
    "font_collection": gettext_noop("This file is a collection of several fonts. Send each font as a file of its own."),
    "font_unreadable": gettext_noop("This file is not a font that we can read. Send WOFF2, WOFF, TTF or OTF."),
    "font_letterless": gettext_noop("This font has no letters."),
    "font_restricted": gettext_noop(
        "This font says of itself that it must not be embedded in pages and documents. Ask its maker for a web licence, and send the file that "
        "comes with it."
    ),
    "font_whole": gettext_noop(
        "This font says of itself that it may be embedded as a whole only. Documents hold just the letters that they need, so it cannot be used."
    ),
    "font_bitmaps": gettext_noop(
        "This font says of itself that only pictures of its letters may be embedded, so it cannot be used."
    ),
    "font_languages": gettext_noop("This font cannot write any of your languages: most of their letters are missing."),
    "font_busy": gettext_noop("Another font is being read at this moment. Send yours once more in a minute."),
    "font_bold_twice": gettext_noop("The first file has bold letters already. Leave this one empty."),
}


@dataclass(frozen=True, slots=True)
class Family:
    """A font that can be kept: its files by style, and of what they were made."""

    key: str
    files: dict[str, FontFile]
    source: str


class FamilyRefused(Exception):
    """Some of the files cannot be used; `errors` has a sentence by style."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        super().__init__(", ".join(codes.values()))
        self.errors = {style: translate(SENTENCES[code]) for style, code in codes.items()}


def read_family(uploads: Mapping[str, Any], *, languages: Iterable[str], number: str = "") -> Family:
    """The uploads by style (`regular`, and perhaps `bold` and `italic`), read one after another. Error: FamilyRefused."""
    large = {style: "font_too_large" for style, upload in uploads.items() if upload.size > MOST_BYTES}
    if large:
        raise FamilyRefused(large)
    given = {style: uploads[style].read() for style in STYLES if style in uploads}
    number = number or secrets.token_hex(6)
    try:
        with turns.turn("fonts", wait=WAIT):
            read = {style: _read(content, number, style) for style, content in given.items()}
    except turns.Busy as error:
        raise FamilyRefused({"regular": "font_busy"}) from error
    codes = {style: file for style, file in read.items() if isinstance(file, str)}
    files = {style: file for style, file in read.items() if not isinstance(file, str)}
    if not codes:
        codes = _wrong_together(files, languages)
    if codes:
        raise FamilyRefused(codes)
    kind = "serif" if files["regular"].is_serif else "sans"
    source = hashlib.sha256(b"".join(style.encode() + hashlib.sha256(each).digest() for style, each in given.items()))
    return Family(f"own-{kind}-{number}", files, source.hexdigest())


def _read(given: bytes, number: str, style: str) -> FontFile | str:
    try:
        return read_font(given, paper_family=f"own {number}", style=STYLES[style])
    except Refused as refused:
        return refused.code


def _wrong_together(files: Mapping[str, FontFile], languages: Iterable[str]) -> dict[str, str]:
    if not writes_one_of(languages, from_ranges(files["regular"].letters)):
        return {"regular": "font_languages"}
    return {"bold": "font_bold_twice"} if "bold" in files and files["regular"].is_variable else {}
