"""The recorder of the media server: start it, stop it, ask whom it records."""

from collections.abc import Iterable
from typing import Any

from sessions_live.engines import RIGHTS, media_room
from sessions_live.media.engine import EngineError, MediaEngine


async def start(
    engine: MediaEngine, room_id: Any, folder: str, *, capacity: int, without_consent: Iterable[str]
) -> None:
    """Start writing into `folder`. EngineError when it cannot.

    First the right to be recorded is taken from everybody who has not agreed to this very recording, whatever they agreed to before.
    """
    room = media_room(room_id)
    await engine.open_room(room, capacity=capacity)
    for peer in without_consent:
        try:
            await engine.set_rights(room, peer, RIGHTS)
        except EngineError as error:
            if error.code != "unknown_peer":  # who is not there yet joins with the rights of their own answer
                raise
    await engine.start_recording(room, recording=folder)


async def stop(engine: MediaEngine, room_id: Any) -> bool:
    """End what is being written; True once nothing is. False while the media server cannot be asked."""
    try:
        await engine.stop_recording(media_room(room_id))
    except EngineError as error:
        return error.code != "unreachable"  # a room that is nowhere is written nowhere
    return True


async def recorded_peers(engine: MediaEngine, room_id: Any) -> frozenset[str] | None:
    """Who is in the call by the media server's word, while it records; None when it does not record (any more)."""
    try:
        stats = await engine.stats(media_room(room_id))
    except EngineError:
        return None
    return frozenset(peer["peer"] for peer in stats["peers"]) if stats["recording"] else None
