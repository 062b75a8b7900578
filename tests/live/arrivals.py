"""People who arrive at a room, over sockets or by themselves."""

from core.kernel import clock
from sessions_live import actions


async def tess_and_gus(connect, cast, room):
    """Tess in the room, Gus at the door."""
    tess, gus = await connect(room.pk, cast.tess).open(), await connect(room.pk, cast.gus).open()
    await tess.send_message("hello")
    await tess.hear("engine")
    await gus.send_message("hello")
    welcome = await gus.hear("welcome")
    return tess, gus, welcome["peer"]


async def both_in(connect, cast, room):
    """Tess and Gus in the session, and Gus's id in it."""
    tess, gus, gus_id = await tess_and_gus(connect, cast, room)
    await tess.send_message("admit", admission=gus_id)
    await gus.hear("engine")
    return tess, gus, gus_id


def let_in(room, cast, *guests):
    """Tess is in, and has let these guests in."""
    now = clock.now()
    actions.ask_admission(room, by=cast.tess, now=now)
    for guest in guests:
        asked = actions.ask_admission(room, by=guest, now=now)
        actions.admit(room, asked.pk, by=cast.tess, now=now)
