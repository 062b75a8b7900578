"""A room: who is there, what they publish, who gets what."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

from .adaptation import most_for
from .errors import ErrorCode, PeerError
from .messages import RIDS, Message, error_message
from .peer import Peer
from .producer import Producer
from .recording import Recorder
from .transport import Transport

logger = logging.getLogger(__name__)

GRACE_SECONDS = 20  # that a peer without signalling is kept
HEARD = 9  # voices that are forwarded in a large room
SPEAKING_SECONDS = 0.8  # after the last loud moment, because people breathe
SPEAKERS = 3
ADAPT_TURNS, MEASURE_TURNS = 10, 40  # of 25 ms
STRIDE = 7  # between the turns of two who join one after the other: every turn gets its share, also modulo ADAPT_TURNS


class Room:
    """`new_transport` makes a transport on the worker's port; `spawn` runs a coroutine and logs its failure."""

    def __init__(
        self, id: str, *, capacity: int, new_transport: Callable[[], Transport],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:  # fmt: skip
        self.id = id
        self.capacity = capacity
        self.new_transport = new_transport
        self.spawn = spawn
        self.peers: dict[str, Peer] = {}
        self.recorder: Recorder | None = None
        self.empty_since: float | None = time.monotonic()
        self._made: dict[str, int] = {}
        self._spoke: set[str] = set()
        self._dirty = False
        self._joined = 0
        self._first_turn = random.randrange(MEASURE_TURNS)  # because rooms, too, should not all have the same

    # -- coming and going ------------------------------------------------------------------------------------------

    def join(self, id: str, rights: frozenset[str], send: Callable[[Message], None]) -> Peer:
        """Return a new peer; raise PeerError(room_full)."""
        if len(self.peers) >= self.capacity:
            raise PeerError(ErrorCode.ROOM_FULL)
        self._joined += 1
        peer = Peer(id=id, room=self, rights=rights, send=send)
        peer.turn = self._joined * STRIDE % MEASURE_TURNS
        self._broadcast({"type": "peer.joined", "peer": id}, but=peer)
        self.peers[id] = peer
        self.empty_since = None
        return peer

    def greeting(self, peer: Peer, *, resumed: bool) -> Message:
        """Return the `joined` message."""
        others = [other for other in self.peers.values() if other is not peer]
        return {
            "type": "joined",
            "peer": peer.id,
            "room": self.id,
            "rights": sorted(peer.rights),
            "resumed": resumed,
            "peers": [other.id for other in others],
            "producers": [producer.describe() for other in others for producer in other.producers()],
            "limits": {"peers": self.capacity, "height": 720},
            "recording": self.recorder is not None,
        }

    async def leave(self, peer: Peer, reason: str) -> None:
        """Take a peer out and tell the others why."""
        if self.peers.get(peer.id) is not peer:
            return
        del self.peers[peer.id]
        if not self.peers:
            self.empty_since = time.monotonic()
        await peer.close()
        self._broadcast({"type": "peer.left", "peer": peer.id, "reason": reason}, but=peer)

    def _broadcast(self, message: Message, *, but: Peer | None = None) -> None:
        """Send to everybody in the room, except `but`."""
        for peer in self.peers.values():
            if peer is not but:
                peer.send(message)

    def made_by(self, peer: str) -> Callable[[], str]:
        """Return what makes ids of producers: never the same twice, even for a peer that comes back."""

        def make() -> str:
            self._made[peer] = self._made.get(peer, 0) + 1
            return f"{peer}.{self._made[peer]}"

        return make

    # -- producers -------------------------------------------------------------------------------------------------

    def producers(self) -> list[Producer]:
        return [producer for peer in self.peers.values() for producer in peer.producers()]

    def producer_added(self, producer: Producer) -> None:
        """Tell the others, give it slots, record it."""
        peer = self.peers.get(producer.peer)
        self._broadcast({"type": "producer.added", "producer": producer.describe()}, but=peer)
        if peer is not None:
            self._record(peer, producer)
        self._later()

    def producer_removed(self, producer: Producer) -> None:
        peer = self.peers.get(producer.peer)
        if self.recorder is not None:
            self.recorder.drop(producer)
        self._broadcast({"type": "producer.removed", "producer": producer.id, "peer": producer.peer}, but=peer)
        self._later()

    def producer_layered(self, producer: Producer) -> None:
        """Aim at a new encoding at once, so that its first packet is not lost to those who wait for it."""
        now = time.monotonic()
        for peer in self.peers.values():
            if peer.subscribing is not None and any(
                one.transport is peer.subscribing.transport for one in producer.consumers
            ):
                peer.subscribing.adapt(now)

    def producer_changed(self, producer: Producer) -> None:
        self._broadcast(
            {"type": "producer.changed", "producer": producer.describe()}, but=self.peers.get(producer.peer)
        )
        self._later()

    def _later(self) -> None:
        """Assign everybody's slots at the end of this turn of the loop: a burst of changes costs one pass."""
        if not self._dirty:
            self._dirty = True
            asyncio.get_running_loop().call_soon(self._assign_all_slots)

    def _assign_all_slots(self) -> None:
        self._dirty = False
        self._choose_heard(time.monotonic())
        for peer in self.peers.values():
            self.assign_slots(peer)
        self.demand(time.monotonic())

    def assign_slots(self, peer: Peer) -> None:
        """Give `peer` slots for all that it gets of the others."""
        if peer.subscribing is not None and peer.subscribing.transport.state != "closed":
            peer.subscribing.assign_slots([one for one in self.producers() if one.peer != peer.id])

    def pointed(self, peer: Peer, text: str) -> None:
        """Hand a pointer to all others."""
        if "data" not in peer.rights:
            return
        for other in self.peers.values():
            if other is not peer and other.pointers is not None:
                other.pointers.send(peer.id, text)

    # -- timers ----------------------------------------------------------------------------------------------------

    def feedback(self, now: float) -> None:
        """Every 25 ms: feedback to publishers, probes to subscribers."""
        for peer in self.peers.values():
            if peer.publishing is not None:
                peer.publishing.tick(now)
            if peer.subscribing is not None:
                peer.subscribing.link.tick(now)

    async def turn(self, number: int, now: float) -> None:
        """Do the share of the slower work that falls into turn `number`; turns are 25 ms apart.

        Every 250 ms encodings, and every second bit rates, budgets and quality: each peer in a turn of its own, because a
        hundred in one turn would hold up every packet for tens of milliseconds.
        """
        number += self._first_turn
        for peer in list(self.peers.values()):
            if peer.turn % ADAPT_TURNS == number % ADAPT_TURNS and peer.subscribing is not None:
                peer.subscribing.link.watch(now)
                peer.subscribing.adapt(now)
            if peer.turn % MEASURE_TURNS == number % MEASURE_TURNS:
                await self._measure(peer, now)
        if number % ADAPT_TURNS == 0:
            self._send_speakers(now)
            self.demand(now)

    async def _measure(self, peer: Peer, now: float) -> None:
        """Take stock of one peer's last second; let go of one that has gone for good."""
        if peer.subscribing is not None and peer.subscribing.transport.state == "connected":
            peer.subscribing.measure(now)
        peer.send_quality(now)
        for part in (peer.publishing, peer.subscribing):
            if part is not None and part.transport.silent(now):
                await part.transport.close()
        if peer.lost_at is not None and now - peer.lost_at > GRACE_SECONDS:
            await self.leave(peer, "lost")

    def _send_speakers(self, now: float) -> None:
        voices = [producer for producer in self.producers() if producer.kind == "audio"]
        for producer in voices:
            producer.measure_loudness(now)
        loud = [producer for producer in voices if producer.spoke_at and now - producer.spoke_at < SPEAKING_SECONDS]
        loud = sorted(loud, key=lambda one: -one.loudness)[:SPEAKERS]
        spoke = {producer.peer for producer in loud}
        if spoke != self._spoke:
            self._spoke = spoke
            peers = [{"peer": producer.peer, "level": round(producer.loudness)} for producer in loud]
            self._broadcast({"type": "speakers", "peers": peers})
        if len(voices) > HEARD and self._choose_heard(now):
            self._later()

    def _choose_heard(self, now: float) -> bool:
        """Choose whose voices are forwarded; return whether that changed. Who spoke last stays, ties by order."""
        voices = [producer for producer in self.producers() if producer.kind == "audio"]
        heard = set(sorted(voices, key=lambda one: -one.spoke_at)[:HEARD])
        changed = False
        for producer in voices:
            audible = producer in heard
            changed = changed or producer.audible != audible
            producer.audible = audible
        return changed

    def demand(self, now: float) -> None:
        """Tell publishers which encodings somebody can use."""
        for peer in self.peers.values():
            for producer in peer.producers():
                if producer.kind != "video":
                    continue
                rids = producer.demand(self._most(producer), now)
                if rids is not None:
                    peer.send({"type": "demand", "producer": producer.id, "rids": rids})

    def _most(self, producer: Producer) -> int:
        """Return the highest encoding of `producer` that anybody's tile, or the recording, can use."""
        options = len(producer.rids) or 1
        if self.recorder is not None and producer in self.recorder:
            return options - 1
        most = -1
        for position, other in enumerate(self.peers.values()):
            if other.id != producer.peer and other.subscribing is not None:
                most = max(most, most_for(other.subscribing.height(producer, position), options))
        return most

    # -- control ---------------------------------------------------------------------------------------------------

    async def close(self, reason: str) -> None:
        """End the room for everybody."""
        for peer in list(self.peers.values()):
            peer.send({"type": "kicked", "reason": reason})
            await self.leave(peer, "kicked")
        await self.stop_recording()

    async def kick(self, id: str, reason: str) -> None:
        """Remove one peer; raise PeerError(unknown_peer) if it is not there."""
        peer = self.peers.get(id)
        if peer is None:
            raise PeerError(ErrorCode.UNKNOWN_PEER)
        peer.send({"type": "kicked", "reason": reason})
        await self.leave(peer, "kicked")

    def start_recording(self, recorder: Recorder) -> None:
        """Record everybody who agreed, from now on."""
        self.recorder = recorder
        for peer in self.peers.values():
            for producer in peer.producers():
                self._record(peer, producer)
        self._broadcast({"type": "recording", "on": True})
        self.demand(time.monotonic())

    async def stop_recording(self) -> list[str]:
        """End the recording; return the names of its files once they are complete."""
        recorder, self.recorder = self.recorder, None
        if recorder is None:
            return []
        self._broadcast({"type": "recording", "on": False})
        return await recorder.close()

    async def recording_failed(self) -> None:
        """The disk refused: end the recording, tell everybody, let the call go on."""
        await self.stop_recording()
        self._broadcast(error_message(ErrorCode.RECORDING_FAILED))

    def rights_changed(self, peer: Peer) -> None:
        """Record what a peer now agreed to, and nothing of one that no longer does."""
        for producer in peer.producers():
            if self.recorder is not None and "record" not in peer.rights:
                self.recorder.drop(producer)
            else:
                self._record(peer, producer)

    def _record(self, peer: Peer, producer: Producer) -> None:
        """Record what a peer publishes, if a recording runs and the peer agreed; say so when its format cannot be kept."""
        if self.recorder is not None and not self.recorder.take_up(producer, allowed="record" in peer.rights):
            peer.send(error_message(ErrorCode.RECORDING_FORMAT))

    def stats(self) -> dict[str, Any]:
        """Return numbers for the product: per peer what it sends and gets."""
        return {
            "room": self.id,
            "recording": self.recorder is not None,
            "peers": [
                {
                    "peer": peer.id,
                    "present": peer.lost_at is None,
                    "producers": [one.describe() | _layers(one) for one in peer.producers()],
                    "up": peer.publishing.quality() if peer.publishing else None,
                    "down": peer.subscribing.link.quality() if peer.subscribing else None,
                    "repair": peer.subscribing.link.repairs() if peer.subscribing else None,
                    "slots": len(peer.subscribing.slots) if peer.subscribing else 0,
                }
                for peer in self.peers.values()
            ],
        }


def _layers(producer: Producer) -> dict[str, Any]:
    return {
        "codec": producer.codec,
        "layers": {
            layer.rid: {
                "packets": layer.packets,
                "kbps": round(layer.kbps),
                "followers": len(layer.followers),
                "missed": layer.asked,
                "repaired": layer.repaired,
                "given_up": layer.unrepaired,
                "keys_asked": layer.keys_asked,
            }
            for layer in producer.layers.values()
        },
    }


assert RIDS == ("q", "h", "f")  # most_for() and the heights in it go by this order
