"""The engines that this installation offers, made from the settings once per process."""

from functools import cache
from typing import Any

from django.conf import settings

from sessions_live.media.builtin import BuiltinEngine
from sessions_live.media.p2p import P2PEngine
from sessions_live.media.places import LeasedPlaces, OnePlace
from sessions_live.media.turn import Turn
from sessions_live.models import Room

MOST_PEOPLE = 100


def engine_for(room: Room) -> Any:
    """The engine that carries the room's call at present."""
    return builtin() if room.uses_server else p2p()


@cache
def p2p() -> P2PEngine:
    """Two browsers, without a media server."""
    return P2PEngine(turn=_turn())


@cache
def builtin() -> BuiltinEngine:
    """Our media server: the one that MEDIA_CONTROL names, or the one whose lease in Valkey says that the room lives there."""
    places = OnePlace(settings.MEDIA_CONTROL) if settings.MEDIA_CONTROL else LeasedPlaces(settings.VALKEY_URL)
    return BuiltinEngine(secret=settings.MEDIA_SECRET, places=places, turn=_turn())


def _turn() -> Turn:
    return Turn(urls=tuple(settings.TURN_URLS), secret=settings.TURN_SECRET)
