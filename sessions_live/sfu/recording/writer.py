"""The thread that writes: packets to frames, frames to files, and the timeline beside them."""

import json
import logging
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

from av.error import FFmpegError

from .tap import Packet, Tap
from .webm import Segment

logger = logging.getLogger(__name__)

TIMELINE = "timeline.json"


class Writer(threading.Thread):
    """Reads `packets` until None. `failed` is called, in this thread, when a file cannot be written."""

    def __init__(self, folder: Path, packets: "queue.SimpleQueue[Packet | None]", failed: Callable[[], object]) -> None:
        super().__init__(name="recording", daemon=True)
        self._folder = folder
        self._queue = packets
        self._failed = failed
        self._broken = False
        self._segments: dict[str, Segment] = {}  # by holder
        self._timeline: list[Segment] = []
        self._files = 0
        self._clock = time.time() - time.monotonic()

    def run(self) -> None:
        while (packet := self._queue.get()) is not None:
            if not self._broken:
                self._guarded(lambda packet=packet: self._take(packet))  # type: ignore[misc]
        for segment in list(self._segments.values()):
            self._guarded(lambda segment=segment: self._finish(segment))  # type: ignore[misc]

    def names(self) -> list[str]:
        """Return the files that hold something, and the timeline."""
        files = [segment.path.name for segment in self._timeline if segment.began]
        return [*files, TIMELINE] if (self._folder / TIMELINE).exists() else files

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do it; a full or broken disk ends the recording, never the call."""
        try:
            work()
        except (OSError, FFmpegError):
            logger.exception("The recording could not be written.")
            if not self._broken:
                self._broken = True
                self._failed()

    def _take(self, packet: Packet) -> None:
        tap = packet.tap
        if packet.layer is not None:
            segment = self._segments.get(tap.holder)
            if segment is not None and segment.has(tap):
                before = segment.began
                segment.take(packet)
                if segment.began != before:
                    self._save()
            return
        present = self._segments.pop(tap.holder, None)
        others = [one for one in present.taps if one is not tap] if present else []
        if present is not None:
            self._finish(present)
        taps = [*others, tap] if packet.payload == b"begin" else others
        if taps:
            self._begin(taps)

    def _new_path(self) -> Path:
        self._files += 1
        return self._folder / f"{self._files:03d}.webm"

    def _begin(self, taps: list[Tap]) -> None:
        segment = Segment(self._new_path, taps, self._clock)
        self._segments[taps[0].holder] = segment
        self._timeline.append(segment)

    def _finish(self, segment: Segment) -> None:
        segment.close()
        if segment.began:
            self._save()
        else:
            self._timeline.remove(segment)

    def _save(self) -> None:
        """Write the timeline anew, whole or not at all."""
        body = {"version": 1, "files": [segment.describe() for segment in self._timeline if segment.began]}
        draft = self._folder / f".{TIMELINE}"
        draft.write_text(json.dumps(body, indent=1))
        draft.replace(self._folder / TIMELINE)
