"""The brand's fonts for documents.

The pages' fonts are variable and compressed for the web; the typesetter reads neither. Each family that a brand uses is cut once into
regular and semibold files under VAR_DIR/fonts, in a folder per family and version. Kerning is left out, because its variations take most of
the time and nobody misses it at the size of a bill. Without web fonts (nothing was bundled) the typesetter's own serif is used.
Fall-back fonts are cut in the same way, one file by one, when a document first needs it: in one weight, because bold Chinese is no larger loss,
and with everything that shapes a script. Fonts that the organization has uploaded are cut already, and are only laid out where it reads them.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from branding.models import BrandFont
from branding.queries import own_fonts
from branding.rules.own_fonts import from_ranges, is_own

WEB_FONTS = settings.BASE_DIR / "themes" / "static" / "vendor" / "fonts"
FALLBACKS = settings.BASE_DIR / "themes" / "document_fonts"
WEIGHTS = {"Regular": 400, "SemiBold": 600}
REST = "Rest"  # the second half of a family's letters is a family of its own: “Inter Rest”
# Which letters it surely has: Latin, Greek and Cyrillic of Europe, and punctuation.
SERIF_LETTERS = frozenset(
    (
        *range(0x20, 0x7F),
        *range(0xA0, 0x180),
        *range(0x391, 0x3CA),
        *range(0x410, 0x450),
        *range(0x2010, 0x2027),
        0x20AC,
    )
)
Cutter = Callable[[Path], dict[str, TTFont]]
FALLBACK = "libertinus serif"  # built into the typesetter
_FAMILY, _STYLE, _FULL, _POSTSCRIPT = 1, 2, 4, 6
_WINDOWS = (3, 1, 0x409)


def families(name: str) -> list[str]:
    """What the typesetter is told to look for, in order; only what is there, because it warns of others."""
    if is_own(name):
        font = own_fonts().get(name)
        return [font.paper_family, FALLBACK] if font and _own_folder(font) else [FALLBACK]
    plain = _stem(name).replace("-", " ")
    return [plain, f"{plain} {REST.lower()}", FALLBACK] if _sources(_stem(name)) else [FALLBACK]


def font_folders(names: Iterable[str]) -> list[str]:
    """The folders of these families' cut fonts, made at the first call and kept for later processes."""
    own = [font for name in dict.fromkeys(names) if is_own(name) and (font := own_fonts().get(name))]
    stems = dict.fromkeys(_stem(name) for name in names)
    return [*filter(None, map(_own_folder, own))] + [
        str(_folder(stem, tuple(_sources(stem)), cut_all_weights)) for stem in stems if _sources(stem)
    ]


def letters_of(names: Iterable[str]) -> frozenset[int]:
    """The letters that all of these families have; those of the typesetter's serif for what was not bundled."""
    return frozenset.intersection(*(_letters_of(name) for name in names))


def fallback_family(font: str) -> str:
    """What the typesetter calls a fall-back font."""
    return f"fallback {font}"


def fallback_folder(font: str) -> str:
    """The folder of a fall-back font, cut at the first call."""
    return str(_folder(font, (FALLBACKS / f"{font}.woff2",), cut_fallback))


@lru_cache(maxsize=128)
def letters_of_fallback(font: str) -> frozenset[int]:
    """The letters that it really has, which are fewer than its ranges say."""
    return frozenset(TTFont(FALLBACKS / f"{font}.woff2", lazy=True).getBestCmap())


@lru_cache(maxsize=32)
def _letters_of_family(stem: str) -> frozenset[int]:
    sources = tuple(_sources(stem))
    return _letters_in(_folder(stem, sources, cut_all_weights)) if sources else SERIF_LETTERS


def _letters_in(folder: Path) -> frozenset[int]:
    return frozenset(letter for file in folder.glob("*.ttf") for letter in TTFont(file, lazy=True).getBestCmap())


def _letters_of(name: str) -> frozenset[int]:
    font = own_fonts().get(name) if is_own(name) else None
    return from_ranges(font.letters) if font and _own_folder(font) else _letters_of_family(_stem(name))


def _own_folder(font: BrandFont) -> str:
    """The folder of an uploaded font, laid out at the first call; empty when its files are lost."""
    folder = Path(settings.VAR_DIR) / "fonts" / font.key
    if folder.is_dir():
        return str(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        for kept in filter(None, (font.paper_regular, font.paper_bold)):
            with kept.open("rb") as file:
                (fresh / Path(kept.name or "").name).write_bytes(file.read())
    except FileNotFoundError:
        shutil.rmtree(fresh)
        return ""
    _put_in_place(fresh, folder)
    return str(folder)


def _stem(name: str) -> str:
    return name.strip().lower().replace(" ", "-")


def _sources(stem: str) -> list[Path]:
    return sorted(WEB_FONTS.glob(f"{stem}-latin*.woff2")) if WEB_FONTS.is_dir() else []


@lru_cache(maxsize=256)
def _folder(stem: str, sources: tuple[Path, ...], cutter: Cutter) -> Path:
    made_of = hashlib.sha256("".join(f"{source.name}{source.stat().st_size}" for source in sources).encode())
    folder = Path(settings.VAR_DIR) / "fonts" / f"{stem}-{made_of.hexdigest()[:12]}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        _fill(folder, sources, cutter)
    return folder


def _fill(folder: Path, sources: tuple[Path, ...], cutter: Cutter) -> None:
    """Cut into a folder beside it and rename, so that a process that starts meanwhile never sees half of them."""
    fresh = Path(tempfile.mkdtemp(dir=folder.parent))
    for source in sources:
        for name, font in cutter(source).items():
            font.save(fresh / name)
    _put_in_place(fresh, folder)


def _put_in_place(fresh: Path, folder: Path) -> None:
    try:
        fresh.rename(folder)
    except OSError:
        if not folder.is_dir():  # because another process may have been faster, which is as good
            raise


def cut_all_weights(source: Path) -> dict[str, TTFont]:
    """A brand's font in every weight, by file name."""
    return {f"{source.stem}-{weight}.ttf": cut(source, style, weight) for style, weight in WEIGHTS.items()}


def cut_fallback(source: Path) -> dict[str, TTFont]:
    """A fall-back font, regular, with what joins and places the letters of its script."""
    font = _static(TTFont(source), 400)
    return {f"{source.stem}.ttf": _named(font, fallback_family(source.stem), "Regular", 400)}


def cut(source: Path, style: str, weight: int) -> TTFont:
    """One static font of a variable one, named so that family and weight are found."""
    variable = TTFont(source)
    for table in ("GPOS", "GDEF"):
        if table in variable:
            del variable[table]
    return _named(_static(variable, weight), family_of(source.stem), style, weight)


def _static(font: TTFont, weight: int) -> TTFont:
    if "fvar" not in font:  # it was drawn in this weight
        return font
    axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes} | {"wght": weight}
    return instantiateVariableFont(font, axes, inplace=True)  # because a copy of it takes half of the time


def _named(font: TTFont, family: str, style: str, weight: int) -> TTFont:
    names = font["name"]
    names.names = []
    for identifier, text in (
        (_FAMILY, family),
        (_STYLE, style),
        (_FULL, f"{family} {style}"),
        (_POSTSCRIPT, f"{family}-{style}".replace(" ", "")),
    ):
        names.setName(text, identifier, *_WINDOWS)
    font["OS/2"].usWeightClass = weight
    font.flavor = None
    return font


def family_of(stem: str) -> str:
    """The family by the file's name (“source-serif-4-latin-ext-wght-normal”), because some fonts name it otherwise."""
    name, _, subset = stem.partition("-latin")
    plain = name.replace("-", " ").title()
    return f"{plain} {REST}" if subset.startswith("-ext") else plain
