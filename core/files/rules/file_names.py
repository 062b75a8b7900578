"""The name under which a file is kept and given back: what it was called, without the folders that it came from and without tricks.

What cannot be seen is left out (an exe can otherwise be written so that it reads gpj), no folder and no drive is part of it, it is not one of
the names that some systems take for a device, and it is no longer than a file system holds; its ending stays.
docs/rules/file-names.md has the table.
"""

import re
import unicodedata

from core.files.rules.file_types import ending_of
from core.kernel import unseen

LONGEST = 200  # letters
LONGEST_BYTES = 240  # of a name in UTF-8: file systems hold 255
_FOLDERS = re.compile(r"[/\\]")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\ud800-\udfff]')
_DEVICES = {"con", "prn", "aux", "nul", *(f"{device}{number}" for device in ("com", "lpt") for number in range(10))}


def clean_name(name: str, *, otherwise: str = "file") -> str:
    """The name as it is kept; `otherwise` where nothing is left of it."""
    last = _FOLDERS.split(unicodedata.normalize("NFC", name.encode(errors="replace").decode()))[-1]
    seen = unseen.one_line(_NOT_IN_NAMES.sub("_", last)).lstrip(".").rstrip(". ")
    if not seen.strip("_ "):
        return otherwise
    if seen.partition(".")[0].strip().lower() in _DEVICES:
        seen = f"_{seen}"
    return shortened(seen)


def shortened(name: str) -> str:
    """No longer than a file system holds, with its ending."""
    ending = ending_of(name)
    tail = f".{ending}" if ending else ""
    stem = name.removesuffix(name[-len(tail) :]) if tail else name
    stem = stem[: LONGEST - len(tail)]
    while len((stem + tail).encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    return stem + (name[-len(tail) :] if tail else "")
