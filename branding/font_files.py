"""Font files that people upload: read, checked and written anew, in a process of its own with little memory and time.

What is kept is made of the tables that letters need; programs, pictures, signatures and notes are left out, but for whose the font is. It is
written twice: as WOFF2 for browsers, and in fixed weights for the typesetter of documents, which reads neither WOFF2 nor variations.
"""

import base64
import io
import json
from dataclasses import dataclass, field
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from branding.rules.own_fonts import as_ranges, refusal
from core.kernel import bounded

MOST_BYTES = 1024 * 1024
MOST_UNPACKED = 8 * 1024 * 1024
# 150 MB before anything is read, and some 30 for each MB unpacked; by one at a time (branding/font_uploads.py).
MEGABYTES, SECONDS = 400, 20
_NEEDED = ("cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post")
_OUTLINES = ({"glyf", "loca"}, {"CFF "}, {"CFF2"})
_KEPT = {
    *_NEEDED, "glyf", "loca", "CFF ", "CFF2", "VORG", "GPOS", "GSUB", "GDEF", "kern", "fvar", "gvar", "avar", "STAT", "HVAR", "VVAR", "MVAR",
    "vhea", "vmtx", "COLR", "CPAL", "GlyphOrder",
}  # fmt: skip
_COPYRIGHT, _FAMILY, _STYLE, _FULL, _POSTSCRIPT, _LICENCE, _LICENCE_URL, _TYPOGRAPHIC_FAMILY = 0, 1, 2, 4, 6, 13, 14, 16
_WINDOWS = (3, 1, 0x409)
PAPER_WEIGHTS = {"Regular": 400, "SemiBold": 600, "Bold": 700}


class Refused(Exception):
    """This file cannot be used; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class FontFile:
    """One file as it is kept. `weights`: `400`, or `100 900` for one that has them all; `paper`: by style, for documents."""

    family: str
    licence: str
    weights: str
    letters: str
    is_serif: bool
    web: bytes
    paper: dict[str, bytes] = field(default_factory=dict)

    @property
    def is_variable(self) -> bool:
        """Whether it has bold letters, too."""
        return " " in self.weights and int(self.weights.split()[1]) >= PAPER_WEIGHTS["SemiBold"]


def read_font(given: bytes, *, paper_family: str, style: str) -> FontFile:
    """The font in a file of at most MOST_BYTES. `style`: Regular, Bold or Italic. Error: Refused."""
    _look_at_the_head(given)
    asked = json.dumps({"family": paper_family, "style": style}).encode() + b"\n" + given
    try:
        made = json.loads(
            bounded.run("branding.font_files:clean", asked, megabytes=MEGABYTES, seconds=SECONDS, patience=4 * SECONDS)
        )
    except bounded.Exhausted as error:
        raise Refused("font_unpacks") from error
    except bounded.Failed as error:
        raise Refused("font_unreadable") from error
    if "refused" in made:
        raise Refused(made["refused"])
    paper = {name: base64.b64decode(file) for name, file in made.pop("paper").items()}
    return FontFile(web=base64.b64decode(made.pop("web")), paper=paper, **made)


def clean(asked: bytes) -> bytes:
    """Inside the process: what `read_font` is answered."""
    head, _, given = asked.partition(b"\n")
    wanted = json.loads(head)
    try:
        return json.dumps(_cleaned(given, wanted["family"], wanted["style"])).encode()
    except Refused as refused:
        return json.dumps({"refused": refused.code}).encode()


def _look_at_the_head(given: bytes) -> None:
    """Before anything is unpacked. What the head says may be a lie; then the process ends at its limits."""
    if len(given) > MOST_BYTES:
        raise Refused("font_too_large")
    if given[:4] == b"ttcf" or (given[:4] == b"wOF2" and given[4:8] == b"ttcf"):
        raise Refused("font_collection")
    if given[:4] not in (b"wOF2", b"wOFF", b"OTTO", b"true", b"\0\1\0\0"):
        raise Refused("font_unreadable")
    if given[:3] == b"wOF" and int.from_bytes(given[16:20], "big") > MOST_UNPACKED:
        raise Refused("font_unpacks")


def _cleaned(given: bytes, paper_family: str, style: str) -> dict[str, Any]:
    font = TTFont(io.BytesIO(given), lazy=True, recalcTimestamp=False)
    tables = set(font.keys())
    if not tables.issuperset(_NEEDED) or not any(tables.issuperset(outlines) for outlines in _OUTLINES):
        raise Refused("font_unreadable")
    if code := refusal(font["OS/2"].fsType):
        raise Refused(code)
    letters = font.getBestCmap()
    if not letters:
        raise Refused("font_letterless")
    made = {
        "family": _name(font, _TYPOGRAPHIC_FAMILY) or _name(font, _FAMILY),
        "licence": _name(font, _LICENCE) or _name(font, _COPYRIGHT),
        "letters": as_ranges(letters),
        "is_serif": _is_serif(font),
        "weights": _weights(font),
    }
    whole = _written_anew(font, letters)
    return made | {"web": _packed(whole, "woff2"), "paper": _paper(whole, paper_family, style)}


def _written_anew(font: TTFont, letters: dict[int, str]) -> bytes:
    """All letters with their outlines, kerning and joining; without hints, which screens of today do not read, and anything unknown."""
    for tag in set(font.keys()) - _KEPT:
        del font[tag]
    options = Options()
    options.layout_features, options.hinting, options.notdef_outline, options.passthrough_tables = (
        ["*"],
        False,
        True,
        False,
    )
    options.name_IDs = [_COPYRIGHT, _FAMILY, _STYLE, _FULL, _POSTSCRIPT, _LICENCE, _LICENCE_URL]
    options.recalc_timestamp = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    font.flavor = None
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _paper(whole: bytes, family: str, style: str) -> dict[str, str]:
    """What the typesetter needs of this file: upright letters in two weights, or in its own."""
    if style == "Italic":
        return {}
    axes = {axis.axisTag: axis for axis in _opened(whole)["fvar"].axes} if "fvar" in _opened(whole) else {}
    styles = ("Regular", "SemiBold") if "wght" in axes else (style,)
    cut = {}
    for each in styles:
        font = _opened(whole)
        if axes:
            for table in {"GPOS", "GDEF"} & set(font.keys()):  # whose variations take most of the time
                del font[table]
            weight = (
                max(axes["wght"].minValue, min(PAPER_WEIGHTS[each], axes["wght"].maxValue)) if "wght" in axes else None
            )
            font = instantiateVariableFont(
                font, {tag: axis.defaultValue for tag, axis in axes.items()} | ({"wght": weight} if weight else {})
            )
        cut[each] = _packed(_rewritten(_named(font, family, each)), None)
    return cut


def _named(font: TTFont, family: str, style: str) -> TTFont:
    """So that the typesetter finds family and weight, whatever the font calls itself."""
    font["name"].names = []
    for identifier, text in (
        (_FAMILY, family), (_STYLE, style), (_FULL, f"{family} {style}"), (_POSTSCRIPT, f"{family}-{style}".replace(" ", "")),
    ):  # fmt: skip
        font["name"].setName(text, identifier, *_WINDOWS)
    font["OS/2"].usWeightClass = PAPER_WEIGHTS[style]
    return font


def _opened(whole: bytes) -> TTFont:
    return TTFont(io.BytesIO(whole), recalcTimestamp=False)


def _rewritten(font: TTFont) -> bytes:
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _packed(whole: bytes, flavor: str | None) -> str:
    if flavor is None:
        return base64.b64encode(whole).decode()
    font = TTFont(io.BytesIO(whole), recalcTimestamp=False)
    font.flavor = flavor
    return base64.b64encode(_rewritten(font)).decode()


def _name(font: TTFont, identifier: int) -> str:
    """One of its names, on one line and without what cannot be seen."""
    text = font["name"].getDebugName(identifier) or ""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:200]


def _weights(font: TTFont) -> str:
    axes = [axis for axis in font["fvar"].axes if axis.axisTag == "wght"] if "fvar" in font else []
    if not axes:
        return ""
    return f"{max(1, int(axes[0].minValue))} {min(1000, int(axes[0].maxValue))}"


def _is_serif(font: TTFont) -> bool:
    """By what it says of its kind: OpenType's family class, else PANOSE."""
    kind = font["OS/2"].sFamilyClass >> 8
    if kind:
        return kind in (1, 2, 3, 4, 5, 7)
    panose = font["OS/2"].panose
    return panose.bFamilyType == 2 and 2 <= panose.bSerifStyle <= 10
