"""People who arrive at a room, over sockets."""


async def tess_and_gus(connect, cast, room):
    """Tess in the room, Gus at the door."""
    tess, gus = await connect(room.pk, cast.tess).open(), await connect(room.pk, cast.gus).open()
    await tess.send_message("hello")
    await tess.hear("engine")
    await gus.send_message("hello")
    welcome = await gus.hear("welcome")
    return tess, gus, welcome["peer"]
