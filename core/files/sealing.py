"""Bytes at rest: AES-256-GCM in pieces, so that any part of a file can be read without the rest of it, and nothing of it can be changed unseen.

Each stored file has a key of its own, derived from the organization's key and the file's name in the store (which is never used twice). A piece
carries its number and whether it is the last one: pieces cannot be exchanged, left out or cut off, and two files cannot change places.
"""

import hashlib
import io
from collections.abc import Iterator
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PIECE = 64 * 1024  # bytes of the file in each piece
TAG = 16


class Readable(Protocol):
    """Whatever bytes come from."""

    def read(self, size: int = ..., /) -> bytes: ...


class Damaged(Exception):
    """What lies in the store is not what was put there."""


def place_of(start: int) -> int:
    """Where the piece begins in the store that holds byte `start` of the file."""
    return start // PIECE * (PIECE + TAG)


class Sealing(io.RawIOBase):
    """What is stored, to be read once from the beginning. Afterwards it knows `size` and `sha256` of the file itself."""

    def __init__(self, content: Readable, *, key: bytes, name: str) -> None:
        self._content, self._cipher = content, _cipher(key, name)
        self._digest = hashlib.sha256()
        self._number, self._left = 0, b""
        self._ahead: bytes | None = self._read_piece()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left and self._ahead is not None:
            self._left = self._next()
        given = self._left[: len(buffer)]
        buffer[: len(given)] = given
        self._left = self._left[len(given) :]
        return len(given)

    def _next(self) -> bytes:
        piece = self._ahead or b""
        following = self._read_piece() if len(piece) == PIECE else b""
        self._ahead = following or None
        sealed = self._cipher.encrypt(_nonce(self._number, is_last=not following), piece, None)
        self._digest.update(piece)
        self.size += len(piece)
        self._number += 1
        return sealed

    def _read_piece(self) -> bytes:
        """A whole piece, unless the content ends before."""
        found = bytearray()
        while len(found) < PIECE and (more := self._content.read(PIECE - len(found))):
            found += more
        return bytes(found)


class Unsealing:
    """The file itself, from byte `start` on; `stored` stands at `place_of(start)`. To be read and closed, also where no organization is in force."""

    def __init__(self, stored: Any, *, key: bytes, name: str, size: int, start: int = 0) -> None:
        self._stored, self._cipher = stored, _cipher(key, name)
        self._number, self._last = start // PIECE, max(0, (size - 1) // PIECE)
        self._skip = start % PIECE
        self._left = b""

    def read(self, size: int = -1) -> bytes:
        """So many bytes, fewer only at the end. Error: Damaged."""
        found = bytearray()
        while size < 0 or len(found) < size:
            if not self._left and not self._load():
                break
            wanted = len(self._left) if size < 0 else size - len(found)
            found += self._left[:wanted]
            self._left = self._left[wanted:]
        return bytes(found)

    def pieces(self) -> Iterator[bytes]:
        """All of it, a piece at a time."""
        while piece := self.read(PIECE):
            yield piece

    def close(self) -> None:
        self._stored.close()

    def __enter__(self) -> "Unsealing":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _load(self) -> bool:
        if self._number > self._last:
            return False
        sealed = self._read_stored()
        try:
            piece = self._cipher.decrypt(_nonce(self._number, is_last=self._number == self._last), sealed, None)
        except InvalidTag as error:
            raise Damaged(f"piece {self._number}") from error
        self._number += 1
        self._left, self._skip = piece[self._skip :], 0
        return bool(self._left)

    def _read_stored(self) -> bytes:
        found = bytearray()
        while len(found) < PIECE + TAG and (more := self._stored.read(PIECE + TAG - len(found))):
            found += more
        return bytes(found)


def _cipher(key: bytes, name: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=f"file {name}".encode()).derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    """Never the same twice under one key: a file's key seals each of its pieces once."""
    return number.to_bytes(11) + bytes([is_last])
