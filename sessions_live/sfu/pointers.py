"""The data channel for pointers: small, unordered, lossy; handed from one peer to all others of the room."""

import json
import time
from collections.abc import Callable

from aiortc import RTCDataChannel, RTCDtlsTransport, RTCSctpCapabilities, RTCSctpTransport

from .limits import Bucket

LABEL = "pointer"
LONGEST = 1024  # characters
PER_SECOND = 60
SCTP_PORT = 5000
MAX_BUFFERED = 16 * 1024  # bytes waiting for a slow receiver; older pointers are of no use


class Pointers:
    """The pointer channel of one peer; `on_text` gets what it sends."""

    def __init__(self, dtls: RTCDtlsTransport, on_text: Callable[[str], None]) -> None:
        self._sctp = RTCSctpTransport(dtls, SCTP_PORT)
        self._sctp.on("datachannel", self._opened)
        self._channel: RTCDataChannel | None = None
        self._on_text = on_text
        self._bucket = Bucket(rate=PER_SECOND, burst=PER_SECOND)

    async def start(self) -> None:
        await self._sctp.start(RTCSctpCapabilities(maxMessageSize=LONGEST * 4), SCTP_PORT)

    def _opened(self, channel: RTCDataChannel) -> None:
        if channel.label == LABEL and self._channel is None:
            self._channel = channel
            channel.on("message", self._on_message)
        else:
            channel.close()

    def _on_message(self, text: str | bytes) -> None:
        if isinstance(text, str) and len(text) <= LONGEST and self._bucket.take(time.monotonic()):
            self._on_text(text)

    def send(self, peer: str, text: str) -> None:
        """Send what `peer` pointed at, if this receiver keeps up."""
        channel = self._channel
        if channel is not None and channel.readyState == "open" and channel.bufferedAmount < MAX_BUFFERED:
            channel.send(json.dumps({"peer": peer, "data": text}))

    async def stop(self) -> None:
        await self._sctp.stop()
