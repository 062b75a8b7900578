"""Janus' own protocol over its WebSocket: one session per connection, handles of the video room plugin in it."""

import asyncio
import hashlib
import hmac
import itertools
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from sessions_live.sfu.errors import ErrorCode

from .engine import EngineError, Message

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 10
KEEPALIVE_SECONDS = 20  # Janus forgets a session after 60
ROOM_EXISTS, NO_SUCH_ROOM, NO_SUCH_PERSON, ID_EXISTS = 427, 426, 428, 436
INVALID_ELEMENT, UNAUTHORIZED = 430, 433
CODES = {NO_SUCH_ROOM: ErrorCode.UNKNOWN_PEER, NO_SUCH_PERSON: ErrorCode.UNKNOWN_PEER, 432: ErrorCode.ROOM_FULL}


class JanusError(Exception):
    """Janus refused a request; `number` is its own error code."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"{number}: {reason}")
        self.number = number
        self.reason = reason


def engine_error(error: JanusError) -> EngineError:
    """Return Janus' refusal as ours."""
    if error.number == INVALID_ELEMENT and "integer" in error.reason:
        cure = "Set string_ids = true in janus.plugin.videoroom.jcfg: rooms are named by strings here."
        return EngineError(ErrorCode.CONFIG, cure, permanent=True)
    if error.number == UNAUTHORIZED:
        return EngineError(ErrorCode.CONFIG, f"Janus refused us: {error.reason}.", permanent=True)
    code = CODES.get(error.number, ErrorCode.INTERNAL)
    return EngineError(code, f"Janus refused: {error.reason}.")


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where Janus is. `url` is its WebSocket, reached by the product only; `secret` is what its rooms' keys are made of."""

    url: str
    secret: str
    api_secret: str = ""
    admin_key: str = ""
    recordings: str = ""  # the folder on Janus' machine into which it records; nothing: it does not

    def key(self, room: str, purpose: str) -> str:
        """Return the `secret` or `pin` of a room, the same in every process of the product."""
        return hmac.new(self.secret.encode(), f"{purpose}:{room}".encode(), hashlib.sha256).hexdigest()


class JanusWire:
    """One Janus session. `on_event(handle, message)` gets what nobody asked for; `on_end` is called when it is over."""

    def __init__(self, server: Server, socket: ClientConnection) -> None:
        self.server = server
        self.on_event: Callable[[int, Message], None] = lambda handle, message: None
        self.on_end: Callable[[], None] = lambda: None
        self.closed = False
        self._socket = socket
        self._session = 0
        self._waiting: dict[str, asyncio.Future[Message]] = {}
        self._numbers = itertools.count(1)
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._keep_alive())]

    @classmethod
    async def open(cls, server: Server) -> "JanusWire":
        """Return a wire with a session; raise EngineError(unreachable | config)."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                socket = await connect(server.url, subprotocols=[Subprotocol("janus-protocol")], max_size=1 << 20,
                                       ping_interval=None, compression=None, proxy=None)  # fmt: skip
        except (OSError, TimeoutError, WebSocketException) as error:
            raise EngineError(ErrorCode.UNREACHABLE, f"no connection to {server.url}") from error
        wire = cls(server, socket)
        try:
            wire._session = (await wire._request({"janus": "create"}))["data"]["id"]
        except JanusError as error:
            await wire.close()
            raise EngineError(ErrorCode.CONFIG, f"Janus refused us: {error.reason}.", permanent=True) from error
        return wire

    async def attach(self) -> int:
        """Return a new handle of the video room."""
        answer = await self._request({"janus": "attach", "plugin": "janus.plugin.videoroom"})
        handle: int = answer["data"]["id"]
        return handle

    async def detach(self, handle: int) -> None:
        """Let go of a handle and its connection; one that has gone already is no trouble."""
        with suppress(JanusError, EngineError):
            await self._request({"janus": "detach", "handle_id": handle})

    async def request(self, handle: int, body: Message, jsep: Message | None = None) -> tuple[Message, Message | None]:
        """Send a request to the video room; return its (data, description). Raises JanusError or EngineError."""
        given = {"janus": "message", "handle_id": handle, "body": body} | ({"jsep": jsep} if jsep else {})
        answer = await self._request(given)
        data: Message = answer.get("plugindata", {}).get("data", {})
        if "error_code" in data:
            raise JanusError(int(data["error_code"]), str(data.get("error", "")))
        return data, answer.get("jsep")

    async def _request(self, message: Message) -> Message:
        number = str(next(self._numbers))
        answered = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send(message | {"transaction": number})
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer: Message = await answered
        except TimeoutError as error:
            raise EngineError(ErrorCode.UNREACHABLE, "Janus does not answer.") from error
        finally:
            self._waiting.pop(number, None)
        if answer["janus"] == "error":
            raise JanusError(int(answer["error"]["code"]), str(answer["error"]["reason"]))
        return answer

    def _send(self, message: Message) -> None:
        if self.closed:
            raise EngineError(ErrorCode.UNREACHABLE, "Janus has gone.")
        if self._session:
            message["session_id"] = self._session
        if self.server.api_secret:
            message["apisecret"] = self.server.api_secret
        task = asyncio.ensure_future(self._socket.send(json.dumps(message)))
        self._tasks.append(task)
        task.add_done_callback(self._sent)

    def _sent(self, task: "asyncio.Future[None]") -> None:
        self._tasks.remove(task)  # type: ignore[arg-type]
        if not task.cancelled():
            task.exception()  # a broken socket shows when reading

    async def _read(self) -> None:
        try:
            async for text in self._socket:
                message = json.loads(text)
                waiting = self._waiting.get(message.get("transaction", ""))
                if message["janus"] == "ack":
                    continue
                if waiting is not None and not waiting.done():
                    waiting.set_result(message)
                elif "sender" in message:
                    self.on_event(message["sender"], message)
                elif message["janus"] == "timeout":
                    break
        except WebSocketException:
            pass  # the end, like any other
        self._ended()

    def _ended(self) -> None:
        if self.closed:
            return
        self.closed = True
        gone = EngineError(ErrorCode.UNREACHABLE, "Janus has gone.")
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(gone)
        self.on_end()

    async def _keep_alive(self) -> None:
        while not self.closed:
            await asyncio.sleep(KEEPALIVE_SECONDS)
            with suppress(EngineError):
                self._send({"janus": "keepalive", "transaction": "keepalive"})

    async def close(self) -> None:
        """End the session with everything in it."""
        if not self.closed and self._session:
            with suppress(EngineError, JanusError):
                await self._request({"janus": "destroy"})
        self.closed = True
        for task in list(self._tasks):
            if task is not asyncio.current_task():
                task.cancel()
        await self._socket.close()
