"""The interface between rooms and whatever carries their media. Engines: `builtin` and `p2p`.

    engine = engine_from(os.environ)               # or BuiltinEngine(...), P2PEngine(...)
    await engine.open_room("room-id", capacity=25)
    session = await engine.attach(Admission(room=..., peer=..., rights=...), to_client=send, to_others=relay)
    await session.send(message)                    # what the browser said, if its type is in BROWSER_TYPES
    await session.close()                          # the browser's socket went; the peer itself may come back

`to_client` gets messages for this browser, the `engine` message of docs/live-protocol.md first. `to_others` gets
messages for the other peers of the room and is used by `p2p` only: hand each one to `session.deliver(message)` of the
others, wherever their processes are.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from sessions_live.sfu.messages import BROWSER_TYPES as BROWSER_TYPES
from sessions_live.sfu.tokens import RIGHTS as RIGHTS

Message = dict[str, Any]
Deliver = Callable[[Message], Awaitable[None]]


class EngineError(Exception):
    """An engine could not do it. `code` is an ErrorCode, or what a worker answered; `message` is for logs; `permanent`: no use to retry."""

    def __init__(self, code: str, message: str, *, permanent: bool = False) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.permanent = permanent


@dataclass(frozen=True, kw_only=True)
class Admission:
    """One admitted person in one room. `rights` out of RIGHTS; ids are opaque and carry no name.

    `resume`: the same browser comes back after its socket was lost. `generation`: raise it when a running call
    moves to another engine, so that clients hand over instead of starting anew.
    """

    room: str
    peer: str
    rights: frozenset[str]
    resume: bool = False
    generation: int = 1


@dataclass(frozen=True, kw_only=True)
class Recording:
    """What a finished recording left behind: names of files inside the folder of `recording`."""

    recording: str
    files: list[str] = field(default_factory=list)


class PeerSession(Protocol):
    """The signalling of one admitted peer, for as long as its browser's socket lives."""

    async def send(self, message: Message) -> None:
        """Take a message from the browser. Refusals are answered to the browser; nothing is raised for them."""

    async def deliver(self, message: Message) -> None:
        """Take a message that another peer's session gave to its `to_others` (p2p only; others ignore it)."""

    def permit(self, rights: frozenset[str]) -> None:
        """Note that the person's rights have changed, so that a session which joins again by itself asks for these."""

    async def close(self, *, leave: bool = False) -> None:
        """End this signalling. With `leave` the person is gone for good; without it they have 20 s to come back."""


class MediaEngine(Protocol):
    """What the product asks of an engine. Every method may raise EngineError."""

    name: str

    async def open_room(self, room: str, *, capacity: int = 100) -> None:
        """Make the room somewhere with room for it. Opening an open room is allowed."""

    async def admit(self, admission: Admission) -> Message:
        """Return the `engine` message for one admitted person, with fresh TURN credentials where configured."""

    async def attach(self, admission: Admission, *, to_client: Deliver, to_others: Deliver) -> PeerSession:
        """Admit, join, and return the running signalling."""

    async def revoke(self, room: str, peer: str, *, reason: str) -> None:
        """Remove a person at once: media ends, earlier tokens are refused."""

    async def set_rights(self, room: str, peer: str, rights: frozenset[str]) -> None:
        """Replace a present person's rights; what they may no longer publish ends."""

    async def start_recording(self, room: str, *, recording: str) -> None:
        """Write what peers with the right `record` say and show, into the folder named by `recording`."""

    async def stop_recording(self, room: str) -> Recording:
        """End the recording; return once all files are complete."""

    async def stats(self, room: str) -> Message:
        """Return numbers of a room: peers, producers, packets, loss, bit rates."""

    async def close(self, room: str, *, reason: str = "ended") -> None:
        """End the room for everybody."""
