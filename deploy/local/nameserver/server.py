"""The sockets of the name server: UDP and TCP on one port of the loopback address."""

from __future__ import annotations

import socketserver
import struct
import threading
from types import TracebackType
from typing import Any, Self

from deploy.local.nameserver.zones import Zones

PATIENCE = 5.0  # seconds for the rest of a question over TCP


class _Datagram(socketserver.BaseRequestHandler):
    server: Any

    def handle(self) -> None:
        wire, sender = self.request
        if (response := self.server.zones.answer(wire, in_datagram=True)) is not None:
            sender.sendto(response, self.client_address)


class _Stream(socketserver.StreamRequestHandler):
    server: Any
    timeout = PATIENCE

    def handle(self) -> None:
        head = self.rfile.read(2)
        if len(head) != 2:
            return
        response = self.server.zones.answer(self.rfile.read(struct.unpack("!H", head)[0]))
        if response is not None:
            self.wfile.write(struct.pack("!H", len(response)) + response)


class _Datagrams(socketserver.ThreadingUDPServer):
    daemon_threads, max_packet_size = True, 4096
    zones: Zones


class _Streams(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True
    zones: Zones


class Nameserver:
    """Answers from `zones` as long as the context lasts. Port 0 takes a free one."""

    def __init__(self, zones: Zones | None = None, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.zones = zones or Zones()
        self.host, self.port = host, port
        self._servers: list[socketserver.BaseServer] = []

    def start(self) -> Self:
        """Listen. Raises OSError when the port is taken."""
        datagrams, streams = self._bound()
        self.port = datagrams.server_address[1]
        for server in (datagrams, streams):
            server.zones = self.zones
            self._servers.append(server)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers.clear()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _bound(self) -> tuple[_Datagrams, _Streams]:
        """Both on the same port; a free one may be free for one of them only, and then another is tried."""
        for _ in range(1 if self.port else 20):
            datagrams = _Datagrams((self.host, self.port), _Datagram)
            try:
                return datagrams, _Streams((self.host, datagrams.server_address[1]), _Stream)
            except OSError as error:
                datagrams.server_close()
                refused = error
        raise refused
