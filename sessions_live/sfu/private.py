"""Every name of aiortc, aioice and pylibsrtp that their authors did not promise to keep.

The versions are pinned exactly and `tests/sfu/test_private.py` has one contract test per name, so that an upgrade
that changes one of them fails there, by name, and not in a call.
"""

from typing import Any, Protocol

from aiortc import RTCCertificate, RTCDtlsTransport
from pylibsrtp import Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found,unused-ignore]  # compiled, without types

SIZE = 2048  # bytes of a datagram that we are ready to read or write

# Two buffers for the whole process: packets are encrypted and decrypted in place, and one loop does one at a time.
RX = ffi.new("unsigned char[]", SIZE)
RX_VIEW = memoryview(ffi.buffer(RX))
TX = ffi.new("unsigned char[]", SIZE)
TX_VIEW = memoryview(ffi.buffer(TX))
LENGTH = ffi.new("int *")

# int srtp_protect(srtp_t, void *packet, int *length): 0 means done, and *length is the new length.
protect = lib.srtp_protect
protect_rtcp = lib.srtp_protect_rtcp
unprotect = lib.srtp_unprotect
unprotect_rtcp = lib.srtp_unprotect_rtcp

# The same function as a plain number, for code that is not Python (fanout.c).
PROTECT_ADDRESS = int(ffi.cast("uintptr_t", ffi.addressof(lib, "srtp_protect")))


class Datagrams(Protocol):
    """What RTCDtlsTransport asks of the transport below it."""

    role: str

    async def _recv(self) -> bytes: ...
    async def _send(self, data: bytes) -> None: ...


def dtls_over(below: Datagrams, certificate: RTCCertificate, *, server: bool) -> RTCDtlsTransport:
    """Return a DTLS transport over `below` in the given role, not yet started."""
    dtls = RTCDtlsTransport(below, [certificate])  # type: ignore[arg-type]
    dtls._set_role("server" if server else "client")
    return dtls


def sessions(dtls: RTCDtlsTransport) -> tuple[Session, Session]:
    """Return (receiving, sending) SRTP sessions of a connected transport; keep them as long as their pointers."""
    return dtls._rx_srtp, dtls._tx_srtp


def pointer(session: Session) -> Any:
    """Return the `srtp_t` of a session, for the functions above."""
    return session._srtp[0]


def address(session: Session) -> int:
    """Return where the `srtp_t` of a session points, as a number."""
    return int(ffi.cast("uintptr_t", session._srtp[0]))


def profile(dtls: RTCDtlsTransport) -> str:
    """Return the name of the SRTP profile that a connected transport negotiated."""
    name = dtls._ssl.get_selected_srtp_profile() if dtls._ssl else b""
    return (name or b"").decode()
