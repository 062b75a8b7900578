"""Descriptions between a browser that speaks our protocol and Janus."""

from sessions_live.sfu import sdp
from sessions_live.sfu.errors import ErrorCode, PeerError
from sessions_live.sfu.messages import SOURCES

# Because Janus begins to connect only when it knows a candidate, and our protocol sends none: browsers find the server by
# their checks. This address is reserved for documentation; nothing is reached there.
NOWHERE = "a=candidate:1 1 udp 1 192.0.2.1 9 typ host"


def reachable(text: str) -> str:
    """Return a browser's description with one candidate that leads nowhere, and without names that only it can look up."""
    lines = [line for line in text.splitlines() if not (line.startswith("a=candidate:") and ".local " in line)]
    first = next((at for at, line in enumerate(lines) if line.startswith("m=")), len(lines))
    end = next((at for at, line in enumerate(lines) if at > first and line.startswith("m=")), len(lines))
    return "\r\n".join([*lines[:end], NOWHERE, "a=end-of-candidates", *lines[end:]]) + "\r\n"


def checked_tracks(offer: sdp.Description, tracks: list[object]) -> dict[str, str]:
    """Return mid → source of what an offer sends; raise PeerError for what is undeclared or does not fit."""
    given: dict[str, str] = {}
    for track in tracks:
        mid, source = (track.get("mid"), track.get("source")) if isinstance(track, dict) else (None, None)
        if not isinstance(mid, str) or source not in SOURCES:
            raise PeerError(ErrorCode.BAD_MESSAGE, "tracks")
        given[mid] = source
    for section in offer.sections:
        sends = section.direction in ("sendrecv", "sendonly") and not section.rejected
        if section.kind == "application" or not sends:
            given.pop(section.mid, None)
        elif SOURCES.get(given.get(section.mid, "")) != section.kind:
            # Because a stream that nobody declared would be published without anybody's right.
            raise PeerError(ErrorCode.BAD_MESSAGE, "a section without its source")
    return given
