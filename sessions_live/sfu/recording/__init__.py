"""Recording without decoding: packets go to WebM files, one per participant, written by a thread of its own.

Only peers with the right `record` are written. A participant who begins to publish something more gets a next file,
because the tracks of a file are fixed when it begins; `timeline.json` says which file is whose, and when.
"""

import asyncio
import queue
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ..producer import Producer
from .frames import FORMATS
from .tap import Packet, Tap
from .writer import Writer

RECORDABLE = ("opus", *FORMATS)


class Recorder:
    """Records into `folder`, which must be new (raises OSError); `failed` is told once, on the loop, when the disk refuses."""

    def __init__(self, folder: Path, *, failed: Callable[[], None] = lambda: None) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self._packets: queue.SimpleQueue[Packet | None] = queue.SimpleQueue()
        self._taps: dict[str, Tap] = {}
        loop = asyncio.get_running_loop()
        self._writer = Writer(folder, self._packets, partial(loop.call_soon_threadsafe, failed))
        self._writer.start()

    def __contains__(self, producer: Producer) -> bool:
        return producer.id in self._taps

    def take_up(self, producer: Producer, *, allowed: bool) -> bool:
        """Record `producer` from now on if its peer agreed; return whether its format can be kept."""
        if allowed and producer.codec not in RECORDABLE:
            return False
        if not allowed or producer.id in self._taps:
            return True
        holder = f"{producer.peer} {'screen' if producer.source.startswith('screen') else 'person'}"
        tap = self._taps[producer.id] = Tap(producer, holder, self._packets)
        self._packets.put(Packet(tap, None, 0, 0, 0, b"begin", time.monotonic()))
        producer.sinks.append(tap)
        for layer in producer.layers.values():
            layer.request_key(time.monotonic())
        return True

    def drop(self, producer: Producer) -> None:
        """End the recording of `producer`."""
        tap = self._taps.pop(producer.id, None)
        if tap is not None:
            producer.sinks.remove(tap)
            self._packets.put(Packet(tap, None, 0, 0, 0, b"end", time.monotonic()))

    async def close(self) -> list[str]:
        """End everything; return the names of the files once they are complete."""
        for tap in list(self._taps.values()):
            self.drop(tap.producer)
        self._packets.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._writer.join)
        return self._writer.names()
