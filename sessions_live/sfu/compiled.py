"""The compiled fan-out (fanout.c), if it was built: loading it, and handing it the packets that wait."""

import ctypes
import logging
import struct
import sys
from pathlib import Path
from typing import Any

from .build import built
from .copies import Copies, Copy, Incoming, Route
from .private import PROTECT_ADDRESS, SIZE
from .rtp import START

logger = logging.getLogger(__name__)

MOST = 16  # packets that leave together
HEAD = struct.Struct("=ihh")  # `packet` of fanout.c before its bytes: size, picture id, TL0PICIDX
PACKET = HEAD.size + SIZE


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
        self._layer: Incoming | None = None
        self._count = 0

    def slot(self, layer: Incoming, size: int, picture: int, tl0: int) -> memoryview:
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
