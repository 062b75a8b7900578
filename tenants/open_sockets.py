"""Open sockets end when their organization does: one task per process asks the host cache every other second, once per host."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from channels.db import database_sync_to_async

from tenants import hosts, outages

SECONDS = 2.0
NOT_OPEN = 4503

_open: set["OpenSocket"] = set()
_tasks: dict[asyncio.AbstractEventLoop, asyncio.Task[None]] = {}


class OpenSocket:
    """One open connection: what the consumer receives, until the organization is no longer open."""

    def __init__(
        self, host: str, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        self.host = host
        self._receive, self._send = receive, send
        self._waiting: asyncio.Task[Any] | None = None
        self._has_ended = False

    async def receive(self) -> Any:
        """The next event of the client; a disconnect once the organization has been suspended or closed.

        Whoever waits here is woken by `end`, and no second task waits beside them, because there are thousands of sockets.
        """
        if self._has_ended:
            return self._disconnect()
        self._waiting = asyncio.current_task()
        try:
            return await self._receive()
        except asyncio.CancelledError:
            if not self._has_ended:
                raise
            self._waiting.uncancel()  # type: ignore[union-attr]  # it was us
            return self._disconnect()
        finally:
            self._waiting = None

    async def end(self) -> None:
        await self._send({"type": "websocket.close", "code": NOT_OPEN})
        if not self._has_ended:
            self._has_ended = True
            if self._waiting is not None:
                self._waiting.cancel()

    def _disconnect(self) -> dict[str, Any]:
        return {"type": "websocket.disconnect", "code": NOT_OPEN}


@contextmanager
def tracked(socket: OpenSocket) -> Iterator[None]:
    """Have the socket closed with its organization while the block runs."""
    loop = asyncio.get_running_loop()
    _open.add(socket)
    if loop not in _tasks or _tasks[loop].done():
        _tasks[loop] = loop.create_task(_close_those_not_open(loop))
    try:
        yield
    finally:
        _open.discard(socket)


async def _close_those_not_open(loop: asyncio.AbstractEventLoop) -> None:
    while _open:
        await asyncio.sleep(SECONDS)
        for host in {socket.host for socket in _open}:
            if not await _is_open(host):
                for socket in [socket for socket in _open if socket.host == host]:
                    await socket.end()
                    _open.discard(socket)
    _tasks.pop(loop, None)


async def _is_open(host: str) -> bool:
    try:
        organization = await database_sync_to_async(hosts.find_organization)(host)
    except outages.DATABASE_ERRORS:
        return True  # because nobody knows; sockets outlive a short outage
    return organization is not None and organization.is_open
