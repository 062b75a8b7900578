"""One UDP port for all transports of a worker, and the ICE-lite agent that answers on it.

A datagram creates state only when it is a connectivity check whose MESSAGE-INTEGRITY fits a user fragment that we
handed out. Everything else is dropped unless its source address passed such a check: no foreign DTLS hello, no
empty datagram and no noise ever reaches OpenSSL or a peer (ASVS 17.2.3, 17.2.4, 17.2.6).
"""

import asyncio
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress

from aioice import stun

from .addresses import Address
from .fanout import flush
from .limits import Bucket
from .private import RX_VIEW

BATCH = 64  # datagrams per wake-up, so that timers and signalling get their turn
KERNEL_BUFFER = 4 << 20
MAX_ADDRESSES = 8  # remembered per transport; a browser checks from a handful
MAX_FRAGMENTS = 3  # current, and two before it, because old checks are still under way after a restart
MAX_QUEUE = 64  # DTLS datagrams waiting for a handshake
STUN_PER_SECOND = 3000


class UdpPort:
    """The socket of a worker. `ips` are the addresses that clients are told."""

    def __init__(self, host: str, port: int, ips: list[str]) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self.socket.setsockopt(socket.SOL_SOCKET, option, KERNEL_BUFFER)
        self.socket.bind((host, port))
        self.socket.setblocking(False)
        self.number: int = self.socket.getsockname()[1]
        self.ips = ips
        self.by_fragment: dict[str, LiteIce] = {}
        self.by_address: dict[Address, LiteIce] = {}
        self.dropped = 0
        self.received = 0
        self._checks = Bucket(rate=STUN_PER_SECOND, burst=STUN_PER_SECOND)

    def open(self) -> None:
        """Begin to read, on the running loop."""
        asyncio.get_running_loop().add_reader(self.socket.fileno(), self._readable)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.socket.fileno())
        self.socket.close()

    def _readable(self) -> None:
        receive = self.socket.recvfrom_into
        for _ in range(BATCH):
            try:
                size, address = receive(RX_VIEW)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:  # an ICMP error of some earlier send; says nothing about the next datagram
                continue
            self.received += 1
            self._datagram(size, address)
        flush()

    def _datagram(self, size: int, address: Address) -> None:
        """Route the datagram that lies in RX_VIEW (RFC 7983: 0–3 STUN, 20–63 DTLS, 128–191 RTP and RTCP)."""
        if size < 12:
            self.dropped += 1
            return
        first = RX_VIEW[0]
        ice = self.by_address.get(address)
        if ice is not None and 127 < first < 192:
            ice.on_media(size)
        elif first < 4:
            if not self._check(bytes(RX_VIEW[:size]), address):
                self.dropped += 1
        elif ice is not None and 19 < first < 64:
            ice.queue(bytes(RX_VIEW[:size]))
        else:
            self.dropped += 1

    def _check(self, datagram: bytes, address: Address) -> bool:
        """Answer a connectivity check; return whether it was a good one."""
        if address not in self.by_address and not self._checks.take(time.monotonic()):
            return False
        try:
            message = stun.parse_message(datagram)
            fragment = message.attributes["USERNAME"].partition(":")[0]
        except (ValueError, KeyError, IndexError, OverflowError):
            return False
        ice = self.by_fragment.get(fragment)
        if ice is None or message.message_class != stun.Class.REQUEST or message.message_method != stun.Method.BINDING:
            return False
        password = ice.passwords[fragment].encode()
        if not message.check_message_integrity(password):
            return False
        reply = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, message.transaction_id)
        reply.attributes["XOR-MAPPED-ADDRESS"] = address[:2]
        reply.add_message_integrity(password)
        self.send(bytes(reply), address)
        ice.checked(address, nominated="USE-CANDIDATE" in message.attributes)
        return True

    def send(self, datagram: bytes | memoryview, address: Address | None) -> None:
        if address is None:
            return
        with suppress(OSError):  # a full buffer or a vanished route loses a packet, as networks do
            self.socket.sendto(datagram, address)


class LiteIce:
    """The ICE-lite agent of one transport; also the `Datagrams` below its DTLS."""

    role = "controlled"

    def __init__(
        self, port: UdpPort, on_media: Callable[[int], None], on_move: Callable[[Address | None], None]
    ) -> None:
        self.port = port
        self.on_media = on_media  # called with the size of an RTP or RTCP packet that lies in RX_VIEW
        self.on_move = on_move  # called with the address that is sent to from now on
        self.passwords: dict[str, str] = {}
        self.address: Address | None = None
        self.seen = time.monotonic()
        self.up = asyncio.Event()
        self.moves = 0
        self._addresses: list[Address] = []
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.restart()

    def restart(self) -> None:
        """Make new credentials (ICE restart); checks with recent ones stay good until the new ones are in use."""
        self.fragment, password = secrets.token_hex(4), secrets.token_hex(16)
        self.passwords[self.fragment] = password
        self.port.by_fragment[self.fragment] = self
        while len(self.passwords) > MAX_FRAGMENTS:
            oldest = next(iter(self.passwords))
            del self.passwords[oldest], self.port.by_fragment[oldest]

    @property
    def password(self) -> str:
        return self.passwords[self.fragment]

    def checked(self, address: Address, *, nominated: bool) -> None:
        """Note an authenticated check; follow the client to a newly nominated address."""
        self.seen = time.monotonic()
        if address not in self._addresses:
            # Because two transports behind one address and port cannot both be meant: the later check wins.
            self._addresses.append(address)
            if len(self._addresses) > MAX_ADDRESSES:
                self._forget(self._addresses.pop(0))
        self.port.by_address[address] = self
        if self.address is None or (nominated and self.address != address):
            self.moves += self.address is not None
            self.address = address
            self.on_move(address)
            self.up.set()

    def _forget(self, address: Address) -> None:
        if self.port.by_address.get(address) is self and address != self.address:
            del self.port.by_address[address]

    def queue(self, datagram: bytes) -> None:
        """Hand a DTLS datagram to the handshake; more than it can take are dropped."""
        if self._inbox.qsize() < MAX_QUEUE:
            self._inbox.put_nowait(datagram)

    async def _recv(self) -> bytes:
        datagram = await self._inbox.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def _send(self, data: bytes) -> None:
        self.port.send(data, self.address)

    def close(self) -> None:
        """Forget everything about this transport and end its reader."""
        self._inbox.put_nowait(None)
        for fragment in self.passwords:
            self.port.by_fragment.pop(fragment, None)
        self.address = None
        self.on_move(None)
        for address in self._addresses:
            self._forget(address)
