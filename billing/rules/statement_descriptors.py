"""What a card statement shows.

A statement descriptor has 5 to 22 Latin characters, at least one of them a letter, and none of < > \\ ' " * (the card networks' rules, as
the processor publishes them). It is the organization's own name, never the platform's.
docs/rules/statement-descriptors.md has a worked table.
"""

import re
import unicodedata

from core.kernel.errors import DomainError
from core.kernel.translation import translate

_ALLOWED = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 .,&/+()_-]{5,22}")


def checked_descriptor(text: str) -> str:
    """Return the text as it will be shown. Error: `descriptor_invalid`."""
    text = " ".join(text.split())
    if not _ALLOWED.fullmatch(text):
        raise DomainError(
            "descriptor_invalid",
            translate(
                "The text on card statements has 5 to 22 Latin letters, digits, spaces or . , & / + ( ) _ -, and at least one letter."
            ),
            field="statement_descriptor",
        )
    return text


def suggested_descriptor(name: str) -> str:
    """Return a valid text made of the organization's name: accents off, unknown characters out, cut at 22."""
    latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    kept = " ".join(re.sub(r"[^A-Za-z0-9 .,&/+()_-]", "", latin).split())[:22].strip()
    return kept if _ALLOWED.fullmatch(kept) else (f"{kept} Practice")[:22].strip()
