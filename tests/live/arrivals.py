"""People who arrive at a room, over sockets."""


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
