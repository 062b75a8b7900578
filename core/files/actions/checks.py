"""What speaks against a file, each with a sentence that says what to do instead."""

from typing import Any

from core.files import purposes, queries
from core.files.rules.file_types import TYPES, FileType, Kind, ending_of, type_of
from core.files.rules.room import size_words
from core.kernel import turns
from core.kernel.errors import DomainError
from core.kernel.translation import gettext_noop, translate

MOST_UNFINISHED = 60  # of one person
_ROOM = "files.room"

_KINDS = {
    Kind.PICTURE: gettext_noop("picture"), Kind.PDF: "PDF", Kind.AUDIO: gettext_noop("sound"), Kind.VIDEO: gettext_noop("video"),
    Kind.SCORE: gettext_noop("score"), Kind.DOCUMENT: gettext_noop("document"), Kind.SLIDES: gettext_noop("slides"),
    Kind.SHEET: gettext_noop("sheet"), Kind.TEXT: gettext_noop("text"), Kind.OTHER: gettext_noop("file"),
}  # fmt: skip


def kind_name(kind: Kind) -> str:
    """What files of this kind are called."""
    return translate(_KINDS[kind])


def check_before(purpose: purposes.Purpose, *, name: str, size: int, by: Any) -> None:
    """Before the first byte comes. Errors: `file_empty`, `file_too_large`, `file_kind`, `no_room`, and what the purpose refuses."""
    if size <= 0:
        raise DomainError("file_empty", translate("“%(name)s” is empty.", name=name), field="files")
    most = queries.most_bytes(purpose)
    if size > most:
        sentence = translate("“%(name)s” is larger than %(most)s.", name=name, most=size_words(most))
        raise DomainError("file_too_large", sentence, field="files")
    ending = ending_of(name)
    claimed = [each.kind for each in TYPES if ending in each.endings]
    if purpose.kinds and ending and not purpose.kinds.intersection(claimed):
        raise _wrong_kind(purpose, name)
    purpose.check_room(by, 1)
    check_room(name=name, size=size)


def check_room(*, name: str, size: int) -> None:
    """Whether so many bytes more fit into the plan. Error: `no_room`."""
    room = queries.room()
    if not room.takes(size):
        sentence = translate(
            "“%(name)s” does not fit: %(size)s, and your plan has %(left)s left. Remove what you no longer need, or take a larger plan.",
            name=name, size=size_words(size), left=size_words(room.left or 0),
        )  # fmt: skip
        raise DomainError("no_room", sentence, field="files")


def hold_room() -> None:
    """Let whoever else counts room in this organization wait until the end of the transaction, so that two together do not pass the limit.

    Taken when the bytes are in the store, or before they come: nobody waits for a file to be sent or sealed.
    """
    turns.hold_until_commit(_ROOM)


def checked_type(purpose: purposes.Purpose, *, name: str, head: bytes) -> FileType:
    """What it is. Errors: `file_mismatch`, `file_kind`."""
    verdict = type_of(name, head)
    if verdict.claimed is not None:
        sentence = translate(
            "“%(name)s” is not what its name says: it cannot be read as %(kind)s. Save it again, or give it the right ending.",
            name=name, kind=kind_name(verdict.claimed.kind),
        )  # fmt: skip
        raise DomainError("file_mismatch", sentence, field="files")
    if purpose.kinds and verdict.type.kind not in purpose.kinds:
        raise _wrong_kind(purpose, name)
    return verdict.type


def _wrong_kind(purpose: purposes.Purpose, name: str) -> DomainError:
    kinds = ", ".join(kind_name(kind) for kind in Kind if kind in purpose.kinds)
    sentence = translate(
        "“%(name)s” is of a kind that cannot be used here. Possible are: %(kinds)s.", name=name, kinds=kinds
    )
    return DomainError("file_kind", sentence, field="files")
