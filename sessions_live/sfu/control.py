"""What the product may ask of a worker on a control stream (docs/live-protocol.md, section 6)."""

import time
from typing import Any

from .errors import ErrorCode, PeerError
from .messages import Message
from .recording import Recorder
from .tokens import ID, RIGHTS, verify
from .worker import Worker

MOST_PEERS = 110  # a hundred guests, and ten hosts


class ControlSession:
    """One control stream; its token limits it to one room, or not."""

    def __init__(self, worker: Worker, token: str) -> None:
        now = time.time()
        claims = verify(worker.config.secret, token, now=now, aud="control")
        worker.used.spend(claims, now=now)
        self.worker = worker
        self.room = claims.room

    async def handle(self, message: Message) -> dict[str, Any]:
        """Do it and return the fields of the answer; raise PeerError."""
        room = message.get("room")
        if self.room != "*" and room != self.room:
            raise PeerError(ErrorCode.NOT_ALLOWED, "another room")
        if room is not None and not ID.match(room):
            raise PeerError(ErrorCode.BAD_MESSAGE, "room")
        name = message["type"].removeprefix("control.")
        handler = getattr(self, f"_{name}", None)
        if handler is None:
            raise PeerError(ErrorCode.ALREADY_JOINED)
        result: dict[str, Any] = await handler(message)
        return result

    async def _open(self, message: Message) -> dict[str, Any]:
        capacity = 100 if message.get("capacity") is None else message["capacity"]
        if not 1 <= capacity <= MOST_PEERS:
            raise PeerError(ErrorCode.BAD_MESSAGE, "capacity")
        await self.worker.open_room(message["room"], capacity=capacity)
        return {}

    async def _rights(self, message: Message) -> dict[str, Any]:
        rights = message["rights"]
        if not all(isinstance(right, str) for right in rights) or not RIGHTS.issuperset(rights):
            raise PeerError(ErrorCode.BAD_MESSAGE, "rights")
        peer = self.worker.room(message["room"]).peers.get(message["peer"])
        if peer is None:
            raise PeerError(ErrorCode.UNKNOWN_PEER)
        await peer.set_rights(frozenset(rights))
        return {}

    async def _revoke(self, message: Message) -> dict[str, Any]:
        self.worker.used.revoke(message["room"], message["peer"], now=time.time())
        await self.worker.room(message["room"]).kick(message["peer"], message["reason"])
        return {}

    async def _record(self, message: Message) -> dict[str, Any]:
        room = self.worker.room(message["room"])
        if not ID.match(message["recording"]) or message["recording"].startswith("."):
            raise PeerError(ErrorCode.BAD_MESSAGE, "recording")
        if room.recorder is not None:
            raise PeerError(ErrorCode.NOT_ALLOWED, "already recording")
        folder = self.worker.config.recordings / message["recording"]
        try:
            recorder = Recorder(folder, failed=lambda: self.worker.spawn(room.recording_failed()))
        except FileExistsError:
            raise PeerError(ErrorCode.NOT_ALLOWED, "a recording of that name exists") from None
        except OSError as error:
            raise PeerError(ErrorCode.RECORDING_FAILED, str(error)) from None
        room.start_recording(recorder)
        return {}

    async def _stop(self, message: Message) -> dict[str, Any]:
        room = self.worker.room(message["room"])
        name = room.recorder.folder.name if room.recorder else ""
        return {"recording": name, "files": await room.stop_recording()}

    async def _stats(self, message: Message) -> dict[str, Any]:
        if message.get("room") is None:
            return {"stats": self.worker.stats()}
        return {"stats": self.worker.room(message["room"]).stats()}

    async def _close(self, message: Message) -> dict[str, Any]:
        await self.worker.close_room(self.worker.room(message["room"]), message["reason"])
        return {}

    async def _drain(self, message: Message) -> dict[str, Any]:
        if self.room != "*":
            raise PeerError(ErrorCode.NOT_ALLOWED, "the whole worker")
        self.worker.spawn(self.worker.drain(max(0.0, min(3600.0, float(message["seconds"])))))
        return {}
