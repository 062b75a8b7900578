"""Our own TURN servers and credentials for them that live ten minutes (TURN REST scheme, coturn's `use-auth-secret`).

Never a third party's: with nothing configured there are no ICE servers, and nobody else learns who speaks with whom.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sessions_live.sfu.errors import ErrorCode

from .engine import Admission, EngineError, Message

LIFETIME = 600  # seconds; the server looks at it when a relay is allocated, not during the call


@dataclass(frozen=True, kw_only=True)
class Turn:
    """`urls` as browsers want them, e.g. `turns:turn.example.com:443?transport=tcp`."""

    urls: tuple[str, ...] = ()
    secret: str = ""

    def servers(self, *, peer: str, now: float) -> list[dict[str, Any]]:
        """Return the ICE servers for one peer, with credentials good for LIFETIME seconds from `now`."""
        if not self.urls:
            return []
        name = f"{int(now) + LIFETIME}:{peer}"
        digest = hmac.new(self.secret.encode(), name.encode(), hashlib.sha1).digest()
        return [{"urls": list(self.urls), "username": name, "credential": base64.b64encode(digest).decode()}]

    def engine_message(self, engine: str, admission: Admission, *, relay_only: bool = False) -> Message:
        """Return the message by which a page learns which engine carries its call, and how to reach others."""
        return {
            "type": "engine",
            "engine": engine,
            "peer": admission.peer,
            "ice_servers": self.servers(peer=admission.peer, now=time.time()),
            "ice_transport_policy": "relay" if relay_only and self.urls else "all",
            "generation": admission.generation,
        }


def turn_from(environ: Mapping[str, str]) -> Turn:
    """Return what TURN_URLS (comma-separated) and TURN_SECRET say; raise EngineError for half a configuration."""
    urls = tuple(url.strip() for url in environ.get("TURN_URLS", "").split(",") if url.strip())
    secret = environ.get("TURN_SECRET", "")
    if any(not url.startswith(("turn:", "turns:")) for url in urls):
        raise EngineError(
            ErrorCode.CONFIG, "TURN_URLS must list addresses that begin with turn: or turns:.", permanent=True
        )
    if bool(urls) != bool(secret):
        raise EngineError(ErrorCode.CONFIG, "Set both TURN_URLS and TURN_SECRET, or neither.", permanent=True)
    return Turn(urls=urls, secret=secret)
