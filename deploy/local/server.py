"""What a database server from a wheel has in common with the other: a directory of its own, a lock on it, one child process."""

from __future__ import annotations

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local import child, places


class Server(ABC):
    """One server in one directory. A subclass says how it is started and with which signal it leaves its files clean."""

    stop_signal: signal.Signals

    def __init__(self, directory: Path) -> None:
        self.directory = directory.absolute()
        self.log = self.directory / "server.log"
        self.account = places.unprivileged_account()
        self.process: subprocess.Popen[bytes] | None = None
        self._lock = child.DirectoryLock(self.directory)

    def start(self, *, timeout: float = 60.0) -> Self:
        """Start the server and wait at most `timeout` seconds until it answers. Raises the subclass's own error."""
        self.state = places.state_directory(self.directory, self.account)
        self._lock.acquire()
        try:
            self._start(time.monotonic() + timeout)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the server and wait until it has left; does nothing when it does not run."""
        if self.process is not None:
            child.stop(self.process, self.stop_signal)
            self.process = None
        self._lock.release()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @abstractmethod
    def _start(self, deadline: float) -> None:
        """Set `process` to a server that answers, before `deadline` of the monotonic clock."""
