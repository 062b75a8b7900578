"""A stream of JSON lines to a media worker's control address."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from sessions_live.sfu.errors import ErrorCode
from sessions_live.sfu.messages import MAX_BYTES, encode, parse_any

from .engine import EngineError, Message

CONNECT_SECONDS = 3
ANSWER_SECONDS = 10


class WorkerStream:
    """Connect with `open`, then `send` and iterate; ends when the worker closes it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, reach: str) -> "WorkerStream":
        """Return a stream to `host:port`; raise EngineError(unreachable)."""
        host, _, port = reach.rpartition(":")
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return cls(*await asyncio.open_connection(host.strip("[]"), int(port), limit=MAX_BYTES * 2))
        except (OSError, TimeoutError, ValueError) as error:
            raise EngineError(ErrorCode.UNREACHABLE, f"no connection to {reach}") from error

    def send(self, message: Message) -> None:
        """Queue a message; a broken stream shows when reading."""
        if not self._writer.is_closing():
            self._writer.write(encode(message))

    async def __aiter__(self) -> AsyncIterator[Message]:
        while True:
            try:
                line = await self._reader.readline()
            except (ConnectionError, ValueError):
                return
            if not line:
                return
            yield parse_any(line)

    async def receive(self) -> Message:
        """Return the next message; raise EngineError(unreachable) at the end or after ANSWER_SECONDS."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                async for message in self:
                    return message
        except TimeoutError:
            pass  # the same to the caller as an ended stream
        raise EngineError(ErrorCode.UNREACHABLE, "no answer of the worker")

    async def request(self, message: Message) -> dict[str, Any]:
        """Send a control message and return its answer; raise EngineError with the worker's code."""
        self.send(message)
        answer = await self.receive()
        if answer["type"] == "error":
            raise EngineError(answer["code"], "refused by the worker")
        return answer

    def close(self) -> None:
        self._writer.close()
