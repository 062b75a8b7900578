"""A Janus (its video room) as an engine: pages speak our protocol to us, we speak Janus' to Janus.

What Janus cannot do is refused: it records a room whole or not at all, and rights live with the session of the page, so
that both work only for pages whose sockets are in this process.
"""

import asyncio
from contextlib import suppress
from pathlib import Path

from sessions_live.sfu.errors import ErrorCode

from .engine import Admission, Deliver, EngineError, Message, Recording
from .janus_session import AGREED, RECORDING, JanusSession
from .janus_wire import ROOM_EXISTS, JanusError, JanusWire, Server, engine_error
from .turn import Turn

GRACE_SECONDS = 20  # that a page which lost its socket has to come back
CODECS = "vp8,vp9,h264,av1"
EMPTY_SECONDS = 30  # after which a room without people is ended
DEFAULT_CAPACITY = 100


class JanusEngine:
    """`server` says where Janus is and which secret makes the keys of its rooms."""

    name = "janus"

    def __init__(self, server: Server, *, turn: Turn | None = None) -> None:
        self.server = server
        self.turn = turn or Turn()
        self._sessions: dict[tuple[str, str], JanusSession] = {}
        self._parked: dict[JanusSession, asyncio.Task[None]] = {}
        self._capacities: dict[str, int] = {}
        self._tidying: set[asyncio.Task[None]] = set()

    async def open_room(self, room: str, *, capacity: int = DEFAULT_CAPACITY) -> None:
        self._capacities[room] = capacity
        body = {
            "request": "create", "room": room, "secret": self.server.key(room, "secret"),
            "pin": self.server.key(room, "pin"), "publishers": capacity, "permanent": False, "notify_joining": True,
            "audiocodec": "opus", "videocodec": CODECS, "audiolevel_event": True, "audio_active_packets": 25,
            "audio_level_average": 55, "bitrate": 0, "description": "",
        }  # fmt: skip
        if self.server.admin_key:
            body["admin_key"] = self.server.admin_key
        try:
            await self._request(body)
        except JanusError as error:
            if error.number == ROOM_EXISTS:
                with suppress(EngineError):  # because the room may have ended this moment; joining it shows that
                    await self._of(room, {"request": "edit", "new_publishers": capacity})
                return
            raise engine_error(error) from error

    async def admit(self, admission: Admission) -> Message:
        return self.turn.engine_message(self.name, admission)

    async def attach(self, admission: Admission, *, to_client: Deliver, to_others: Deliver) -> JanusSession:
        key = (admission.room, admission.peer)
        present = self._sessions.get(key)
        await to_client(await self.admit(admission))
        if present is not None and admission.resume and not present.over:
            if (parked := self._parked.pop(present, None)) is not None:
                parked.cancel()
            await present.take_over(admission, to_client)
            return present
        if present is not None:
            await present.end()
        session = JanusSession(self, admission, to_client)
        try:
            await session.start()
        except EngineError as error:
            if error.code != ErrorCode.UNKNOWN_PEER:
                raise
            await self.open_room(admission.room, capacity=self.capacity(admission.room))  # the last one just left it
            await session.start()
        self._sessions[key] = session
        return session

    async def revoke(self, room: str, peer: str, *, reason: str) -> None:
        session = self._sessions.get((room, peer))
        await self._of(room, {"request": "kick", "id": peer})
        if session is not None:
            await session.end()  # their subscriptions, too: Janus ends only what a kicked person publishes

    async def set_rights(self, room: str, peer: str, rights: frozenset[str]) -> None:
        session = self._sessions.get((room, peer))
        if session is None:
            raise EngineError(
                ErrorCode.UNKNOWN_PEER, "This person's page is not connected here, so Janus cannot be told."
            )
        if "record" not in rights and self._is_recording(room):
            raise EngineError(
                ErrorCode.NOT_ALLOWED, "Janus records everybody or nobody: end the recording first.", permanent=True
            )
        await session.set_rights(rights)

    async def start_recording(self, room: str, *, recording: str) -> None:
        if not self.server.recordings:
            raise EngineError(ErrorCode.NOT_ALLOWED, "This media server keeps no recordings.", permanent=True)
        people = (await self._of(room, {"request": "listparticipants"}))["participants"]
        if any(entry.get("display") != AGREED for entry in people):
            raise EngineError(
                ErrorCode.NOT_ALLOWED, "Janus records everybody or nobody, and somebody here has not agreed."
            )
        here = [session for (name, _), session in self._sessions.items() if name == room]
        if len(here) < len(people):
            raise EngineError(
                ErrorCode.NOT_ALLOWED, "Not everybody's page can be told from here that a recording begins."
            )
        folder = Path(self.server.recordings) / recording
        await self._of(room, {"request": "edit", "new_description": RECORDING + recording, "new_rec_dir": str(folder)})
        for session in here:  # first, because people are told before they are recorded
            await session.recorded(on=True)
        await self._of(room, {"request": "enable_recording", "record": True})

    async def stop_recording(self, room: str) -> Recording:
        recording = await self._recording_of(room)
        if not recording:
            raise EngineError(ErrorCode.NOT_ALLOWED, "Nothing is being recorded.", permanent=True)
        await self._of(room, {"request": "enable_recording", "record": False})
        await self._of(room, {"request": "edit", "new_description": "none"})
        for (name, _), session in list(self._sessions.items()):
            if name == room:
                await session.recorded(on=False)
        folder = Path(self.server.recordings) / recording
        kept = folder.glob("*.mjr") if folder.is_dir() else ()
        files = sorted(file.name for file in kept if "-data-" not in file.name)  # because pointers are no recording
        return Recording(recording=recording, files=files)

    async def _recording_of(self, room: str) -> str:
        rooms = (await self._translated({"request": "list"} | self._admin()))["list"]
        description = next((entry["description"] for entry in rooms if entry["room"] == room), "")
        return description.removeprefix(RECORDING) if description.startswith(RECORDING) else ""

    def _is_recording(self, room: str) -> bool:
        return any(name == room and session.is_recorded for (name, _), session in self._sessions.items())

    async def stats(self, room: str) -> Message:
        people = (await self._of(room, {"request": "listparticipants"}))["participants"]
        return {
            "room": room,
            "recording": bool(await self._recording_of(room)),
            "peers": [
                {
                    "peer": one["id"],
                    "present": True,
                    "publishing": one["publisher"],
                    "talking": one.get("talking", False),
                }
                for one in people
            ],
        }

    async def close(self, room: str, *, reason: str = "ended") -> None:
        """Put everybody out first, because Janus 1.1 now and then crashes when a room with people in it is destroyed."""
        self._capacities.pop(room, None)
        for one in (await self._of(room, {"request": "listparticipants"}))["participants"]:
            with suppress(EngineError):  # somebody who has just gone by themselves
                await self._of(room, {"request": "kick", "id": one["id"]})
        await self._of(room, {"request": "destroy"})

    # -- for the sessions ----------------------------------------------------------------------------------------------

    def capacity(self, room: str) -> int:
        return self._capacities.get(room, DEFAULT_CAPACITY)

    def park(self, session: JanusSession) -> None:
        """Keep a session whose page lost its socket, for a while."""
        session.lose()
        if session not in self._parked:
            self._parked[session] = asyncio.create_task(self._let_go(session))

    async def _let_go(self, session: JanusSession) -> None:
        await asyncio.sleep(GRACE_SECONDS)
        self._parked.pop(session, None)
        await session.end()

    def forget(self, session: JanusSession) -> None:
        """The session is over."""
        key = (session.admission.room, session.admission.peer)
        if self._sessions.get(key) is session:
            del self._sessions[key]
        if (parked := self._parked.pop(session, None)) is not None and parked is not asyncio.current_task():
            parked.cancel()
        if not any(room == session.admission.room for room, _ in self._sessions):
            task = asyncio.create_task(self._tidy(session.admission.room))
            self._tidying.add(task)
            task.add_done_callback(self._tidying.discard)

    async def _tidy(self, room: str) -> None:
        """End a room in which nobody is any more: Janus itself keeps rooms for ever."""
        await asyncio.sleep(EMPTY_SECONDS)
        with suppress(EngineError):
            if not (await self._of(room, {"request": "listparticipants"}))["participants"]:
                await self.close(room)

    def _admin(self) -> Message:
        return {"admin_key": self.server.admin_key} if self.server.admin_key else {}

    async def _of(self, room: str, body: Message) -> Message:
        return await self._translated(body | {"room": room, "secret": self.server.key(room, "secret")})

    async def _translated(self, body: Message) -> Message:
        try:
            return await self._request(body)
        except JanusError as error:
            raise engine_error(error) from error

    async def _request(self, body: Message) -> Message:
        wire = await JanusWire.open(self.server)
        try:
            return (await wire.request(await wire.attach(), body))[0]
        finally:
            await wire.close()
