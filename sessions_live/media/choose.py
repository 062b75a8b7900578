"""The engines that a configuration offers, by name."""

from collections.abc import Mapping

from .builtin import BuiltinEngine
from .engine import EngineError, MediaEngine
from .p2p import P2PEngine
from .places import LeasedPlaces, OnePlace, Places
from .turn import turn_from


def engines_from(settings: Mapping[str, str]) -> dict[str, MediaEngine]:
    """Return the engines for MEDIA_SECRET, MEDIA_CONTROL, MEDIA_WORKERS, VALKEY_URL, TURN_URLS and TURN_SECRET.

    `p2p` is always there; `builtin` when a media server is configured. Raises EngineError for half a configuration.
    """
    turn = turn_from(settings)
    relay_only = settings.get("TURN_ONLY", "") == "1"
    if relay_only and not turn.urls:
        raise EngineError("config", "TURN_ONLY=1 needs TURN_URLS and TURN_SECRET.", permanent=True)
    engines: dict[str, MediaEngine] = {"p2p": P2PEngine(turn=turn, relay_only=relay_only)}
    secret = settings.get("MEDIA_SECRET", "")
    places = _places(settings)
    if secret and places is not None:
        engines["builtin"] = BuiltinEngine(secret=secret, places=places, turn=turn)
    return engines


def _places(settings: Mapping[str, str]) -> Places | None:
    """One worker is found by its address, several by their leases."""
    control, valkey = settings.get("MEDIA_CONTROL", ""), settings.get("VALKEY_URL", "")
    several = settings.get("MEDIA_WORKERS", "1") not in ("", "1")
    if control and not several:
        return OnePlace(control)
    return LeasedPlaces(valkey) if valkey and (several or control) else None
