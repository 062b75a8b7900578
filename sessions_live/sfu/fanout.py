"""The hot loop: one packet in, its copies out. Everything that is the same for all copies is written once.

Measured, and the reason for the shape of this code: per copy one pack of ten bytes, one copy of the payload, one
encryption in place, one system call; no object is made and no counter is written (docs/adr/0013-live-media.md).
Where set-up found a C compiler, the loop over the copies is fanout.c's, for packets that were read together at once.
"""

import struct
import time
from collections.abc import Sequence

from . import compiled
from .codecs import vp8_picture, vp8_rewrite
from .copies import Incoming, Outgoing
from .private import LENGTH, SIZE, TX, TX_VIEW, protect
from .rtp import MIDDLE, SEQ, START, TIME, write_extensions

_pack_middle = MIDDLE.pack_into
LONGEST = SIZE - 200  # bytes of payload; room for headers and the authentication tag
OSN = struct.Struct("!H")

_library: compiled.Library | None = None


def choose(mode: str) -> str:
    """Forward by the compiled loop if `mode` is "auto" and it is there, else in Python; return "compiled" or "plain"."""
    global _library
    flush()
    _library = compiled.load() if mode == "auto" else None
    return "plain" if _library is None else "compiled"


def flush() -> None:
    """Send what waits: when no more packets are at hand, and before the followers of a layer change."""
    if _library is not None:
        _library.flush()


def fan_out(layer: Incoming, marker: int, seq: int, ts: int, payload: bytes, level: int, *, late: bool = False) -> None:
    """Send a packet of `layer` to its followers, at the latest at the next `flush`. `marker` is 0x80 or 0.

    A `late` packet goes to those only who followed already when it should have come.
    """
    if len(payload) > LONGEST:
        return
    start = START[layer.kind]
    end = start + len(payload)
    picture = vp8_picture(payload) if layer.codec == "VP8" else None
    library = None if late else _library
    view = TX_VIEW if library is None else library.slot(layer, end, *(picture or (-1, -1)))
    view[0] = 0x90
    view[1] = marker | layer.payload_type
    _pack_middle(view, 2, seq, ts, 0)
    write_extensions(view, layer.kind, level, time.time())
    view[start:end] = payload
    if library is None:
        everybody = layer.followers
        chosen = [one for one in everybody if (seq - one.start_seq) & SEQ < 0x8000] if late else everybody
        _send_plain(layer, chosen, seq, ts, payload, picture)
    layer.sent += 1
    layer.sent_octets += len(payload)


def _send_plain(
    layer: Incoming, followers: Sequence[Outgoing], seq: int, ts: int, payload: bytes, picture: tuple[int, int] | None
) -> None:
    """Send the packet whose head is in TX_VIEW to each of `followers`, with the numbers of each."""
    view, send = TX_VIEW, layer.send
    start = START[layer.kind]
    end = start + len(payload)
    body, short, long = slice(start, end), view[: end + 10], view[: end + 16]
    for consumer in followers:
        _pack_middle(view, 2, (seq + consumer.seq_off) & SEQ, (ts + consumer.ts_off) & TIME, consumer.ssrc)
        view[body] = payload
        if consumer.rewrites and picture is not None:
            _rewrite(consumer, picture, start)
        transport = consumer.transport
        LENGTH[0] = end
        if protect(transport.tx, TX, LENGTH):
            transport.errors += 1
            continue
        try:
            send(long if transport.tag == 16 else short, transport.ice.address)
        except OSError:
            transport.errors += 1


def _rewrite(consumer: Outgoing, picture: tuple[int, int], at: int) -> None:
    """Move VP8's picture ids on by this consumer's offsets, so that a change of layer leaves no gap in them."""
    number, tl0 = picture
    vp8_rewrite(TX_VIEW, at, (number + consumer.pid_off) & 0x7FFF, (tl0 + consumer.tl0_off) & 0xFF if tl0 >= 0 else -1)


def send_one(
    consumer: Outgoing, marker: int, seq: int, ts: int, payload: bytes, *, payload_type: int, ssrc: int
) -> None:
    """Send one packet that is no copy of the moment: a resent one, whose payload begins with its old number."""
    transport = consumer.transport
    start = START[consumer.kind]
    end = start + len(payload)
    if transport.state != "connected" or len(payload) > LONGEST:
        return
    TX_VIEW[0] = 0x90
    TX_VIEW[1] = marker | payload_type
    _pack_middle(TX_VIEW, 2, seq, ts, ssrc)
    write_extensions(TX_VIEW, consumer.kind, 127, time.time())
    TX_VIEW[start:end] = payload
    LENGTH[0] = end
    if protect(transport.tx, TX, LENGTH):
        transport.errors += 1
        return
    transport.port.send(TX_VIEW[: LENGTH[0]], transport.ice.address)
