"""The brand's fonts for documents.

The pages' fonts are variable and compressed for the web; the typesetter reads neither. Each family that a brand uses is cut once into
regular and semibold files under VAR_DIR/fonts, in a folder per family and version. Kerning is left out, because its variations take most of
the time and nobody misses it at the size of a bill. Without web fonts (nothing was bundled) the typesetter's own serif is used.
"""

import hashlib
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

WEB_FONTS = settings.BASE_DIR / "themes" / "static" / "vendor" / "fonts"
WEIGHTS = {"Regular": 400, "SemiBold": 600}
REST = "Rest"  # the second half of a family's letters is a family of its own: “Inter Rest”
FALLBACK = "libertinus serif"  # built into the typesetter
_FAMILY, _STYLE, _FULL, _POSTSCRIPT = 1, 2, 4, 6
_WINDOWS = (3, 1, 0x409)


def families(name: str) -> list[str]:
    """What the typesetter is told to look for, in order; only what is there, because it warns of others."""
    plain = _stem(name).replace("-", " ")
    return [plain, f"{plain} {REST.lower()}", FALLBACK] if _sources(_stem(name)) else [FALLBACK]


def font_folders(names: Iterable[str]) -> list[str]:
    """The folders of these families' cut fonts, made at the first call and kept for later processes."""
    return [str(_folder(stem)) for stem in dict.fromkeys(_stem(name) for name in names) if _sources(stem)]


def _stem(name: str) -> str:
    return name.strip().lower().replace(" ", "-")


def _sources(stem: str) -> list[Path]:
    return sorted(WEB_FONTS.glob(f"{stem}-latin*.woff2")) if WEB_FONTS.is_dir() else []


@lru_cache(maxsize=32)
def _folder(stem: str) -> Path:
    sources = _sources(stem)
    made_of = hashlib.sha256("".join(f"{source.name}{source.stat().st_size}" for source in sources).encode())
    folder = Path(settings.VAR_DIR) / "fonts" / f"{stem}-{made_of.hexdigest()[:12]}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        _fill(folder, sources)
    return folder


def _fill(folder: Path, sources: list[Path]) -> None:
    """Cut into a folder beside it and rename, so that a process that starts meanwhile never sees half of them."""
    fresh = Path(tempfile.mkdtemp(dir=folder.parent))
    for source in sources:
        for style, weight in WEIGHTS.items():
            cut(source, style, weight).save(fresh / f"{source.stem}-{weight}.ttf")
    try:
        fresh.rename(folder)
    except OSError:
        if not folder.is_dir():  # because another process may have been faster, which is as good
            raise


def cut(source: Path, style: str, weight: int) -> TTFont:
    """One static font of a variable one, named so that family and weight are found."""
    variable = TTFont(source)
    for table in ("GPOS", "GDEF"):
        if table in variable:
            del variable[table]
    axes = {axis.axisTag: axis.defaultValue for axis in variable["fvar"].axes} | {"wght": weight}
    font = instantiateVariableFont(variable, axes)
    family, names = family_of(source.stem), font["name"]
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
    """The family by the file's name (“source-serif-4-latin-ext-opsz-normal”), because fonts add optical sizes to theirs."""
    name, _, subset = stem.partition("-latin")
    plain = name.replace("-", " ").title()
    return f"{plain} {REST}" if subset.startswith("-ext") else plain
