"""The layer between sockets and processes: publish and subscribe, with a mailbox for each socket that costs little while it is empty."""

import asyncio
import logging

from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer
from channels_redis.utils import _wrap_close

logger = logging.getLogger(__name__)

MOST_LETTERS = 1000  # of one socket that does not read them


class Mailbox:
    """A queue with one reader. asyncio's own holds three kB although nothing is in it, and 2,000 open pages have one each."""

    __slots__ = ("_letters", "_waiting")

    def __init__(self) -> None:
        self._letters: list[bytes] = []
        self._waiting: asyncio.Future[None] | None = None

    def put_nowait(self, letter: bytes) -> None:
        """Add a letter; of a reader who has long stopped reading, the newest are lost."""
        if len(self._letters) >= MOST_LETTERS:
            logger.warning("A socket does not read what it is sent")
            return
        self._letters.append(letter)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def get(self) -> bytes:
        """The oldest letter; waits for one."""
        while not self._letters:
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
        return self._letters.pop(0)


class LoopLayer(RedisPubSubLoopLayer):
    """What one event loop has of the layer."""

    async def _subscribe_to_channel(self, channel: str) -> None:
        self.channels[channel] = Mailbox()
        await self._get_shard(channel).subscribe(channel)


class ChannelLayer(RedisPubSubChannelLayer):
    """The layer of a process: one of each loop."""

    def _get_layer(self) -> LoopLayer:
        loop = asyncio.get_running_loop()
        if loop not in self._layers:
            self._layers[loop] = LoopLayer(*self._args, **self._kwargs, channel_layer=self)
            _wrap_close(self, loop)
        return self._layers[loop]
