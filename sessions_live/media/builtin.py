"""The built-in media server as an engine: one stream per peer, and short control streams."""

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sessions_live.sfu.errors import ErrorCode, PeerError
from sessions_live.sfu.messages import FROM_CLIENT, checked, error_message
from sessions_live.sfu.tokens import control_token, peer_token

from .engine import Admission, Deliver, EngineError, Message, Recording
from .stream import WorkerStream
from .turn import Turn
from .workers import Workers

logger = logging.getLogger(__name__)

WAITS = (0.1, 0.4, 1.0, 2.0, 3.0, 5.0, 7.0)  # seconds between attempts to find the room again
ELSEWHERE = (ErrorCode.WRONG_WORKER, ErrorCode.DRAINING, ErrorCode.WORKER_FULL)


class BuiltinEngine:
    """`secret` is the workers' MEDIA_SECRET; `workers` finds them."""

    name = "builtin"

    def __init__(self, *, secret: str, workers: Workers, turn: Turn | None = None) -> None:
        self.secret = secret
        self.workers = workers
        self.turn = turn or Turn()

    async def open_room(self, room: str, *, capacity: int = 100) -> None:
        for _ in range(3):
            reach = await self.workers.address_of(room)
            try:
                await self._request(room, {"type": "control.open", "capacity": capacity}, reach=reach)
            except EngineError as error:
                if error.code not in ELSEWHERE:
                    raise
                await asyncio.sleep(0.1)  # somebody else opened it this very moment, or this worker just filled up
                continue
            await self.workers.remember(room, reach)
            return
        raise EngineError(ErrorCode.WORKER_FULL, "no worker takes the room")

    async def admit(self, admission: Admission) -> Message:
        return self.turn.engine_message(self.name, admission)

    async def attach(self, admission: Admission, *, to_client: Deliver, to_others: Deliver) -> "BuiltinSession":
        session = BuiltinSession(self, admission, to_client)
        await to_client(await self.admit(admission))
        await session.start()
        return session

    async def join(self, admission: Admission, *, resume: bool) -> tuple[WorkerStream, Message]:
        """Return a joined stream and the `joined` message; raise EngineError."""
        stream = await WorkerStream.open(await self.workers.address_of(admission.room))
        token = peer_token(
            secret=self.secret, room=admission.room, peer=admission.peer, rights=admission.rights, now=time.time()
        )
        try:
            return stream, await stream.request({"type": "join", "token": token, "resume": resume})
        except EngineError:
            stream.close()
            raise

    async def revoke(self, room: str, peer: str, *, reason: str) -> None:
        await self._request(room, {"type": "control.revoke", "peer": peer, "reason": reason})

    async def set_rights(self, room: str, peer: str, rights: frozenset[str]) -> None:
        await self._request(room, {"type": "control.rights", "peer": peer, "rights": sorted(rights)})

    async def start_recording(self, room: str, *, recording: str) -> None:
        await self._request(room, {"type": "control.record", "recording": recording})

    async def stop_recording(self, room: str) -> Recording:
        answer = await self._request(room, {"type": "control.stop"})
        return Recording(recording=answer["recording"], files=answer["files"])

    async def stats(self, room: str) -> Message:
        stats: Message = (await self._request(room, {"type": "control.stats"}))["stats"]
        return stats

    async def close(self, room: str, *, reason: str = "ended") -> None:
        await self._request(room, {"type": "control.close", "reason": reason})

    async def _request(self, room: str, message: Message, *, reach: str | None = None) -> dict[str, Any]:
        stream = await WorkerStream.open(reach or await self.workers.address_of(room))
        try:
            token = control_token(secret=self.secret, room=room, now=time.time())
            await stream.request({"type": "control.hello", "token": token})
            return await stream.request(message | {"room": room})
        finally:
            stream.close()


class BuiltinSession:
    """Relays between one browser and its worker; finds the room again by itself when the worker goes."""

    def __init__(self, engine: BuiltinEngine, admission: Admission, to_client: Deliver) -> None:
        self._engine = engine
        self._admission = admission
        self._to_client = to_client
        self._stream: WorkerStream | None = None
        self._task: asyncio.Task[None] | None = None
        self._over = False

    async def start(self) -> None:
        """Join, then relay in the background. Raises EngineError if the room cannot be joined."""
        try:
            self._stream, joined = await self._engine.join(self._admission, resume=self._admission.resume)
        except EngineError as error:
            if error.code not in ELSEWHERE:
                raise
            await self._engine.open_room(self._admission.room)
            self._stream, joined = await self._engine.join(self._admission, resume=False)
        await self._to_client(joined)
        self._task = asyncio.create_task(self._relay())

    async def _relay(self) -> None:
        while not self._over and self._stream is not None:
            async for message in self._stream:
                if message["type"] == "kicked":
                    self._over = True
                await self._to_client(message)
                if message["type"] == "rejoin":
                    break
            self._stream.close()
            if not self._over:
                await self._again()

    async def _again(self) -> None:
        """The stream ended although nobody left: the worker restarted, died, or the room moved."""
        for wait in WAITS:
            await asyncio.sleep(wait)
            try:
                self._stream, joined = await self._engine.join(self._admission, resume=True)
            except EngineError as error:
                logger.info("A session looks for its room: %s", error.code)
                with suppress(EngineError):
                    await self._engine.open_room(self._admission.room)
                continue
            await self._to_client(joined)
            return
        self._over = True
        await self._to_client(error_message(ErrorCode.SERVER_LOST))

    async def send(self, message: Message) -> None:
        """Pass on what the browser said, if it may say that."""
        try:
            checked(message, FROM_CLIENT)
            if message["type"] == "join":
                raise PeerError(ErrorCode.NOT_ALLOWED, "the relay joins")
        except PeerError as error:
            about = message.get("type") if isinstance(message, dict) else None
            await self._to_client(error_message(error.code, about))
            return
        if message["type"] == "leave":
            self._over = True
        if self._stream is not None:
            self._stream.send(message)

    async def deliver(self, message: Message) -> None:
        """Nothing passes between browsers here."""

    def permit(self, rights: frozenset[str]) -> None:
        self._admission = replace(self._admission, rights=rights)

    async def close(self, *, leave: bool = False) -> None:
        self._over = True
        if self._stream is not None:
            if leave:
                self._stream.send({"type": "leave"})
            self._stream.close()
        if self._task is not None:
            self._task.cancel()
