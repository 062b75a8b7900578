"""PostgreSQL and Valkey for as long as they are needed: by tests, benchmarks and the demo."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local import child, places
from deploy.local.postgres import THROWAWAY, Postgres
from deploy.local.valkey import Valkey


@dataclass(frozen=True, slots=True)
class Services:
    """Where the two servers answer, in the forms of `DATABASE_URL` and `VALKEY_URL`."""

    database_url: str
    valkey_url: str


@contextmanager
def temporary_postgres(directory: Path) -> Iterator[Postgres]:
    """A throwaway PostgreSQL in `directory`; at the end it is stopped and everything it kept is removed."""
    try:
        with Postgres(directory, settings=THROWAWAY) as server:
            yield server
    finally:
        places.forget(directory)


@contextmanager
def temporary_valkey(directory: Path) -> Iterator[Valkey]:
    """A throwaway Valkey in `directory`; at the end it is stopped and everything it kept is removed."""
    try:
        with Valkey(directory, durable=False) as server:
            yield server
    finally:
        places.forget(directory)


_running: dict[Path, Services] = {}


def test_services(directory: Path) -> Services:
    """The servers of one test run, started at the first call and stopped when the process ends.

    `DATABASE_URL` and `VALKEY_URL`, when set, are used as they are. Each process gets its own folder below
    `directory`, so that several runs do not meet; folders of runs that were killed are removed. Under xdist, call
    this in the controller and export both addresses: the workers inherit them.
    """
    directory = directory.absolute()
    if directory not in _running:
        _running[directory] = _start(directory)
    return _running[directory]


test_services.__test__ = False  # type: ignore[attr-defined]  # pytest shall not take it for a test


def _start(directory: Path) -> Services:
    database_url, valkey_url = os.environ.get("DATABASE_URL"), os.environ.get("VALKEY_URL")
    own = directory / f"run-{os.getpid()}"
    stack = ExitStack()
    atexit.register(_close_in, os.getpid(), stack)
    if not (database_url and valkey_url):
        directory.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(directory)
        stack.callback(_remove_empty, own)
    if not database_url:
        database_url = stack.enter_context(temporary_postgres(own / "postgres")).url()
    if not valkey_url:
        valkey_url = stack.enter_context(temporary_valkey(own / "valkey")).url()
    return Services(database_url=database_url, valkey_url=valkey_url)


def _close_in(owner: int, stack: ExitStack) -> None:
    """Stop the servers at the end of the process that started them, not of one that was forked from it."""
    if os.getpid() == owner:
        stack.close()


def _remove_abandoned(directory: Path) -> None:
    """Remove the folders of test runs that no living process holds."""
    for run in directory.glob("run-*"):
        if not Path(f"/proc/{run.name.removeprefix('run-')}").exists():
            for server in (run / "postgres", run / "valkey"):
                _forget_if_free(server)
            _remove_empty(run)


def _forget_if_free(server: Path) -> None:
    if not server.is_dir():
        return
    lock = child.DirectoryLock(server)
    try:
        lock.acquire()
    except child.DirectoryInUseError:
        return
    places.forget(server)
    lock.release()


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
