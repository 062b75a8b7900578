"""Child processes that cannot outlive the program that started them, and a lock that says who owns a directory."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class DirectoryInUseError(RuntimeError):
    """Another program holds the directory; the message names it."""


def die_with_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    """What a child runs before its program starts: the kernel sends it `stop_signal` when its parent is gone.

    Linux ties this to the *thread* that started the child, so start children from a thread that stays.
    """
    parent = os.getpid()

    def before_exec() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])  # signals that the parent waits for must reach the child
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, int(stop_signal))
        if os.getppid() != parent:  # the parent died between fork and prctl: nobody would send the signal
            os._exit(1)

    return before_exec


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
    cwd: str | Path = "/",
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, with its output appended to `log`.

    The output is a file, never a pipe, because a pipe that nobody reads stops the child when it is full.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=dict(env) if env is not None else None,
            start_new_session=True,
            preexec_fn=die_with_parent(stop_signal),
            **options,
        )


def stop(child: subprocess.Popen[Any], stop_signal: signal.Signals, *, patience: float = 15.0) -> None:
    """Ask the child to stop; after `patience` seconds, kill it."""
    if child.poll() is not None:
        return
    child.send_signal(stop_signal)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait(5)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for an error message."""
    if not log.exists():
        return "(no output)"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16_384))
        text = file.read().decode(errors="replace")
    return "\n".join(text.splitlines()[-lines:]) or "(no output)"


class DirectoryLock:
    """An exclusive claim on a directory that the kernel drops when its holder dies, however it dies."""

    def __init__(self, directory: Path, *, file: str = "owner.lock") -> None:
        self.path = directory / file
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Claim the directory, or raise `DirectoryInUseError` with the process that has it."""
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = self._read(file) or "unknown"
            file.close()
            raise DirectoryInUseError(
                f"{self.path.parent} is in use by process {holder}. Stop that one (make demo-down) or use another "
                "directory."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the directory back; harmless when it was never claimed."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def holder(self) -> int | None:
        """The living process that holds the directory, or None."""
        if not self.path.exists():
            return None
        with self.path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(self._read(file) or 0)
        return None

    @staticmethod
    def _read(file: IO[str]) -> str:
        file.seek(0)
        return file.read().strip()


class Runnable(Protocol):
    """A server as the foreground programs see it."""

    process: subprocess.Popen[bytes] | None

    def start(self) -> Any: ...
    def stop(self) -> None: ...
    def url(self) -> str: ...


def run_in_foreground(server: Runnable) -> None:
    """Start the server, print its address, wait for SIGINT, SIGTERM or its end, and stop it."""
    signals = {signal.SIGINT, signal.SIGTERM, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # so that none of them is lost between start and wait
    try:
        server.start()
    except RuntimeError as error:
        raise SystemExit(str(error)) from None
    print(server.url(), flush=True)
    try:
        while server.process is not None and server.process.poll() is None:
            if signal.sigwait(signals) != signal.SIGCHLD:
                break
    finally:
        server.stop()
