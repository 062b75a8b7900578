"""Smaller pictures of a file's content, made in a process of its own, because a file may be made to hurt whoever opens it."""

import json
from dataclasses import dataclass

from core.files.models import Rendition, StoredFile
from core.files.rules.file_types import Kind
from core.kernel import bounded

_PROGRAMS = {Kind.PICTURE: "picture", Kind.PDF: "pdf"}
MOST_BYTES = 80_000_000  # of what is looked at whole
MEGABYTES, SECONDS, PATIENCE = 1200, 20, 60
KINDS = (Rendition.Kind.LARGE, Rendition.Kind.SMALL)  # in the order in which they come


@dataclass(frozen=True, slots=True)
class Picture:
    """One smaller picture."""

    kind: str
    width: int
    height: int
    content: bytes


def has_previews(file: StoredFile) -> bool:
    """Whether pictures are made of files like this."""
    return file.kind in _PROGRAMS and file.size <= MOST_BYTES


def pictures_of(kind: Kind, content: bytes) -> tuple[list[Picture], int | None]:
    """The pictures, and of how many pages it is. Errors: `bounded.Exhausted`, `bounded.Failed`."""
    made = bounded.run(
        f"core.files.preview_program:{_PROGRAMS[kind]}",
        content,
        megabytes=MEGABYTES,
        seconds=SECONDS,
        patience=PATIENCE,
    )
    head, _, rest = made.partition(b"\n")
    about = json.loads(head)
    pictures = []
    for name, each in zip(KINDS, about["pictures"], strict=True):
        pictures.append(Picture(name.value, each["width"], each["height"], rest[: each["size"]]))
        rest = rest[each["size"] :]
    return pictures, about["pages"]
