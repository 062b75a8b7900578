"""The engines that a configuration offers, by name. A wrong one is refused at start-up, with its cure."""

from collections.abc import Mapping

from sessions_live.sfu.errors import ErrorCode

from .builtin import BuiltinEngine
from .engine import EngineError, MediaEngine
from .janus import JanusEngine
from .janus_wire import Server
from .p2p import P2PEngine
from .turn import Turn, turn_from
from .workers import LeasedWorkers, OneWorker, Workers

MIN_SECRET = 32
NO_LIVEKIT = "MEDIA_ENGINE=livekit is not offered: our pages have no script that speaks LiveKit's protocol. Use builtin or janus."


def engines_from(settings: Mapping[str, str]) -> dict[str, MediaEngine]:
    """Return the engines for MEDIA_ENGINE, MEDIA_*, JANUS_*, VALKEY_URL, TURN_URLS and TURN_SECRET.

    `p2p` is always there, and at most one with a server: the one that `server_name` names, when it is configured. Raises
    EngineError for half a configuration and for what cannot be offered.
    """
    turn = turn_from(settings)
    relay_only = settings.get("TURN_ONLY", "") == "1"
    if relay_only and not turn.urls:
        raise EngineError(ErrorCode.CONFIG, "TURN_ONLY=1 needs TURN_URLS and TURN_SECRET.", permanent=True)
    engines: dict[str, MediaEngine] = {"p2p": P2PEngine(turn=turn, relay_only=relay_only)}
    if server_name(settings) == "janus":
        engines["janus"] = _janus(settings, turn)
        return engines
    secret = settings.get("MEDIA_SECRET", "")
    workers = _workers(settings)
    if secret and workers is not None:
        engines["builtin"] = BuiltinEngine(secret=secret, workers=workers, turn=turn)
    return engines


def server_name(settings: Mapping[str, str]) -> str:
    """Return the name of the engine with a server, `builtin` or `janus`; raise EngineError for any other."""
    name = settings.get("MEDIA_ENGINE", "") or "builtin"
    if name == "livekit":
        raise EngineError(ErrorCode.CONFIG, NO_LIVEKIT, permanent=True)
    if name not in ("builtin", "janus"):
        raise EngineError(ErrorCode.CONFIG, f"MEDIA_ENGINE is {name!r}: use builtin or janus.", permanent=True)
    return name


def _janus(settings: Mapping[str, str], turn: Turn) -> JanusEngine:
    url, secret = settings.get("JANUS_URL", ""), settings.get("MEDIA_SECRET", "")
    if not url.startswith(("ws://", "wss://")):
        raise EngineError(ErrorCode.CONFIG, "MEDIA_ENGINE=janus needs JANUS_URL, ws://… or wss://….", permanent=True)
    if len(secret) < MIN_SECRET:
        cure = f"MEDIA_ENGINE=janus needs a MEDIA_SECRET of {MIN_SECRET} characters or more: the keys of rooms are made of it."
        raise EngineError(ErrorCode.CONFIG, cure, permanent=True)
    server = Server(
        url=url, secret=secret, api_secret=settings.get("JANUS_API_SECRET", ""),
        admin_key=settings.get("JANUS_ADMIN_KEY", ""), recordings=settings.get("JANUS_RECORDINGS", ""),
    )  # fmt: skip
    return JanusEngine(server, turn=turn)


def _workers(settings: Mapping[str, str]) -> Workers | None:
    """One worker is found by its address, several (also on several machines: no address at all) by their leases."""
    control, valkey = settings.get("MEDIA_CONTROL", ""), settings.get("VALKEY_URL", "")
    several = settings.get("MEDIA_WORKERS", "1") not in ("", "1")
    if control and not several:
        return OneWorker(control)
    return LeasedWorkers(valkey) if valkey else None
