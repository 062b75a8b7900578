"""The compiled fan-out (fanout.c), if it was built: loading it, and the tables that it works from."""

import ctypes
import logging
import socket
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .build import built
from .private import PROTECT_ADDRESS, SIZE
from .rtp import START

if TYPE_CHECKING:
    from .consumer import Consumer
    from .layer import Layer
    from .mux import Address

logger = logging.getLogger(__name__)

MOST = 16  # packets that leave together
HEAD = struct.Struct("=ihh")  # `packet` of fanout.c before its bytes: size, picture id, TL0PICIDX
PACKET = HEAD.size + SIZE


class Route(ctypes.Structure):
    """`route` of fanout.c: where one connection's copies go."""

    _fields_ = (
        ("session", ctypes.c_void_p),
        ("address_size", ctypes.c_uint32),
        ("failed", ctypes.c_uint32),
        ("address", ctypes.c_uint8 * 32),
    )

    def lead(self, address: "Address | None") -> None:
        """Send to `address` from now on; to nobody if it is None, which counts as a failure."""
        packed = b"" if address is None else pack_address(address)
        ctypes.memmove(self.address, packed, len(packed))
        self.address_size = len(packed)


class Copy(ctypes.Structure):
    """`copy` of fanout.c: what is added to a layer's numbers for one consumer."""

    _fields_ = (
        ("to", ctypes.POINTER(Route)),
        ("ssrc", ctypes.c_uint32),
        ("ts_off", ctypes.c_uint32),
        ("seq_off", ctypes.c_uint16),
        ("picture_off", ctypes.c_uint16),
        ("tl0_off", ctypes.c_uint8),
        ("rewrites", ctypes.c_uint8),
    )


class Copies:
    """The copies to make of a layer's packets. Made anew when who follows, or with which numbers, changes."""

    __slots__ = ("_kept", "_table", "count", "table")

    def __init__(self, consumers: "list[Consumer]") -> None:
        self._kept = [consumer.transport for consumer in consumers]  # because their routes and sessions die with them
        self.count = len(consumers)
        self._table = (Copy * self.count)()
        self.table = ctypes.addressof(self._table)
        for entry, one in zip(self._table, consumers, strict=True):
            entry.to = ctypes.pointer(one.transport.route)
            entry.ssrc, entry.ts_off, entry.seq_off = one.ssrc, one.ts_off, one.seq_off
            entry.picture_off, entry.tl0_off, entry.rewrites = one.pid_off, one.tl0_off, one.rewrites

    def failures(self) -> None:
        """Move what the routes counted as failed to their transports."""
        for transport in self._kept:
            transport.errors += transport.route.failed
            transport.route.failed = 0


def pack_address(address: "Address") -> bytes:
    """Return `address` as Linux's sockaddr_in or sockaddr_in6."""
    host, port = address[0], address[1]
    if len(address) == 2:
        return struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", port, socket.inet_aton(host))
    packed = socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
    ahead = struct.pack("=H", socket.AF_INET6) + struct.pack("!HI16s", port, address[2], packed)
    return ahead + struct.pack("=I", address[3])


class Library:
    """The loaded file, and the packets that wait to be sent to one layer's followers.

    Packets that arrived together leave together, so that the kernel can take several datagrams in one go; whoever reads
    the socket calls `flush` when it is empty, and whoever changes a layer's followers does so before.
    """

    def __init__(self, path: Path) -> None:
        library = ctypes.CDLL(str(path))
        layout = (ctypes.c_uint32 * 3).in_dll(library, "fan_out_layout")
        if tuple(layout) != (ctypes.sizeof(Route), ctypes.sizeof(Copy), PACKET):
            raise OSError(f"{path.name} has another layout")
        self._send: Any = library.fan_out
        pointer, number = ctypes.c_void_p, ctypes.c_int
        self._send.argtypes = (number, pointer, pointer, number, number, pointer, number)
        self._packets = ctypes.create_string_buffer(MOST * PACKET)
        self._heads = memoryview(self._packets).cast("B")
        self._views = [self._heads[at * PACKET + HEAD.size : (at + 1) * PACKET] for at in range(MOST)]
        self._address = ctypes.addressof(self._packets)
        self._layer: Layer | None = None
        self._count = 0

    def slot(self, layer: "Layer", size: int, picture: int, tl0: int) -> memoryview:
        """Return where to write the next packet of `layer`, `size` bytes long; earlier ones of another leave now."""
        if layer is not self._layer or self._count == MOST:
            self.flush()
            self._layer = layer
        at = self._count
        HEAD.pack_into(self._heads, at * PACKET, size, picture, tl0)
        self._count = at + 1
        return self._views[at]

    def flush(self) -> None:
        """Send what waits."""
        layer, count = self._layer, self._count
        if layer is None or count == 0:
            return
        self._count = 0
        copies = layer.copies
        if copies is None:
            copies = layer.copies = Copies(layer.followers)
        start = START[layer.kind]
        if self._send(layer.descriptor, PROTECT_ADDRESS, self._address, count, start, copies.table, copies.count):
            copies.failures()


def load(path: Path | None = None) -> Library | None:
    """Return the compiled fan-out, or None if it was not built here or does not fit."""
    path = path or built()
    if sys.platform != "linux" or not path.is_file():
        return None
    try:
        return Library(path)
    except (OSError, AttributeError, ValueError) as error:
        logger.warning("The compiled fan-out cannot be used: %s", error)
        return None
