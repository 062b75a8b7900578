"""Which worker a room belongs to: a lease in Valkey, renewed every 2 s; without Valkey there is only one worker."""

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from .errors import ErrorCode, PeerError
from .room import Room

logger = logging.getLogger(__name__)

ROOM = "media:room:"
WORKER = "media:worker:"
RENEW_SECONDS = 2.0
TTL = 6  # seconds

# Because looking and then setting would let two workers take one room.
_RENEW = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('expire', KEYS[1], ARGV[2]) end " \
         "return redis.call('set', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) and 1 or 0"  # fmt: skip
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


class LeaseHolder(Protocol):
    """What leases need of the worker that holds them."""

    @property
    def rooms(self) -> Mapping[str, Room]: ...
    def stats(self) -> dict[str, Any]: ...
    async def close_room(self, room: Room, reason: str) -> None: ...


class Leases(Protocol):
    """Where rooms are pinned to workers."""

    async def start(self, worker: LeaseHolder) -> None: ...
    async def claim(self, room: str) -> None: ...
    async def release(self, room: str) -> None: ...
    async def stop(self) -> None: ...


class NoLeases:
    """The only worker there is."""

    async def start(self, worker: LeaseHolder) -> None:
        """Nothing to announce."""

    async def claim(self, room: str) -> None:
        """Every room is ours."""

    async def release(self, room: str) -> None:
        """Nobody else waits for it."""

    async def stop(self) -> None:
        """Nothing to end."""


class ValkeyLeases:
    """Leases by `SET NX EX`, and a heartbeat with this worker's address and load, from which new rooms are placed.

    While Valkey is away, running rooms go on and new ones are refused: their worker could not be agreed upon.
    """

    def __init__(self, url: str, *, name: str, reach: str) -> None:
        self._valkey: Redis = Redis.from_url(url, decode_responses=True, socket_timeout=2, socket_connect_timeout=2)
        self._reach = reach
        self._name = name
        self._renewal: asyncio.Task[None] | None = None

    async def start(self, worker: LeaseHolder) -> None:
        self._worker = worker
        try:
            await self._beat()
        except (RedisError, OSError):
            logger.warning("Valkey is away; no room can be opened until it is back.")
        self._renewal = asyncio.create_task(self._renew())

    async def stop(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()
        try:
            await self._valkey.delete(WORKER + self._name)
        except RedisError:
            logger.warning("Valkey is away; this worker's heartbeat will expire by itself.")
        await self._valkey.aclose()

    async def claim(self, room: str) -> None:
        """Take the lease of `room`; raise PeerError(wrong_worker) if another worker has it."""
        try:
            mine = await self._valkey.eval(_RENEW, 1, ROOM + room, self._reach, TTL)
        except (RedisError, OSError):
            raise PeerError(ErrorCode.WORKER_FULL, "Valkey is away") from None
        if not mine:
            raise PeerError(ErrorCode.WRONG_WORKER)

    async def release(self, room: str) -> None:
        try:
            await self._valkey.eval(_RELEASE, 1, ROOM + room, self._reach)
        except (RedisError, OSError):
            logger.warning("Valkey is away; a lease will expire by itself.")

    async def _beat(self) -> None:
        """Say that this worker lives, where, and how busy it is."""
        stats = self._worker.stats()
        beat = {key: stats[key] for key in ("cpu", "rooms", "peers", "draining")} | {"reach": self._reach}
        await self._valkey.set(WORKER + self._name, json.dumps(beat), ex=TTL)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                await self._beat()
                for room in list(self._worker.rooms.values()):
                    if not await self._valkey.eval(_RENEW, 1, ROOM + room.id, self._reach, TTL):
                        logger.warning("A room's lease was lost; its people are told to rejoin.")
                        await self._worker.close_room(room, "rejoin")
            except (RedisError, OSError):
                logger.warning("Valkey is away; running rooms go on.")
