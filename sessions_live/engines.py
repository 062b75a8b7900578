"""The engines that this installation offers, made from the settings once per process."""

import hashlib
from functools import cache
from typing import Any

from django.conf import settings

from sessions_live.media.choose import engines_from, server_name
from sessions_live.media.engine import EngineError, MediaEngine
from sessions_live.models import Room
from sessions_live.sfu.errors import ErrorCode
from tenants import context

RIGHTS = frozenset({"audio", "video", "screen", "subscribe", "data"})  # of everybody who is in
TEXTS = (
    "MEDIA_ENGINE", "MEDIA_SECRET", "MEDIA_CONTROL", "MEDIA_WORKERS", "VALKEY_URL", "TURN_SECRET",
    "JANUS_URL", "JANUS_API_SECRET", "JANUS_ADMIN_KEY", "JANUS_RECORDINGS",
)  # fmt: skip


def media_room(room_id: Any) -> str:
    """The room's name on the media server: opaque, and never the same in two organizations."""
    return hashlib.sha256(f"{context.current().schema}:{room_id}".encode()).hexdigest()[:40]


def configuration() -> dict[str, str]:
    """The settings that `sessions_live.media` reads, as it reads them."""
    texts = {name: str(getattr(settings, name)) for name in TEXTS}
    return texts | {"TURN_URLS": ",".join(settings.TURN_URLS)}


@cache
def offered() -> dict[str, MediaEngine]:
    """All engines by name. EngineError when the settings are not right; `apps.py` asks at start-up."""
    return engines_from(configuration())


def engine_for(room: Room) -> MediaEngine:
    """The engine that carries the room's call at present."""
    return server() if room.uses_server else p2p()


def p2p() -> MediaEngine:
    """Two browsers, without a media server."""
    return offered()["p2p"]


def can_record() -> bool:
    """Whether calls can be recorded one by one, as people answer: with our own media server only."""
    return server_name(configuration()) == "builtin" and "builtin" in offered()


def for_jobs() -> MediaEngine:
    """The media server, for code outside the sockets' loop: made anew, because connections belong to the loop that opened them."""
    engine = engines_from(configuration()).get("builtin")
    if engine is None:
        raise EngineError(ErrorCode.NO_SERVER, "There is no media server that records.", permanent=True)
    return engine


def server() -> MediaEngine:
    """The media server: our own, found by its address or by the leases of several workers in Valkey, or Janus."""
    engine = offered().get(server_name(configuration()))
    if engine is None:
        raise EngineError(
            ErrorCode.NO_SERVER, "This call needs the media server, and none is set up here.", permanent=True
        )
    return engine
