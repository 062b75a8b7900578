"""Whether a file holds a virus: asked of clamd, by its own protocol (INSTREAM). Where none is configured, nobody is asked."""

import socket

from django.conf import settings

from core.files.sealing import Readable
from core.kernel.errors import GatewayError

SECONDS = 60
_PIECE = 64 * 1024
_ENOUGH = 4096


def is_configured() -> bool:
    """Whether files are looked through before anybody opens them."""
    return bool(settings.CLAMD_ADDRESS)


def finding_in(content: Readable) -> str:
    """What was found; empty when nothing was. GatewayError when clamd does not answer, or does not take so much: then nothing is known."""
    try:
        with _connected() as clamd:
            answer = _asked(clamd, content)
    except OSError as error:
        raise GatewayError(
            f"the virus scanner does not answer: {error}", permanent=False, code="scanner_away"
        ) from error
    verdict = answer.removeprefix("stream:").strip()
    if verdict == "OK":
        return ""
    if verdict.endswith("FOUND"):
        return verdict.removesuffix("FOUND").strip()[:120] or "?"
    raise GatewayError(f"the virus scanner says: {verdict[:200]}", permanent="limit" in verdict, code="scanner_refuses")


def _connected() -> socket.socket:
    address = settings.CLAMD_ADDRESS
    if address.startswith("/"):
        clamd = socket.socket(socket.AF_UNIX)
        clamd.settimeout(SECONDS)
        clamd.connect(address)
        return clamd
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)


def _asked(clamd: socket.socket, content: Readable) -> str:
    clamd.sendall(b"zINSTREAM\0")
    try:
        while piece := content.read(_PIECE):
            clamd.sendall(len(piece).to_bytes(4) + piece)
        clamd.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        pass  # because it says why before it hangs up
    answer = bytearray()
    while not answer.endswith(b"\0") and len(answer) < _ENOUGH and (more := clamd.recv(_ENOUGH)):
        answer += more
    return answer.rstrip(b"\0").decode(errors="replace").strip()
