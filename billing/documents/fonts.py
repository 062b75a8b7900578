"""The brand's fonts for documents.

The pages' fonts are variable and compressed for the web; the typesetter reads neither. Each is cut once into regular and semibold files
under VAR_DIR/fonts; a new set of web fonts makes a new folder. Without web fonts (nothing was bundled) the typesetter's own serif is used.
"""

import hashlib
import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

WEB_FONTS = settings.BASE_DIR / "themes" / "static" / "vendor" / "fonts"
WEIGHTS = {"Regular": 400, "SemiBold": 600}
REST = "Rest"  # the second half of a family's letters is a family of its own: “Inter Rest”
_FAMILY, _STYLE, _FULL, _POSTSCRIPT = 1, 2, 4, 6
_WINDOWS = (3, 1, 0x409)


def families(name: str) -> list[str]:
    """What the typesetter is told to look for, in order."""
    plain = name.strip().lower().replace("-", " ")
    return [plain, f"{plain} {REST.lower()}", "libertinus serif"]


@lru_cache(maxsize=1)
def font_folder() -> Path:
    """The folder of cut fonts; made at the first call, kept for later processes."""
    sources = sorted(WEB_FONTS.glob("*.woff2")) if WEB_FONTS.is_dir() else []
    made_of = hashlib.sha256("".join(f"{source.name}{source.stat().st_size}" for source in sources).encode())
    folder = Path(settings.VAR_DIR) / "fonts" / made_of.hexdigest()[:12]
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
    axes = {axis.axisTag: axis.defaultValue for axis in variable["fvar"].axes} | {"wght": weight}
    font = instantiateVariableFont(variable, axes)
    family = plain_family(source.stem)
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


def plain_family(stem: str) -> str:
    """The family from the file's name (“source-serif-4-latin-ext-opsz-normal”), because fonts add optical sizes to theirs."""
    name, _, subset = stem.partition("-latin")
    plain = name.replace("-", " ").title()
    return f"{plain} {REST}" if subset.startswith("-ext") else plain
