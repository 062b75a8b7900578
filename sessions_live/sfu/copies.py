"""Who gets copies of a packet: what forwarding needs of streams and transports, and the tables that fanout.c works from."""

import ctypes
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from .addresses import Address, pack_address


class Connection(Protocol):
    """What forwarding needs of a transport."""

    errors: int
    state: str
    tag: int  # bytes by which encrypting makes a packet longer
    tx: Any

    @property
    def route(self) -> "Route": ...
    @property
    def ice(self) -> "Destination": ...
    @property
    def port(self) -> "Sender": ...


class Destination(Protocol):
    """What forwarding needs of an ICE agent: where the browser is at present."""

    address: Address | None


class Sender(Protocol):
    """What forwarding needs of a UDP port."""

    def send(self, datagram: bytes | memoryview, address: Address | None) -> None: ...


class Outgoing(Protocol):
    """What forwarding needs of a consumer: its kind and SSRC, and what it adds to the numbers of the layer that it follows."""

    ssrc: int
    seq_off: int
    ts_off: int
    pid_off: int
    tl0_off: int
    rewrites: bool
    start_seq: int

    @property
    def kind(self) -> str: ...
    @property
    def transport(self) -> Connection: ...


class Incoming(Protocol):
    """What forwarding needs of a layer: its format, its socket and its followers."""

    copies: "Copies | None"
    descriptor: int
    payload_type: int
    sent: int
    sent_octets: int

    @property
    def kind(self) -> str: ...
    @property
    def codec(self) -> str: ...
    @property
    def send(self) -> Callable[[Any, Any], int]: ...
    @property
    def followers(self) -> Sequence[Outgoing]: ...


class Route(ctypes.Structure):
    """`route` of fanout.c: where one connection's copies go."""

    _fields_ = (
        ("session", ctypes.c_void_p),
        ("address_size", ctypes.c_uint32),
        ("failed", ctypes.c_uint32),
        ("address", ctypes.c_uint8 * 32),
    )

    def lead(self, address: Address | None) -> None:
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

    def __init__(self, consumers: Sequence[Outgoing]) -> None:
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
