"""One WebM file: the voice and the picture of one participant, as they came over the network."""

import fractions
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
from av.packet import Packet as Block

from ..rtp import CLOCK, TIME
from .frames import FORMATS, Frame, Frames
from .tap import Packet, Tap

MILLISECONDS = fractions.Fraction(1, 1000)
# `live`: clusters can be read without an end; `flush_packets`: what was muxed is on the disk, also after a kill;
# `bitexact`: the file does not tell with what it was made.
OPTIONS = {"live": "1", "flush_packets": "1", "cluster_time_limit": "1000", "fflags": "+bitexact"}
PATIENCE = 8.0  # seconds to wait for a first picture before a file begins with sound only
FAR = 5.0  # seconds between a track and the arrival of its packets from which its RTP times are those of another stream
SLIP = 0.04  # seconds between a track and its sender's clock from which the track is set right


class Track:
    """The timeline of one kind within a file, in seconds since the file began."""

    def __init__(self, kind: str, codec: str) -> None:
        self.kind = kind
        self.frames = Frames(FORMATS.get(codec, FORMATS["VP8"]))  # a voice has none
        self._anchor: tuple[float, int] | None = None  # (wall time, RTP time)
        self._layer: object = None
        self._exact = False
        self.last = -1

    def wall(self, packet: Packet, ts: int) -> float:
        """Return when `ts` happened (monotonic seconds), steady over jitter, in step with the sender's reports."""
        layer = packet.layer
        assert layer is not None
        clock = CLOCK[self.kind]
        capture = layer.capture(ts)
        if self._anchor is None or layer is not self._layer:
            self._anchor, self._layer, self._exact = (packet.now, ts), layer, False
        if capture is not None and not self._exact:
            self._exact = True
            here = self._anchor[0] + self._step(ts) / clock
            there = capture - packet.tap.clock
            if SLIP < abs(there - here) < 2.0:
                self._anchor = (there, ts)
        at = self._anchor[0] + self._step(ts) / clock
        if (
            abs(at - packet.now) > FAR
        ):  # a frame of the encoding before may have set the anchor: their times have nothing in common
            self._anchor, self._exact, at = (packet.now, ts), False, packet.now
        return at

    def _step(self, ts: int) -> int:
        assert self._anchor is not None
        return (ts - self._anchor[1] + 0x80000000 & TIME) - 0x80000000


class Segment:
    """Begins with the first key frame (or the first sound, if there is no picture); `began` is its wall time or 0."""

    def __init__(self, new_path: Callable[[], Path], taps: list[Tap], clock: float) -> None:
        self.path = Path()
        self._new_path = new_path  # names the file when there is something to write
        self.taps = taps
        self.began = 0.0
        self.ended = 0.0
        self._clock = clock
        self._tracks = {tap.producer.kind: Track(tap.producer.kind, tap.producer.codec) for tap in taps}
        self._early: list[tuple[float, bytes]] = []  # sound from before the first picture
        self._container: Any = None
        self._streams: dict[str, Any] = {}
        self._since = 0.0
        for tap in taps:
            tap.clock = clock

    def has(self, tap: Tap) -> bool:
        return tap in self.taps

    def take(self, packet: Packet) -> None:
        """Write what this packet completes."""
        self._since = self._since or packet.now
        track = self._tracks[packet.tap.producer.kind]
        if track.kind == "audio":
            self._sound(track, packet)
            return
        lost = track.frames.lost
        for frame in track.frames.add(packet.seq, packet.marker, packet.ts, packet.payload, packet.now):
            self._picture(track, packet, frame)
        packet.tap.need_key = track.frames.waiting or track.frames.lost > lost

    def _sound(self, track: Track, packet: Packet) -> None:
        at = track.wall(packet, packet.ts)
        if self._container is not None:
            self._write("audio", packet.payload, at, key=True)
        elif "video" not in self._tracks or packet.now - self._since > PATIENCE:
            self._open(at, (0, 0))
            self._write("audio", packet.payload, at, key=True)
        else:
            self._early.append((at, packet.payload))

    def _picture(self, track: Track, packet: Packet, frame: Frame) -> None:
        at = track.wall(packet, frame.ts)
        size = track.frames.format.size(frame.data) if frame.key else None
        if self._container is None:
            if size is None:
                return
            self._open(self._early[0][0] if self._early else at, size)
        if "video" in self._streams:
            self._write("video", frame.data, at, key=frame.key)

    def _open(self, at: float, size: tuple[int, int]) -> None:
        self.path = self._new_path()
        self._container = av.open(str(self.path), "w", format="webm", options=OPTIONS)
        if "video" in self._tracks and size[0]:
            name = self._tracks["video"].frames.format.name
            stream = self._container.add_mux_stream(name, 30, width=size[0], height=size[1])
            stream.time_base = MILLISECONDS
            self._streams["video"] = stream
        if "audio" in self._tracks:
            # Opened only for its header; packets are muxed as they came.
            self._streams["audio"] = self._container.add_stream("libopus", rate=48000, layout="stereo")
        self.began = at
        for early, payload in self._early:
            self._write("audio", payload, early, key=True)
        self._early.clear()

    def _write(self, kind: str, data: bytes, at: float, *, key: bool) -> None:
        track = self._tracks[kind]
        stamp = max(int((at - self.began) * 1000), track.last + 1, 0)
        track.last = stamp
        block = Block(data)
        block.stream = self._streams[kind]
        block.pts = block.dts = stamp
        block.time_base = MILLISECONDS
        block.is_keyframe = key
        self._container.mux(block)
        self.ended = max(self.ended, at)

    def describe(self) -> dict[str, Any]:
        """Return the file's entry in the timeline; times in seconds since 1970."""
        return {
            "file": self.path.name,
            "peer": self.taps[0].producer.peer,
            "what": self.taps[0].holder.rpartition(" ")[2],
            "sources": sorted(tap.producer.source for tap in self.taps),
            "began_at": round(self.began + self._clock, 3),
            "ended_at": round(self.ended + self._clock, 3),
            "gaps": sum(track.frames.lost for track in self._tracks.values()),
        }

    def close(self) -> None:
        """Complete the file."""
        if self._container is not None:
            self._container.close()
            self._container = None
