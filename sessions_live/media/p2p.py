"""Two people without a media server: their sessions find each other by the messages that the product relays."""

import asyncio
import time
from contextlib import suppress
from itertools import chain, repeat

from sessions_live.sfu.errors import ErrorCode, PeerError
from sessions_live.sfu.limits import Bucket
from sessions_live.sfu.messages import MAX_BYTES, P2P, P2P_BETWEEN, checked, encode, error_message

from .engine import Admission, Deliver, EngineError, Message, Recording
from .turn import Turn

PER_SECOND = 60
CALL_AGAIN = (1.0, 2.0, 4.0, 8.0)  # seconds between hellos that nobody answers; the last one goes on


class P2PEngine:
    """Carries nothing itself: media goes from browser to browser, by our TURN servers where nothing else works."""

    name = "p2p"

    def __init__(self, *, turn: Turn | None = None, relay_only: bool = False) -> None:
        self.turn = turn or Turn()
        self.relay_only = relay_only  # hides the two addresses from each other; needs TURN

    async def open_room(self, room: str, *, capacity: int = 2) -> None:
        if capacity > 2:
            raise EngineError(ErrorCode.ROOM_FULL, "Peer to peer is for two people.", permanent=True)

    async def admit(self, admission: Admission) -> Message:
        return self.turn.engine_message(self.name, admission, relay_only=self.relay_only)

    async def attach(self, admission: Admission, *, to_client: Deliver, to_others: Deliver) -> "P2PSession":
        session = P2PSession(admission, to_client, to_others)
        await to_client(await self.admit(admission))
        await session.start()
        return session

    async def revoke(self, room: str, peer: str, *, reason: str) -> None:
        """The product closes the person's socket; that ends their session, and the other's connection with it."""

    async def set_rights(self, room: str, peer: str, rights: frozenset[str]) -> None:
        raise EngineError(
            ErrorCode.NOT_ALLOWED, "Rights cannot be enforced peer to peer: move to the server.", permanent=True
        )

    async def start_recording(self, room: str, *, recording: str) -> None:
        raise EngineError(
            ErrorCode.NOT_ALLOWED, "Peer to peer cannot be recorded: move to the server first.", permanent=True
        )

    async def stop_recording(self, room: str) -> Recording:
        raise EngineError(ErrorCode.NOT_ALLOWED, "Nothing is being recorded.", permanent=True)

    async def stats(self, room: str) -> Message:
        return {"room": room, "recording": False, "peers": []}

    async def close(self, room: str, *, reason: str = "ended") -> None:
        """Nothing to close: connections end with the sessions."""


class P2PSession:
    """One of the two."""

    def __init__(self, admission: Admission, to_client: Deliver, to_others: Deliver) -> None:
        self._me = admission.peer
        self._to_client = to_client
        self._to_others = to_others
        self._other = ""
        self._calling: asyncio.Task[None] | None = None
        self._bucket = Bucket(rate=PER_SECOND, burst=PER_SECOND * 2)

    async def start(self) -> None:
        """Call into the room until somebody answers."""
        await self._send_to_other({"type": "p2p.hello"})
        self._calling = asyncio.create_task(self._call_again())

    async def _call_again(self) -> None:
        """Because the relay passes messages on at most once, and a lost hello would leave two people alone for ever."""
        for pause in chain(CALL_AGAIN, repeat(CALL_AGAIN[-1])):
            await asyncio.sleep(pause)
            with suppress(Exception):  # because the relay may be away for a moment; the next hello finds it again
                await self._send_to_other({"type": "p2p.hello"})

    def _stop_calling(self) -> None:
        if self._calling is not None:
            self._calling.cancel()
            self._calling = None

    async def _send_to_other(self, message: Message) -> None:
        await self._to_others(message | {"peer": self._me})

    async def send(self, message: Message) -> None:
        """Relay what the browser said to the other one; what is malformed or too much is answered to the browser."""
        if isinstance(message, dict) and message.get("type") in ("leave", "ping"):
            await self._send_to_other({"type": "p2p.bye"}) if message["type"] == "leave" else await self._pong(message)
            return
        try:
            if not self._bucket.take(time.monotonic()):
                raise PeerError(ErrorCode.RATE_LIMITED)
            checked(message, P2P)
            if len(encode(message)) > MAX_BYTES:
                raise PeerError(ErrorCode.TOO_LARGE)
        except PeerError as error:
            await self._to_client(error_message(error.code))
            return
        fields = {name: message[name] for name in P2P[message["type"]] if name in message}
        await self._send_to_other({"type": message["type"], "to": self._other} | fields)

    async def _pong(self, message: Message) -> None:
        await self._to_client({"type": "pong", "at": message.get("at")})

    async def deliver(self, message: Message) -> None:
        """Take what another session said to the room."""
        peer = message.get("peer")
        kind = message.get("type")
        if not isinstance(peer, str) or peer == self._me or message.get("to", self._me) != self._me:
            return
        if kind == "error" and not self._other:
            self._stop_calling()
            await self._to_client({key: message[key] for key in ("type", "code")})
        elif kind in ("p2p.hello", "p2p.here"):
            await self._meet(peer, hello=kind == "p2p.hello")
        elif peer == self._other and kind in (*P2P, *P2P_BETWEEN):
            if kind == "p2p.bye":
                self._other = ""
            await self._to_client({key: value for key, value in message.items() if key != "to"})

    def permit(self, rights: frozenset[str]) -> None:
        """Nothing enforces rights between two browsers."""

    async def _meet(self, peer: str, *, hello: bool) -> None:
        if self._other not in ("", peer):
            await self._send_to_other(error_message(ErrorCode.ROOM_FULL) | {"to": peer})
            return
        self._other = peer
        self._stop_calling()
        if hello:
            await self._send_to_other({"type": "p2p.here", "to": peer})
        # Because exactly one of the two must give way when both offer at once; ids differ, so this decides it.
        await self._to_client({"type": "p2p.peer", "peer": peer, "polite": self._me > peer})

    async def close(self, *, leave: bool = False) -> None:
        """Say goodbye only when the person left: a lost socket comes back, and the media went on meanwhile."""
        self._stop_calling()
        if leave:
            await self._send_to_other({"type": "p2p.bye"})
