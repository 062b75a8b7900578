"""What files are brought for: each app names its purposes, with who may bring them, which, and how large. In its manifest: `upload_purposes`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.files.rules.file_types import Kind
from core.kernel.errors import NotFound


def _room_for_everybody(user: Any, number: int) -> None:
    """No limit of its own."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """`may`: who may bring files for it at all. `check_room(user, number)` raises a `DomainError` when that person may not bring so many more;
    it is asked before the first byte is sent, and again when a file is taken. `kinds`: which may be brought; all of them when empty.
    """

    code: str
    may: Callable[[Any], bool]
    check_room: Callable[[Any, int], None] = _room_for_everybody
    kinds: frozenset[Kind] = field(default_factory=frozenset)
    most_bytes: int | None = None  # besides FILES_LARGEST


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """At start-up; two apps with one code are an error."""
    if _purposes.setdefault(purpose.code, purpose) is not purpose:
        raise RuntimeError(f"two apps have the upload purpose {purpose.code}")


def get_purpose(code: str) -> Purpose:
    """NotFound when no app has it."""
    if code not in _purposes:
        raise NotFound(f"upload purpose {code}")
    return _purposes[code]
