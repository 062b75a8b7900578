"""Where a room lives: the one worker of a small installation, or the one whose lease in Valkey says so."""

import asyncio
import json
from typing import Protocol
from weakref import WeakKeyDictionary

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sessions_live.sfu.errors import ErrorCode

from .engine import EngineError

ROOM = "media:room:"
WORKER = "media:worker:*"
FULL = 0.6  # of a core


class Workers(Protocol):
    """Finds control addresses (`host:port`)."""

    async def address_of(self, room: str) -> str:
        """Return where `room` lives, or where it best would; raise EngineError."""

    async def remember(self, room: str, reach: str) -> None:
        """Note that `room` was opened there."""


class OneWorker:
    """One worker at a known address."""

    def __init__(self, reach: str) -> None:
        self._reach = reach

    async def address_of(self, room: str) -> str:
        return self._reach

    async def remember(self, room: str, reach: str) -> None:
        """There is no other."""


class LeasedWorkers:
    """Reads the leases and heartbeats that workers keep; asks again whenever a room is to be found."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()
        self._known: dict[str, str] = {}

    async def address_of(self, room: str) -> str:
        try:
            return str(await self._valkey.get(ROOM + room) or await self._freest())
        except (RedisError, OSError) as error:
            if room in self._known:
                return self._known[room]  # because running rooms go on while Valkey is away
            raise EngineError(ErrorCode.UNREACHABLE, "the leases cannot be read") from error

    async def remember(self, room: str, reach: str) -> None:
        self._known[room] = reach

    @property
    def _valkey(self) -> Redis:
        """One client for each loop, because connections belong to the loop that opened them, and one process may run several in turn."""
        loop = asyncio.get_running_loop()
        found = self._clients.get(loop)
        if found is None:
            found = Redis.from_url(self._url, decode_responses=True, socket_timeout=2, socket_connect_timeout=2)
            self._clients[loop] = found
        return found

    async def _freest(self) -> str:
        keys = [key async for key in self._valkey.scan_iter(WORKER)]
        beats = [json.loads(beat) for beat in await self._valkey.mget(keys) if beat] if keys else []
        usable = [beat for beat in beats if not beat["draining"] and beat["cpu"] < FULL]
        if not usable:
            raise EngineError(ErrorCode.WORKER_FULL, "all workers are busy")
        best: str = min(usable, key=lambda beat: (round(beat["cpu"], 1), beat["peers"]))["reach"]
        return best
