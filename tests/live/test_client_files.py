"""A file that a client brings into the room is there for both at once, and nobody hears of it who may not open it."""

from asgiref.sync import sync_to_async

from core.kernel import clock
from core.records.actions import add_client_file, share_client_file
from tests.factories.files import given, pdf
from tests.live.arrivals import tess_and_gus


def test_both_hear_of_a_file_at_once(cast, room, scenes, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    async def play(connect):
        tess, gus, peer = await tess_and_gus(connect, cast, room)
        await tess.send_message("admit", admission=peer)
        await gus.hear("admitted")
        how = {"given": given(pdf(1), "Homework.pdf"), "by": cast.gus, "now": clock.now()}
        await sync_to_async(add_client_file)(cast.cleo, **how)
        for each in (tess, gus):
            assert await each.hear("client_files") == {"type": "client_files"}

    scenes(play)


def test_who_waits_hears_nothing(cast, room, scenes, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    async def play(connect):
        tess, gus, _ = await tess_and_gus(connect, cast, room)
        how = {"by": cast.tess, "now": clock.now()}
        row = await sync_to_async(add_client_file)(cast.cleo, given=given(pdf(1), "Letter.pdf"), **how)
        await sync_to_async(share_client_file)(row, **how)
        await tess.hear("client_files")
        await gus.rest()
        assert "client_files" not in gus.kinds()

    scenes(play)
