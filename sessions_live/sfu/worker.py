"""One media worker: its UDP port, its rooms, its timers, and the decision whether it takes more."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

from . import fanout
from .config import Config
from .errors import ErrorCode, PeerError
from .leases import Leases, NoLeases
from .limits import Bucket
from .messages import Message
from .mux import UdpPort
from .peer import Peer
from .room import Room
from .tokens import Claims, UsedTokens, verify
from .transport import Identity, Transport

logger = logging.getLogger(__name__)

FULL = 0.6  # of a core, averaged; a worker above takes no new rooms
JOINS_PER_SECOND = 40
EMPTY_SECONDS = 30  # after which a room without peers is closed
LAG = 0.05  # seconds of loop lag that are reported
SHED_LAG = 0.25  # mean seconds of lag from which no new rooms are taken
COMPLAIN_SECONDS = 10  # between two reports


class Worker:
    """Everything of one process except its listening sockets for signalling and metrics."""

    def __init__(self, config: Config, leases: Leases | None = None) -> None:
        self.config = config
        self.leases: Leases = leases or NoLeases()
        self.rooms: dict[str, Room] = {}
        self.used = UsedTokens()
        self.draining = False
        self.fanout = "plain"
        self.cpu = 0.0  # share of a core, averaged over about 5 s
        self.lag = self.worst_lag = 0.0
        self.joins = self.refused = 0
        self._complained = 0.0
        self.stopped = asyncio.Event()
        self._joins = Bucket(rate=JOINS_PER_SECOND, burst=JOINS_PER_SECOND * 2)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the UDP port and start the timers."""
        self.fanout = fanout.choose(self.config.fanout)
        self.port = UdpPort(self.config.host, self.config.port, list(self.config.ips))
        self.identity = Identity()
        self.port.open()
        await self.leases.start(self)
        self.spawn(self._run())

    async def stop(self) -> None:
        """End all rooms and close the port; may be called twice."""
        if self.stopped.is_set():
            return
        self.stopped.set()
        for room in list(self.rooms.values()):
            await self.close_room(room, "rejoin")
        for task in list(self._tasks):
            if task is not asyncio.current_task():
                task.cancel()
        await self.leases.stop()
        self.port.close()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside everything else; log what it raises."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A background task failed.", exc_info=error)

    # -- rooms -----------------------------------------------------------------------------------------------------

    def room(self, id: str) -> Room:
        """Return an open room; raise PeerError(unknown_peer) if there is none."""
        if id not in self.rooms:
            raise PeerError(ErrorCode.UNKNOWN_PEER, "room")
        return self.rooms[id]

    async def open_room(self, id: str, *, capacity: int = 100) -> Room:
        """Return the room, made here if it is new; raise PeerError(worker_full | draining | wrong_worker)."""
        if id in self.rooms:
            self.rooms[id].capacity = capacity
            return self.rooms[id]
        if self.draining:
            raise PeerError(ErrorCode.DRAINING)
        if self.cpu > FULL or self.lag > SHED_LAG:
            self.refused += 1
            raise PeerError(ErrorCode.WORKER_FULL)
        await self.leases.claim(id)
        return self.rooms.setdefault(
            id,
            Room(
                id,
                capacity=capacity,
                new_transport=lambda: Transport(self.port, self.identity),
                spawn=self.spawn,
            ),
        )

    async def close_room(self, room: Room, reason: str) -> None:
        """End a room. With reason `rejoin` its people are told to come back, wherever the room will be."""
        if self.rooms.get(room.id) is not room:
            return
        del self.rooms[room.id]
        if reason == "rejoin":
            for peer in room.peers.values():
                peer.send({"type": "rejoin", "reason": "The media server was restarted or the session moved."})
        await room.close(reason)
        await self.leases.release(room.id)

    def peers(self) -> int:
        return sum(len(room.peers) for room in self.rooms.values())

    async def join(self, token: str, *, resume: bool, send: Callable[[Message], None]) -> tuple[Peer, bool]:
        """Let a peer in on a token; return it and whether it was resumed. Raises PeerError."""
        now = time.time()
        claims = verify(self.config.secret, token, now=now, aud="peer")
        self.used.spend(claims, now=now)
        if not self._joins.take(time.monotonic()):
            raise PeerError(ErrorCode.RATE_LIMITED)
        if self.peers() >= self.config.capacity:
            raise PeerError(ErrorCode.WORKER_FULL)
        room = self.rooms.get(claims.room) or await self.open_room(claims.room)
        present = room.peers.get(claims.peer)
        if present is not None and resume:
            return await self._resume(present, claims, send), True
        if present is not None:
            await room.leave(present, "left")
        self.joins += 1
        return room.join(claims.peer, claims.rights, send), False

    async def _resume(self, peer: Peer, claims: Claims, send: Callable[[Message], None]) -> Peer:
        peer.take_over(send)
        if claims.rights != peer.rights:
            await peer.set_rights(claims.rights)
        return peer

    async def drain(self, seconds: float) -> None:
        """Take no new rooms, tell everybody, and stop when empty or after `seconds`."""
        self.draining = True
        for room in self.rooms.values():
            for peer in room.peers.values():
                peer.send({"type": "drain", "seconds": seconds})
        end = time.monotonic() + seconds
        while self.peers() and time.monotonic() < end:
            await asyncio.sleep(0.2)
        await self.stop()

    # -- timers ----------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        """The one clock of the worker: 25 ms feedback, and a share of what is due less often. Also measures its lag."""
        turn = 0
        due = time.monotonic()
        then = (due, time.process_time())
        while not self.stopped.is_set():
            due += 0.025
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            now = time.monotonic()
            self._note_lag(now - due)
            due = max(due, now - 0.1)  # because after a stall the lost turns are not to be made up for
            turn += 1
            for room in list(self.rooms.values()):
                room.feedback(now)
                await room.turn(turn, now)
            if turn % 40 == 0:
                then = await self._take_stock(now, then)

    def _note_lag(self, lag: float) -> None:
        self.lag += (lag - self.lag) / 40
        self.worst_lag = max(self.worst_lag * 0.999, lag)
        now = time.monotonic()
        if lag > LAG and now - self._complained > COMPLAIN_SECONDS:
            self._complained = now
            logger.warning("The loop was late by %d ms.", lag * 1000)

    async def _take_stock(self, now: float, then: tuple[float, float]) -> tuple[float, float]:
        spent = time.process_time()
        self.cpu += ((spent - then[1]) / max(0.001, now - then[0]) - self.cpu) / 5
        self.identity.renew()
        for room in list(self.rooms.values()):
            if room.empty_since is not None and now - room.empty_since > EMPTY_SECONDS:
                await self.close_room(room, "empty")
        return now, spent

    def stats(self) -> dict[str, Any]:
        """Return the worker's numbers, as the metrics endpoint shows them."""
        rooms = list(self.rooms.values())
        producers = [producer for room in rooms for producer in room.producers()]
        layers = [layer for producer in producers for layer in producer.layers.values()]
        return {
            "rooms": len(rooms),
            "peers": self.peers(),
            "producers": len(producers),
            "streams": sum(len(layer.followers) for layer in layers),
            "cpu": round(self.cpu, 4),
            "lag_ms": round(self.lag * 1000, 2),
            "worst_lag_ms": round(self.worst_lag * 1000, 2),
            "datagrams": self.port.received,
            "dropped": self.port.dropped,
            "kbps_in": round(sum(layer.kbps for layer in layers)),
            "kbps_out": round(sum(layer.kbps * len(layer.followers) for layer in layers)),
            "loss": round(max((layer.fraction for layer in layers), default=0.0), 3),
            "joins": self.joins,
            "refused": self.refused,
            "draining": self.draining,
            "compiled": self.fanout == "compiled",
            "recordings": sum(room.recorder is not None for room in rooms),
        }
