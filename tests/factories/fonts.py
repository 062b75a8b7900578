"""Small fonts as somebody uploads them."""

import io
import string
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable

LETTERS = string.ascii_letters + string.digits + ".,:;!?-() "


def font_file(
    *, letters: str = LETTERS, family: str = "Quill", fs_type: int = 0, without: tuple[str, ...] = (), is_variable: bool = False,
    licence: str = "Free for the test.", flavor: str | None = None, more: dict[str, bytes] | None = None,
) -> bytes:  # fmt: skip
    """A font of boxes. `more`: tables as bytes, whatever is in them."""
    builder = FontBuilder(1000, isTTF=True)
    names = [".notdef", *(f"g{ord(letter):04x}" for letter in dict.fromkeys(letters))]
    builder.setupGlyphOrder(names)
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False  # the same font twice is the same file
    builder.setupCharacterMap({ord(letter): f"g{ord(letter):04x}" for letter in letters})
    builder.setupGlyf(dict.fromkeys(names, _box()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "licenseDescription": licence})
    builder.setupOS2(fsType=fs_type, sTypoAscender=800)
    builder.setupPost()
    if is_variable:
        builder.setupFvar([("wght", 100, 400, 900, "Weight")], [])
    font: TTFont = builder.font
    for tag, content in (more or {}).items():
        font[tag] = _raw(tag, content)
    for tag in without:
        del font[tag]
    font.flavor = flavor
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def upload(content: bytes | None = None, name: str = "quill.ttf", **about: Any) -> SimpleUploadedFile:
    """The same as a file of a form."""
    return SimpleUploadedFile(name, font_file(**about) if content is None else content)


def _raw(tag: str, content: bytes) -> Any:

    table = DefaultTable(tag)
    table.data = content
    return table


def _box() -> Any:
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, 700), (500, 700), (500, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()
