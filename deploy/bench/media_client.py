"""A browser made of packets: speaks the live protocol, ICE, DTLS and SRTP, and publishes what it is told to.

For the media server's tests and benchmarks, where a real browser would be too slow, too kind, or too many.
"""

import asyncio
import random
import secrets
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import pylibsrtp
from aioice import stun
from aiortc import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters

from sessions_live.media.stream import WorkerStream
from sessions_live.sfu import private, rtp, sdp
from sessions_live.sfu.limits import Bucket
from sessions_live.sfu.tokens import peer_token
from sessions_live.sfu.worker import JOINS_PER_SECOND

# A worker takes so many joins a second and refuses the rest, so that a machine which is faster than that has to wait.
_paces: dict[str, Bucket] = {}

CERTIFICATE = RTCCertificate.generateCertificate()
EVERYTHING = frozenset({"audio", "video", "screen", "subscribe", "data", "record"})
IDS = {rtp.MID: 1, rtp.RID: 2, rtp.REPAIRED: 3, rtp.TRANSPORT: 4, rtp.LEVEL: 5, rtp.SENT_AT: 6}
AUDIO_TYPE, VIDEO_TYPE, RTX_TYPE = 111, 96, 97
Message = dict[str, Any]


class Wire:
    """One connection: a UDP socket, the ICE client on it, DTLS and SRTP. Also the `Datagrams` below its DTLS."""

    role = "controlling"

    def __init__(self, host: str = "127.0.0.1", *, profiles: int = 0) -> None:
        """`host` is the address to send from; `profiles` leaves out that many of the best SRTP profiles."""
        self.host = host
        self.profiles = profiles
        self.controlling = True  # until an agent that is not lite offers to us
        self.fragment, self.password = secrets.token_hex(4), secrets.token_hex(12)
        self.on_rtp: Callable[[bytes], None] = lambda packet: None
        self.on_rtcp: Callable[[bytes], None] = lambda compound: None
        self.connected = False
        self.foreign = 0  # packets that were not for us
        self.muted_out = False  # an outage: nothing leaves
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._answered: asyncio.Event = asyncio.Event()
        self._open_socket()

    def _open_socket(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind((self.host, 0))
        self.socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self.socket.fileno(), self._readable)

    def move(self) -> None:
        """Take another address, as a phone that leaves the Wi-Fi."""
        asyncio.get_running_loop().remove_reader(self.socket.fileno())
        self.socket.close()
        self._open_socket()

    async def connect(self, description: sdp.Description) -> None:
        """Connect to what the server described; raise TimeoutError."""
        self._remote(description)
        self._task = asyncio.create_task(self._check())
        async with asyncio.timeout(10):
            await self._answered.wait()
            self.dtls = private.dtls_over(self, CERTIFICATE, server=description.setup == "active")
            self.dtls._srtp_profiles = self.dtls._srtp_profiles[self.profiles :]
            algorithm, _, value = description.fingerprint.partition(" ")
            await self.dtls.start(RTCDtlsParameters([RTCDtlsFingerprint(algorithm, value)]))
        if self.dtls.state != "connected":
            raise ConnectionError(f"DTLS is {self.dtls.state}")
        self._sessions = private.sessions(self.dtls)
        self.connected = True

    def _remote(self, description: sdp.Description) -> None:
        section = description.sections[0]
        self.remote_fragment, self.remote_password = section.first("ice-ufrag"), section.first("ice-pwd")
        candidates = [text.split(" ") for text in section.all("candidate")]
        parts = next(parts for parts in candidates if parts[2].lower() == "udp" and ":" not in parts[4])
        self.remote = (parts[4], int(parts[5]))

    async def _check(self) -> None:
        while True:
            self.check()
            await asyncio.sleep(2.0 if self._answered.is_set() else 0.1)

    def check(self, *, password: str | None = None) -> None:
        """Send a connectivity check that nominates this address."""
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{self.remote_fragment}:{self.fragment}"
        request.attributes["PRIORITY"] = 1
        request.attributes["ICE-CONTROLLING" if self.controlling else "ICE-CONTROLLED"] = 1
        if self.controlling:
            request.attributes["USE-CANDIDATE"] = None
        request.add_message_integrity((password or self.remote_password).encode())
        self.raw(bytes(request))

    def raw(self, datagram: bytes) -> None:
        if not self.muted_out:
            self.socket.sendto(datagram, self.remote)

    def _readable(self) -> None:
        for _ in range(64):
            try:
                datagram = self.socket.recv(2048)
            except OSError:
                return
            first = datagram[0]
            if first < 4:
                self._stun(datagram)
            elif first < 64:
                self._inbox.put_nowait(datagram)
            elif self.connected:
                self._media(datagram)

    def _stun(self, datagram: bytes) -> None:
        """Note an answer; answer a check, as agents that are not lite want it."""
        message = stun.parse_message(datagram)
        if message.message_class == stun.Class.RESPONSE:
            self._answered.set()
        elif message.message_class == stun.Class.REQUEST:
            reply = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, message.transaction_id)
            reply.attributes["XOR-MAPPED-ADDRESS"] = self.remote
            reply.add_message_integrity(self.password.encode())
            self.raw(bytes(reply))

    def _media(self, datagram: bytes) -> None:
        """Decrypt and hand on. What does not authenticate is dropped, as SRTP has it.

        Because the kernel may give us the port of a client who vanished a moment ago, to whom the server still sends.
        """
        is_rtcp = 192 <= datagram[1] <= 223
        try:
            plain = (self._sessions[0].unprotect_rtcp if is_rtcp else self._sessions[0].unprotect)(datagram)
        except pylibsrtp.Error:
            self.foreign += 1
            return
        (self.on_rtcp if is_rtcp else self.on_rtp)(plain)

    async def _recv(self) -> bytes:
        datagram = await self._inbox.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def _send(self, data: bytes) -> None:
        self.raw(data)

    def send_rtp(self, packet: bytes) -> None:
        self.raw(self._sessions[1].protect(packet))

    def send_rtcp(self, compound: bytes) -> None:
        self.raw(self._sessions[1].protect_rtcp(compound))

    def close(self) -> None:
        if self.socket.fileno() < 0:
            return
        asyncio.get_running_loop().remove_reader(self.socket.fileno())
        self.socket.close()
        self._inbox.put_nowait(None)
        if hasattr(self, "_task"):
            self._task.cancel()


class Sender:
    """One RTP stream with plausible numbers."""

    def __init__(self, wire: Wire, *, mid: str, kind: str, rid: str = "", bind: bool = True) -> None:
        self.wire = wire
        self.kind = kind
        self.ssrc, self.rtx_ssrc = random.getrandbits(31) | 1, random.getrandbits(31) | 1
        self.seq, self.ts = random.getrandbits(16), random.getrandbits(32)
        self.picture = random.getrandbits(15)
        self.keep: dict[int, bytes] = {}
        self.mid, self.rid, self.bind = mid, rid, bind
        self._rtx = 0

    def packet(self, payload: bytes, *, marker: bool = False, level: int = 127, resent: bool = False) -> bytes:
        """Return the next packet with its header extensions."""
        out = bytearray()
        if self.bind:
            out += bytes([IDS[rtp.MID] << 4 | len(self.mid) - 1]) + self.mid.encode()
        if self.rid:
            number = IDS[rtp.REPAIRED if resent else rtp.RID]
            out += bytes([number << 4 | len(self.rid) - 1]) + self.rid.encode()
        if self.kind == "audio":
            out += bytes([IDS[rtp.LEVEL] << 4, level])
        number = getattr(self.wire, "number", 0)
        self.wire.number = number + 1  # type: ignore[attr-defined]
        out += bytes([IDS[rtp.TRANSPORT] << 4 | 1]) + struct.pack("!H", number & 0xFFFF)
        out += bytes(-len(out) % 4)
        kind = RTX_TYPE if resent else VIDEO_TYPE if self.kind == "video" else AUDIO_TYPE
        seq, ssrc = (self._rtx, self.rtx_ssrc) if resent else (self.seq, self.ssrc)
        head = rtp.HEADER.pack(0x90, (0x80 if marker else 0) | kind, seq & 0xFFFF, self.ts & 0xFFFFFFFF, ssrc)
        return head + struct.pack("!HH", 0xBEDE, len(out) // 4) + bytes(out) + payload

    def send(self, payload: bytes, *, marker: bool = False, level: int = 127, lose: bool = False) -> int:
        """Send a payload and return its sequence number; `lose` only pretends to."""
        seq = self.seq & 0xFFFF
        packet = self.packet(payload, marker=marker, level=level)
        self.keep[seq] = payload
        if not lose:
            self.wire.send_rtp(packet)
        self.seq += 1
        return seq

    def resend(self, seq: int) -> None:
        """Send a kept payload again as RTX."""
        self._rtx += 1
        self.wire.send_rtp(self.packet(struct.pack("!H", seq) + self.keep[seq], resent=True))

    def frame(self, *, key: bool = False, parts: int = 1, size: int = 200, lose: tuple[int, ...] = ()) -> None:
        """Send a VP8-shaped frame of `parts` packets, losing those in `lose`, and move time on by 50 ms."""
        self.picture = (self.picture + 1) & 0x7FFF
        tag = b"\x10\x02\x00\x9d\x01\x2a\x80\x02\x68\x01" if key else b"\x11\x02\x00"
        for part in range(parts):
            head = bytes([0x90 if part == 0 else 0x80, 0xC0, 0x80 | self.picture >> 8, self.picture & 0xFF, 7])
            body = (tag if part == 0 else b"") + struct.pack("!d", time.monotonic()) + bytes(size)
            self.send(head + body, marker=part == parts - 1, lose=part in lose)
        self.ts += 4500

    def voice(self, *, level: int = 30) -> None:
        """Send 20 ms of sound; `level` is below full scale."""
        self.send(struct.pack("!d", time.monotonic()) + bytes(70), level=level)
        self.ts += 960


class Client:
    """One peer: signalling, and its two connections."""

    def __init__(self, peer: str, *, host: str = "127.0.0.1", profiles: int = 0) -> None:
        self.peer = peer
        self.host, self.profiles = host, profiles
        self.messages: list[Message] = []
        self.up: Wire | None = None
        self.down: Wire | None = None
        self.senders: dict[str, Sender] = {}
        self.received: list[tuple[int, int, int, int, bytes]] = []  # type, seq, ts, ssrc, payload
        self.rtcp: list[bytes] = []
        self.slots: dict[str, str | None] = {}
        self.lose: Callable[[int, int], bool] = lambda payload_type, seq: False
        self.keep_packets = True
        self.packets = 0

    async def join(self, reach: str, *, secret: str, room: str, rights: frozenset[str] = EVERYTHING,
                   resume: bool = False) -> Message:  # fmt: skip
        """Join and return `joined`."""
        await _turn(reach)
        token = peer_token(secret=secret, room=room, peer=self.peer, rights=rights, now=time.time())
        self.stream = await WorkerStream.open(reach)
        joined = await self.stream.request({"type": "join", "token": token, "resume": resume})
        self._reader = asyncio.create_task(self._read())
        return joined

    async def _read(self) -> None:
        async for message in self.stream:
            self.messages.append(message)
            if message["type"] == "subscribe.offer":
                await self._offered(message)
            elif message["type"] == "subscribe.slots":
                self.slots = {slot["mid"]: slot["producer"] for slot in message["slots"]}

    async def message(self, kind: str, *, after: int = 0, seconds: float = 5.0) -> Message:
        """Return the first message of a kind at or after position `after`; wait for it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for message in self.messages[after:]:
                if message["type"] == kind:
                    return message
                if message["type"] == "error" and message.get("for") == kind.replace("answer", "offer"):
                    raise PermissionError(message["code"])
            await asyncio.sleep(0.01)
        raise AssertionError(f"no {kind} within {seconds} s, only {[one['type'] for one in self.messages[after:]]}")

    async def publish(self, *sources: str, rids: tuple[str, ...] = (), bind: bool = True) -> None:
        """Publish `sources`, the camera with simulcast if `rids` are given."""
        wire, first = (self.up, False) if self.up else (Wire(self.host, profiles=self.profiles), True)
        self.up = wire
        tracks = [{"mid": str(place), "source": source} for place, source in enumerate(sources)]
        for track in tracks:
            self._sender(wire, track, rids, bind)
        after = len(self.messages)
        self.stream.send({"type": "publish.offer", "sdp": self.offer(sources, rids), "tracks": tracks})
        answer = sdp.parse((await self.message("publish.answer", after=after))["sdp"])
        if first:
            await wire.connect(answer)

    def _sender(self, wire: Wire, track: dict[str, str], rids: tuple[str, ...], bind: bool) -> None:
        source = track["source"]
        kind = "video" if source in ("camera", "screen") else "audio"
        for rid in rids if source == "camera" and rids else ("",):
            name = f"{source}-{rid}" if rid else source
            if name not in self.senders:
                self.senders[name] = Sender(wire, mid=track["mid"], kind=kind, rid=rid, bind=bind)

    def offer(self, sources: tuple[str, ...], rids: tuple[str, ...]) -> str:
        """Return an offer as a browser would make it."""
        assert self.up is not None
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        for place, source in enumerate(sources):
            kind = "video" if source in ("camera", "screen") else "audio"
            lines += self._head(self.up, kind, str(place), "sendonly", setup="actpass")
            lines += [f"a=extmap:{number} {uri}" for uri, number in IDS.items() if uri in rtp.FROM_PUBLISHER[kind]]
            if source == "camera" and rids:
                lines += [f"a=rid:{rid} send" for rid in rids] + [f"a=simulcast:send {';'.join(rids)}"]
            elif kind == "video":
                sender = self.senders[source]
                lines += [f"a=ssrc-group:FID {sender.ssrc} {sender.rtx_ssrc}", f"a=ssrc:{sender.ssrc} cname:x"]
        return sdp.text(lines)

    def _head(self, wire: Wire, kind: str, mid: str, direction: str, *, setup: str) -> list[str]:
        types = f"{VIDEO_TYPE} {RTX_TYPE}" if kind == "video" else str(AUDIO_TYPE)
        prints = {entry.algorithm: entry.value for entry in CERTIFICATE.getFingerprints()}
        codec = (
            [
                f"a=rtpmap:{VIDEO_TYPE} VP8/90000",
                f"a=rtpmap:{RTX_TYPE} rtx/90000",
                f"a=fmtp:{RTX_TYPE} apt={VIDEO_TYPE}",
            ]
            if kind == "video"
            else [f"a=rtpmap:{AUDIO_TYPE} opus/48000/2"]
        )
        return [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {types}", "c=IN IP4 0.0.0.0", f"a=mid:{mid}", f"a=ice-ufrag:{wire.fragment}",
            f"a=ice-pwd:{wire.password}", f"a=fingerprint:sha-256 {prints['sha-256']}", f"a=setup:{setup}",
            f"a={direction}", "a=rtcp-mux", *codec,
        ]  # fmt: skip

    async def subscribe(self) -> None:
        """Open the subscribing connection; offers are answered by themselves."""
        self.stream.send({"type": "subscribe.start"})

    async def _offered(self, message: Message) -> None:
        offer = sdp.parse(message["sdp"])
        first = self.down is None
        self.down = self.down or Wire(self.host, profiles=self.profiles)
        answer = self.answer(offer, self.down)
        self.stream.send({"type": "subscribe.answer", "sdp": answer, "version": message["version"]})
        self.down._remote(offer)
        if first:
            self.down.on_rtp, self.down.on_rtcp = self._on_rtp, self.rtcp.append
            await self.down.connect(offer)
        else:
            self.down.check()

    def answer(self, offer: sdp.Description, wire: Wire) -> str:
        """Return the answer to an offer: receive everything."""
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        for section in offer.sections:
            lines += self._head(wire, section.kind, section.mid, "recvonly", setup="active")
        return sdp.text(lines)

    def _on_rtp(self, packet: bytes) -> None:
        flags, kind, seq, ts, ssrc = rtp.HEADER.unpack_from(packet)
        if self.lose(kind & 127, seq):
            return
        self.packets += 1
        if self.keep_packets:
            start = 12 + (4 + int.from_bytes(packet[14:16], "big") * 4 if flags & 0x10 else 0)
            self.received.append((kind, seq, ts, ssrc, packet[start:]))

    def of_type(self, payload_type: int) -> list[tuple[int, int, int, int, bytes]]:
        """Return the received packets of a payload type."""
        return [packet for packet in self.received if packet[0] & 127 == payload_type]

    def close(self) -> None:
        """Vanish without a word."""
        self._reader.cancel()
        self.stream.close()
        for wire in (self.up, self.down):
            if wire is not None:
                wire.close()


async def _turn(reach: str) -> None:
    """Wait until the worker there takes one more join."""
    pace = _paces.setdefault(reach, Bucket(rate=0.8 * JOINS_PER_SECOND, burst=JOINS_PER_SECOND))
    while not pace.take(time.monotonic()):
        await asyncio.sleep(0.01)
