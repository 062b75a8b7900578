"""How the supervisor knows that a program answers."""

from __future__ import annotations

import http.client
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Ready(Protocol):
    """A question with a quick answer."""

    def __call__(self, log: Path) -> bool: ...


@dataclass(frozen=True, slots=True)
class Http:
    """The address answers without a server error."""

    port: int
    path: str = "/"
    host: str = "localhost"

    def __call__(self, log: Path) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", self.path, headers={"Host": f"{self.host}:{self.port}"})
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Tcp:
    """Something accepts connections on the port."""

    port: int

    def __call__(self, log: Path) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Says:
    """The program's log holds the words that it prints once it works."""

    words: str

    def __call__(self, log: Path) -> bool:
        return log.exists() and self.words in log.read_text(errors="replace")
