"""The content of a document (plain words and numbers already written for the reader) → a tagged PDF (PDF/UA-1), by Typst.

It travels as JSON and is inert: whatever people typed is printed, never run. The template sees no file but its own parts and the logo.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from billing.documents.fonts import fallback_family, fallback_folder, font_folders, letters_of
from billing.documents.letters import REPLACEMENT, mapped, plain, printable, texts_in, without_fallbacks
from core.kernel.errors import GatewayError
from core.kernel.translation import translate

TEMPLATES = settings.BASE_DIR / "themes" / "templates" / "documents"
# The program writes its own name as creator, twice. Replaced by a neutral word of the same length, so that no offset moves.
_CREATOR = re.compile(rb"(?<=/Creator\()Typst [0-9.]+(?=\))|(?<=<xmp:CreatorTool>)Typst [0-9.]+(?=</xmp:CreatorTool>)")


def render_pdf(template: str, content: Mapping[str, Any], *, logo: tuple[str, bytes] | None, at: datetime) -> bytes:
    """Return the PDF. `logo` is a file name with its extension, and the file; `at` becomes the date of creation."""
    return neutral(_rendered(template, content, logo, at))


def render_picture(template: str, content: Mapping[str, Any], *, logo: tuple[str, bytes] | None, at: datetime) -> bytes:
    """Return the first page as a picture (PNG), for the screen."""
    return _rendered(template, content, logo, at, format="png", ppi=110.0)


def _rendered(
    template: str, content: Mapping[str, Any], logo: tuple[str, bytes] | None, at: datetime, **how: Any
) -> bytes:
    content = {**content, "logo": logo[0] if logo else ""}
    with tempfile.TemporaryDirectory() as folder:  # because files handed over in memory are taken for text
        for name in (f"{template}.typ", "parts.typ"):
            shutil.copyfile(TEMPLATES / name, Path(folder, name))
        if logo is not None:
            Path(folder, logo[0]).write_bytes(logo[1])
        return _compiled(Path(folder, f"{template}.typ"), content, at, **(how or {"pdf_standards": ["ua-1"]}))


def neutral(pdf: bytes) -> bytes:
    """The same file without the name of the program that made it."""
    return _CREATOR.sub(lambda found: b"Documents".ljust(len(found.group()))[: len(found.group())], pdf)


def _compiled(main: Path, content: Mapping[str, Any], at: datetime, **how: Any) -> bytes:
    """With letters of the fall-back fonts; where one cannot stand (a mark on a letter of another font), with signs instead of all of them."""
    try:
        return _typeset(main, *with_letters(content), at, **how)
    except RuntimeError:  # of which the typesetter's own errors are some only
        pass
    try:
        return _typeset(main, *with_letters(content, fallbacks=False), at, **how)
    except RuntimeError as error:
        raise GatewayError(
            translate("The document could not be printed: %(error)s", error=error), permanent=True, code="document"
        ) from error


def _typeset(main: Path, content: Mapping[str, Any], folders: list[str], at: datetime, **how: Any) -> bytes:
    made = typst.compile(
        main,
        root=main.parent,
        sys_inputs={"content": json.dumps(content)},
        font_paths=folders,
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
        **how,
    )
    return made[0] if isinstance(made, list) else made  # of several pages as pictures, the first


def with_letters(content: Mapping[str, Any], *, fallbacks: bool = True) -> tuple[dict[str, Any], list[str]]:
    """The content as it can be printed, with the names of the fonts for it and a sentence where letters are replaced; and the fonts' folders."""
    content = mapped(content, plain)
    own = letters_of(content["families"])
    choose = printable if fallbacks else without_fallbacks
    fonts, instead = choose(texts_in(content), own.__contains__)
    content = mapped(content, lambda text: text.translate(str.maketrans(instead)))
    more = [fallback_family(font) for font in fonts]
    content["fonts"] = {use: [*families[:-1], *more, families[-1]] for use, families in content["fonts"].items()}
    said = content.pop("replaced")
    if "" in instead.values() or any(REPLACEMENT in text for text in texts_in(content)):
        content["notes"] = [*content["notes"], said]
    return content, [*font_folders(content["families"]), *(fallback_folder(font) for font in fonts)]
