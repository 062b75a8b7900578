"""Documents as people read them: the text of a PDF."""

import io

from pypdf import PdfReader

from billing.documents import Formatter

BERLIN = Formatter("en", "Europe/Berlin")


def read(pdf: bytes) -> tuple[str, PdfReader]:
    """Its text on one line, and the reader."""
    reader = PdfReader(io.BytesIO(pdf))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split()), reader
