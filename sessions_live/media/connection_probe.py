"""A probe of one ICE transport to the media server: two peers of their own in a private room, for some seconds. Nothing of it is kept."""

import asyncio
import secrets
from contextlib import suppress

from .engine import Admission, Deliver, EngineError, MediaEngine, Message, PeerSession
from .ice_transports import IceTransport, restricted_to

RIGHTS = {"one": frozenset({"audio", "video", "data"}), "two": frozenset({"subscribe"})}


class ConnectionProbe:
    """Begun at once: side `one` sends, side `two` receives. Messages to the page go to `send_to_page`, with transport and side; so does `away`."""

    def __init__(self, engine: MediaEngine, *, room: str, transport: IceTransport, send_to_page: Deliver) -> None:
        self.room = room
        self.transport = transport
        self._engine = engine
        self._send_to_page = send_to_page
        self._sides: dict[str, PeerSession] = {}
        self._start = asyncio.create_task(
            self._begin()
        )  # beside others, because a server that is away keeps us waiting

    async def _begin(self) -> None:
        try:
            await self._engine.open_room(self.room, capacity=len(RIGHTS))
            for side, rights in RIGHTS.items():
                admission = Admission(room=self.room, peer=secrets.token_hex(8), rights=rights)
                to_client = self._sender(side)
                self._sides[side] = await self._engine.attach(admission, to_client=to_client, to_others=_nobody)
        except EngineError as error:
            await self._send_to_page(away(self.transport, error))

    async def send(self, side: str, message: Message) -> None:
        """What one side of the page said. Refusals are answered to that side."""
        await asyncio.wait([self._start])  # the page may answer before we have noted that it is in
        if side in self._sides:
            await self._sides[side].send(message)

    async def close(self) -> None:
        """End both sides and the room; a media server that has gone lets go by itself."""
        self._start.cancel()
        sides, self._sides = self._sides, {}
        for session in sides.values():
            with suppress(EngineError, OSError):
                await session.close(leave=True)
        if sides:
            with suppress(EngineError, OSError):
                await self._engine.close(self.room)

    def _sender(self, side: str) -> Deliver:
        async def send(message: Message) -> None:
            if message["type"] == "engine":
                message = restricted_to(self.transport, message)
            await self._send_to_page({"type": "media", "transport": self.transport, "side": side, "message": message})

        return send


def away(transport: IceTransport, error: EngineError) -> Message:
    """What the page is told when the media server cannot be reached."""
    return {"type": "away", "transport": transport, "code": error.code}


async def _nobody(message: Message) -> None:
    """There is nobody else in the room."""
