"""What the sandbox remembers: one book of objects per account, in memory and in one file.

All of it is JSON: money is integers in minor units, times are seconds since 1970. Names that begin with an underscore
are the sandbox's own and never leave it. One process owns the file, by a lock beside it.
"""

import asyncio
import copy
import fcntl
import json
import os
import secrets
import string
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from deploy.local.payments.errors import missing

Object = dict[str, Any]

PLATFORM = "acct_sandboxplatform"
SAVE_AFTER = 0.2  # seconds in which further changes are gathered into one write
KEPT = {"event": 5_000, "delivery": 5_000, "replay": 5_000}
PREFIXES = {
    "account": "acct_", "account_link": "alink_", "application_fee": "fee_", "balance_transaction": "txn_",
    "charge": "ch_", "customer": "cus_", "delivery": "dlv_", "dispute": "dp_", "event": "evt_", "file": "file_",
    "payment_intent": "pi_", "payment_method": "pm_", "payout": "po_", "refund": "re_", "setup_intent": "seti_",
    "webhook_endpoint": "we_",
}  # fmt: skip
ALPHABET = string.ascii_letters + string.digits


class LedgerBusyError(Exception):
    """Another process owns the state file."""


class LedgerBrokenError(Exception):
    """The state file cannot be read; it is left as it is."""


def now() -> int:
    return int(time.time())


def new_id(kind: str) -> str:
    length = 16 if kind == "account" else 24
    return PREFIXES[kind] + "".join(secrets.choice(ALPHABET) for _ in range(length))


def visible(value: Object) -> Object:
    """A copy as the API shows it, without the sandbox's own fields."""
    shown = {name: item for name, item in value.items() if not name.startswith("_")}
    return copy.deepcopy(shown)


class Journal:
    """What the current request added or may have changed, so that a refused one leaves no trace."""

    def __init__(self) -> None:
        self._open = False
        self._added: list[tuple[dict[str, Object], str]] = []
        self._before: list[tuple[Object, Object]] = []

    @contextmanager
    def request(self) -> Iterator[None]:
        """Writes along while one request is answered; outside of one, nothing is noted."""
        self._open = True
        try:
            yield
        finally:
            self._open = False
            self._added.clear()
            self._before.clear()

    def add(self, objects: dict[str, Object], identifier: str) -> None:
        if self._open:
            self._added.append((objects, identifier))

    def touch(self, value: Object) -> None:
        if self._open:
            self._before.append((value, copy.deepcopy(value)))

    def undo(self) -> None:
        """Takes back everything of this request."""
        for value, before in reversed(self._before):
            value.clear()
            value.update(before)
        for objects, identifier in self._added:
            objects.pop(identifier, None)


class Book:
    """The objects of one account, by kind and id, oldest first."""

    def __init__(self, account: str, kinds: dict[str, dict[str, Object]], journal: Journal) -> None:
        self.account = account
        self.kinds = kinds
        self._journal = journal

    def all(self, kind: str) -> list[Object]:
        return list(self.kinds.get(kind, {}).values())

    def find(self, kind: str, identifier: str) -> Object | None:
        found = self.kinds.get(kind, {}).get(identifier)
        if found is not None:
            self._journal.touch(found)
        return found

    def get(self, kind: str, identifier: str, *, param: str = "", status: int = 400) -> Object:
        """The object, or Stripe's `resource_missing`."""
        found = self.find(kind, identifier)
        if found is None:
            raise missing(kind, identifier, param, status)
        return found

    def any(self, identifier: str) -> Object | None:
        """The object of that id, of whatever kind."""
        return next((objects[identifier] for objects in self.kinds.values() if identifier in objects), None)

    def put(self, kind: str, value: Object) -> Object:
        """Adds a new object, dropping the oldest of a kind that is bounded."""
        objects = self.kinds.setdefault(kind, {})
        if value["id"] not in objects:
            self._journal.add(objects, value["id"])
        objects[value["id"]] = value
        while len(objects) > KEPT.get(kind, len(objects)):
            del objects[next(iter(objects))]
        return value

    def new(self, kind: str, **fields: Any) -> Object:
        """Adds an object with the fields that every Stripe object has."""
        head = {"id": new_id(kind), "object": kind, "created": now(), "livemode": False}
        return self.put(kind, {**head, **fields})


class Ledger:
    """Every account's book, and the file that outlives the process (none when `path` is None)."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._lock = self._claim() if path else None
        self._books: dict[str, dict[str, dict[str, Object]]] = self._read()
        self._changed = asyncio.Event()
        self.journal = Journal()

    def book(self, account: str) -> Book:
        return Book(account, self._books.setdefault(account, {}), self.journal)

    @property
    def platform(self) -> Book:
        return self.book(PLATFORM)

    def books(self) -> list[Book]:
        return [Book(account, kinds, self.journal) for account, kinds in self._books.items()]

    def holder_of(self, kind: str, identifier: str) -> Book:
        """The book that holds an object whose account the caller does not name."""
        for book in self.books():
            if book.find(kind, identifier):
                return book
        raise missing(kind, identifier, status=404)

    def clear(self) -> None:
        self._books.clear()
        self.changed()

    def changed(self) -> None:
        """Asks for a save; `keep_saving` does it soon."""
        self._changed.set()

    async def keep_saving(self) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(SAVE_AFTER)
            self.save()

    def save(self) -> None:
        """Writes the file in one step: a reader, or a power cut, sees the old state or the new one."""
        self._changed.clear()
        if self.path is None:
            return
        draft = self.path.with_name(self.path.name + ".draft")
        with draft.open("w", encoding="utf-8") as file:
            json.dump({"version": 1, "books": self._books}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)

    def release(self) -> None:
        if self._lock:
            self._lock.close()

    def _claim(self) -> TextIO:
        assert self.path is not None
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = self.path.with_name(self.path.name + ".lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise LedgerBusyError(f"Another payment sandbox uses {self.path}. Stop it or name another file.") from error
        return lock

    def _read(self) -> dict[str, dict[str, dict[str, Object]]]:
        if self.path is None or not self.path.exists():
            return {}
        try:
            kept = json.loads(self.path.read_text("utf-8"))
            if kept["version"] != 1:
                raise ValueError(kept["version"])
            books: dict[str, dict[str, dict[str, Object]]] = kept["books"]
        except (ValueError, KeyError, TypeError) as error:
            raise LedgerBrokenError(f"{self.path} is not a sandbox's state. Move it away to start afresh.") from error
        return books
