"""One page as a peer in the call: attached to whichever engine carries it, moved when that changes."""

import logging
from contextlib import suppress
from typing import Any

from channels.db import database_sync_to_async

from sessions_live import engines
from sessions_live.engines import RIGHTS, media_room
from sessions_live.media.engine import Admission as MediaAdmission
from sessions_live.media.engine import Deliver, EngineError, Message, PeerSession
from sessions_live.models import Room
from sessions_live.queries import most_peers
from sessions_live.sfu.messages import error_message

logger = logging.getLogger(__name__)

RECORD = frozenset({"record"})


class Peer:
    """Nothing before `attach`; afterwards what the browser sends about media goes in, what the engine sends goes out."""

    def __init__(self, *, peer_id: str, to_client: Deliver, to_others: Deliver) -> None:
        self.peer_id = peer_id
        self.generation = 0
        self.is_on_server = False
        self.rights = RIGHTS
        self._to_client = to_client
        self._to_others = to_others
        self._session: PeerSession | None = None

    @property
    def is_attached(self) -> bool:
        return self._session is not None

    async def attach(self, room: Room, *, resume: bool, may_be_recorded: bool = False) -> None:
        """Join the room's engine. What goes wrong is told to the person, who may try again."""
        await self.detach()
        self.rights = RIGHTS | RECORD if may_be_recorded else RIGHTS
        engine = engines.engine_for(room)
        admission = MediaAdmission(
            room=media_room(room.pk), peer=self.peer_id, rights=self.rights, resume=resume, generation=room.generation
        )
        try:
            if room.uses_server:
                await engine.open_room(admission.room, capacity=await database_sync_to_async(most_peers)())
            self._session = await engine.attach(admission, to_client=self._to_client, to_others=self._to_others)
            self.generation, self.is_on_server = room.generation, room.uses_server
        except EngineError as error:
            logger.warning("A call could not be joined: %s", error.code)
            await self._to_client(error_message(error.code, "hello"))

    async def permit_recording(self, room_id: Any, allowed: bool) -> None:
        """Give or take the right to be recorded, in the running call and whenever this session joins again. EngineError when it cannot."""
        rights = RIGHTS | RECORD if allowed else RIGHTS
        if self._session is None or not self.is_on_server or rights == self.rights:
            return
        self._session.permit(rights)
        try:
            await engines.server().set_rights(media_room(room_id), self.peer_id, rights)
        except EngineError as error:
            if error.code != "unknown_peer":  # who is not in the call is not recorded, and joins with the rights above
                raise
        self.rights = rights

    async def send(self, message: Message) -> None:
        """What the browser said."""
        if self._session is not None:
            await self._session.send(message)

    async def deliver(self, message: Message) -> None:
        """What another page's session said to the room."""
        if self._session is not None:
            await self._session.deliver(message)

    async def peer_left(self, peer_id: str) -> None:
        """Somebody has left for good, perhaps without a word."""
        if peer_id and peer_id != self.peer_id:
            await self.deliver({"type": "p2p.bye", "peer": peer_id})

    async def detach(self, *, leave: bool = False) -> None:
        """End this page's signalling; with `leave` the person is gone for good."""
        session, self._session = self._session, None
        if session is not None:
            with suppress(EngineError):
                await session.close(leave=leave)

    async def remove(self, room_id: Any, peer_id: str) -> None:
        """End another person's media at once."""
        if self.is_on_server:
            await _quietly(engines.server().revoke(media_room(room_id), peer_id, reason="removed"))

    async def end_call(self, room_id: Any) -> None:
        """End the media of everybody."""
        if self.is_on_server:
            await _quietly(engines.server().close(media_room(room_id), reason="ended"))


async def _quietly(work: Any) -> None:
    """Because there may be nothing left to end: the person has gone by themselves, or the server is away and lets go by itself."""
    with suppress(EngineError, OSError):
        await work
