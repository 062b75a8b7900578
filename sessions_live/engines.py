"""The engines that this installation offers, made from the settings once per process."""

from functools import cache

from django.conf import settings

from sessions_live.media.choose import engines_from, server_name
from sessions_live.media.engine import EngineError, MediaEngine
from sessions_live.models import Room

TEXTS = (
    "MEDIA_ENGINE", "MEDIA_SECRET", "MEDIA_CONTROL", "MEDIA_WORKERS", "VALKEY_URL", "TURN_SECRET",
    "JANUS_URL", "JANUS_API_SECRET", "JANUS_ADMIN_KEY", "JANUS_RECORDINGS",
)  # fmt: skip


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


def server() -> MediaEngine:
    """The media server: our own, found by its address or by the leases of several workers in Valkey, or Janus."""
    engine = offered().get(server_name(configuration()))
    if engine is None:
        raise EngineError("unreachable", "This call needs the media server, and none is set up here.", permanent=True)
    return engine
