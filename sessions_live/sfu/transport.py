"""One encrypted connection to one browser: ICE-lite, DTLS, SRTP, over the worker's UDP port."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress

from aiortc import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport

from . import private
from .copies import Route
from .errors import ErrorCode, PeerError
from .mux import LiteIce, UdpPort

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 20
SILENCE_SECONDS = 30  # without an authenticated connectivity check
HANDSHAKE_SECONDS = 10
RENEW_SECONDS = 20 * 86400  # certificates of aiortc live for 30 days


class Identity:
    """The certificate that a worker shows in DTLS, renewed before it expires."""

    def __init__(self) -> None:
        self._made = 0.0
        self.certificate: RTCCertificate
        self.fingerprint: str
        self.renew()

    def renew(self) -> None:
        """Make a new certificate if the present one is old; running transports keep theirs."""
        if time.time() - self._made < RENEW_SECONDS:
            return
        self._made = time.time()
        self.certificate = RTCCertificate.generateCertificate()
        prints = {entry.algorithm: entry.value for entry in self.certificate.getFingerprints()}
        self.fingerprint = f"sha-256 {prints['sha-256']}"


class Transport:
    """`state` goes new → connecting → connected → closed. `on_rtp(size)` gets decrypted packets in private.RX_VIEW."""

    def __init__(self, port: UdpPort, identity: Identity) -> None:
        self.port = port
        self.identity = identity
        self.fingerprint = identity.fingerprint
        self.route = Route()  # for the compiled fan-out
        self.ice = LiteIce(port, self._on_media, self.route.lead)
        self.state = "new"
        self.errors = 0
        self.profile = ""
        self.tag = 16
        self.on_rtp: Callable[[int], None] = lambda size: None
        self.on_rtcp: Callable[[bytes], None] = lambda compound: None
        self.on_state: Callable[[str], None] = lambda state: None
        self.dtls: RTCDtlsTransport | None = None
        self._certificate = identity.certificate
        self._task: asyncio.Task[None] | None = None

    def start(self, fingerprint: tuple[str, str], *, server: bool) -> None:
        """Begin to connect: wait for a check, then shake hands and verify `fingerprint` (algorithm, value)."""
        if self.state != "new":
            return
        self._set("connecting")
        self._task = asyncio.create_task(self._connect(fingerprint, server=server))

    async def _connect(self, fingerprint: tuple[str, str], *, server: bool) -> None:
        dtls = self.dtls = private.dtls_over(self.ice, self._certificate, server=server)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self.ice.up.wait()
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                await dtls.start(RTCDtlsParameters([RTCDtlsFingerprint(*fingerprint)]))
        except TimeoutError:
            logger.info("A transport did not connect in time.")
        if dtls.state != "connected":
            await self.close()
            return
        self.profile = private.profile(dtls)
        self.tag = 16 if "GCM" in self.profile else 10
        self._sessions = private.sessions(dtls)  # kept, because their pointers die with them
        self._rx, self.tx = (private.pointer(session) for session in self._sessions)
        self.route.session = private.address(self._sessions[1])
        dtls.on("statechange", self._dtls_changed)
        self._set("connected")

    def _dtls_changed(self) -> None:
        if self.dtls is not None and self.dtls.state in ("closed", "failed") and self.state == "connected":
            self._task = asyncio.create_task(self.close())

    def _set(self, state: str) -> None:
        self.state = state
        self.on_state(state)

    def _on_media(self, size: int) -> None:
        """Decrypt the packet in RX_VIEW in place and hand it on."""
        if self.state != "connected":
            return
        is_rtcp = 192 <= private.RX_VIEW[1] <= 223
        private.LENGTH[0] = size
        decrypt = private.unprotect_rtcp if is_rtcp else private.unprotect
        if decrypt(self._rx, private.RX, private.LENGTH):
            self.errors += 1
            return
        try:
            if is_rtcp:
                self.on_rtcp(bytes(private.RX_VIEW[: private.LENGTH[0]]))
            else:
                self.on_rtp(private.LENGTH[0])
        except (ValueError, IndexError, ArithmeticError, LookupError):
            # Because a packet that an authenticated browser malformed must cost that packet, not the session.
            self.errors += 1
            if self.errors < 10:
                logger.warning("A malformed packet was dropped.", exc_info=True)

    def send_rtcp(self, compound: bytes) -> None:
        """Encrypt and send RTCP; nothing happens before the transport is connected."""
        size = len(compound)
        if self.state != "connected" or self.ice.address is None or size > 1400:
            return
        private.TX_VIEW[:size] = compound
        private.LENGTH[0] = size
        if private.protect_rtcp(self.tx, private.TX, private.LENGTH) == 0:
            with suppress(OSError):
                self.port.socket.sendto(private.TX_VIEW[: private.LENGTH[0]], self.ice.address)

    def silent(self, now: float) -> bool:
        """Whether the browser has not been heard of for too long (monotonic seconds)."""
        return self.state == "connected" and now - self.ice.seen > SILENCE_SECONDS

    async def close(self) -> None:
        """Say goodbye in DTLS and forget the transport."""
        if self.state == "closed":
            return
        self._set("closed")
        if self.dtls is not None:
            await self.dtls.stop()
        self.ice.close()
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
        self._let_go()

    def _let_go(self) -> None:
        """Break the circles through this transport, because OpenSSL's and libsrtp's memory behind it (some 200 kB) is nothing
        that Python's collector counts: it would wait for thousands of small objects before it frees any.
        """
        self.on_rtp = self.ice.on_media = lambda size: None
        self.on_rtcp = lambda compound: None
        self.on_state = lambda state: None
        if self.dtls is not None:
            self.dtls.remove_all_listeners()
        self.dtls = None


def require_sha(fingerprint: str) -> tuple[str, str]:
    """Return (algorithm, value) of an SDP fingerprint; raise PeerError(bad_sdp) for one that we cannot check."""
    algorithm, _, value = fingerprint.partition(" ")
    if algorithm.lower() not in ("sha-256", "sha-384", "sha-512") or not value:
        raise PeerError(ErrorCode.BAD_SDP, "fingerprint")
    return algorithm.lower(), value.strip()
