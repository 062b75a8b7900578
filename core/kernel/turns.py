"""Work of which a whole installation does one at a time, because several at once would take the memory or time that everybody shares."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_PAUSE = 0.1


class Busy(Exception):
    """Somebody else has the turn, and had it for as long as one waits."""


@contextmanager
def turn(name: str, *, wait: float) -> Iterator[None]:
    """Have the turn of this name, whatever the organization, process and machine. Busy after so many seconds.

    The lock belongs to the session of the database and not to a transaction: who is killed loses it, and nobody need have a transaction open.
    """
    number = int.from_bytes(hashlib.blake2b(f"turn:{name}".encode(), digest_size=8).digest(), signed=True)
    given_up_at = time.monotonic() + wait
    while not _asked("SELECT pg_try_advisory_lock(%s)", number):
        if time.monotonic() >= given_up_at:
            raise Busy(name)
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        _asked("SELECT pg_advisory_unlock(%s)", number)


def hold_until_commit(name: str) -> None:
    """Let whoever else asks for this name in the schema in force wait until the end of the transaction. No row is held by it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number_in_schema(name)])


def number_in_schema(name: str) -> int:
    """A signed 64-bit number for a name in the schema in force."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        text = f"{cursor.fetchone()[0]}:{name}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), signed=True)


def _asked(question: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [number])
        return bool(cursor.fetchone()[0])
