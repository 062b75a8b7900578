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

from billing.documents.fonts import font_folders
from core.kernel.errors import GatewayError
from core.kernel.translation import translate

TEMPLATES = settings.BASE_DIR / "themes" / "templates" / "documents"
# The program writes its own name as creator, twice. Replaced by a neutral word of the same length, so that no offset moves.
_CREATOR = re.compile(rb"(?<=/Creator\()Typst [0-9.]+(?=\))|(?<=<xmp:CreatorTool>)Typst [0-9.]+(?=</xmp:CreatorTool>)")


def render_pdf(template: str, content: Mapping[str, Any], *, logo: tuple[str, bytes] | None, at: datetime) -> bytes:
    """Return the PDF. `logo` is a file name with its extension, and the file; `at` becomes the date of creation."""
    with tempfile.TemporaryDirectory() as folder:  # because files handed over in memory are taken for text
        for name in (f"{template}.typ", "parts.typ"):
            shutil.copyfile(TEMPLATES / name, Path(folder, name))
        if logo is not None:
            Path(folder, logo[0]).write_bytes(logo[1])
        try:
            made = typst.compile(
                Path(folder, f"{template}.typ"),
                root=folder,
                sys_inputs={"content": json.dumps({**content, "logo": logo[0] if logo else ""})},
                pdf_standards=["ua-1"],
                font_paths=font_folders(content["families"]),
                ignore_system_fonts=True,
                timestamp=int(at.timestamp()),
            )
        except RuntimeError as error:  # of which the typesetter's own errors are some only
            raise GatewayError(
                translate("The document could not be printed: %(error)s", error=error), permanent=True, code="document"
            ) from error
    return neutral(made)


def neutral(pdf: bytes) -> bytes:
    """The same file without the name of the program that made it."""
    return _CREATOR.sub(lambda found: b"Documents".ljust(len(found.group()))[: len(found.group())], pdf)
