"""The bytes of files in the store of the organization in force: sealed on their way in, opened on their way out.

A name in the store begins with the day, so that what a program that was killed has left behind is found by looking at one day.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from io import BufferedReader
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage

from core.files.models import FileKey, Rendition, StoredFile, UploadPart
from core.files.sealing import Readable, Sealing, Unsealing, place_of
from core.kernel import clock
from core.kernel.ids import new_id
from tenants.storage import open_at

FOLDER = "files"


@dataclass(frozen=True, slots=True)
class Stored:
    """What was put into the store."""

    name: str
    size: int
    sha256: str
    key: FileKey


def store(content: Readable, *, key: FileKey) -> Stored:
    """Keep everything that `content` gives, from where it stands to its end. Error: `storage_full`; then nothing is kept."""
    name = f"{folder_of(clock.now().date())}/{new_id().hex}"
    sealing = Sealing(content, key=key.secret, name=name)
    saved = default_storage.save(name, File(BufferedReader(sealing, 256 * 1024), name=name))
    if saved != name:  # the key of a file is derived from its name
        default_storage.delete(saved)
        raise RuntimeError(f"the store has called {name} {saved}")
    return Stored(name, sealing.size, sealing.sha256, key)


def opened(kept: StoredFile | Rendition, *, start: int = 0) -> Unsealing:
    """The bytes of a file or of a picture of it, from `start` on. Its key is read with it: `select_related("key")`."""
    return unsealed(kept.stored_as, size=kept.size, key=kept.key, start=start)


def unsealed(name: str, *, size: int, key: FileKey, start: int = 0) -> Unsealing:
    """The same by name."""
    return Unsealing(open_at(name, place_of(start)), key=key.secret, name=name, size=size, start=start)


class Joined:
    """The parts of an upload as one, read from the first to the last."""

    def __init__(self, parts: Iterable[UploadPart], key: FileKey) -> None:
        self._waiting, self._key = iter(parts), key
        self._part: Unsealing | None = None

    def read(self, size: int = -1, /) -> bytes:
        while True:
            if self._part is None:
                following = next(self._waiting, None)
                if following is None:
                    return b""
                self._part = unsealed(following.stored_as, size=following.size, key=self._key)
            if found := self._part.read(size):
                return found
            self.close()

    def close(self) -> None:
        """Also where nobody has read to the end."""
        if self._part is not None:
            self._part.close()
            self._part = None


def delete(names: Iterable[str]) -> None:
    """Take them out of the store; what is not there is gone already."""
    for name in names:
        default_storage.delete(name)


def folder_of(day: date) -> str:
    """Where what came on this day lies."""
    return f"{FOLDER}/{day:%Y/%m/%d}"


def names_of(day: date) -> list[str]:
    """What lies there."""
    folder = folder_of(day)
    names: list[Any] = []
    with suppress(FileNotFoundError):
        names = default_storage.listdir(folder)[1]
    return [f"{folder}/{name}" for name in names]
