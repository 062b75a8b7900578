"""Recording as pages speak of it, with the real media server: who holds the right to be recorded, and what lies on the disk, at each moment."""

from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async

from sessions_live import engines
from sessions_live.engines import media_room
from sessions_live.media.engine import EngineError
from sessions_live.models import Consent, Recording
from tests.factories.recordings import allow
from tests.live.arrivals import tess_and_gus
from tests.sfu.stage import running_worker, until

pytestmark = pytest.mark.media


@pytest.fixture
def media(settings, records):
    """`async with media() as server`: the media server that the product finds; `server.parts` is where it writes."""
    engines.offered.cache_clear()

    @asynccontextmanager
    async def running():
        async with running_worker(Path(settings.MEDIA_RECORDINGS), secret=settings.MEDIA_SECRET) as worker:
            settings.MEDIA_CONTROL = worker.reach
            engines.offered.cache_clear()
            yield worker

    yield running
    engines.offered.cache_clear()


def written(settings):
    folder = Path(settings.MEDIA_RECORDINGS)
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def in_session(connect, cast, room):
    """Tess and Gus in the session, peer to peer; and their places in the call."""
    tess, gus, gus_id = await tess_and_gus(connect, cast, room)
    await tess.send_message("admit", admission=gus_id)
    await gus.hear("engine")
    tess_id = next(one["peer"] for one in tess.heard if one["type"] == "welcome")
    return tess, gus, tess_id, gus_id


async def answers(page, agrees):
    """Answer the question that this page has been asked."""
    question = next(one for one in reversed(page.heard) if one["type"] == "recording_state" and one["state"])
    await page.send_message("consent", recording=question["recording"], version=question["version"], agrees=agrees)


def may_be_recorded(worker, room_name, peer):
    present = worker.rooms[room_name].peers.get(peer) if room_name in worker.rooms else None
    return present is not None and "record" in present.rights


def test_consent_comes_before_capture_and_for_each_person(cast, room, scenes, media, settings):
    async def play(connect):
        async with media() as server:
            tess, gus, tess_id, gus_id = await in_session(connect, cast, room)
            name = await sync_to_async(media_room)(room.pk)
            await gus.send_message("record")
            assert (await gus.hear("error"))["code"] == "not_allowed"

            await tess.send_message("record")
            question = await gus.hear("recording_state", state="asking")
            assert "What is recorded" in question["words"][0]
            assert (question["mine"], "answers" in question) == ("", False)
            await tess.hear("recording_state", state="asking")
            await answers(gus, False)
            await gus.hear("recording_state", mine="refused")
            assert written(settings) == []  # nobody has agreed: nothing lies on the disk, and the call has not moved
            assert name not in server.rooms

            await answers(tess, True)
            await tess.hear("engine", engine="builtin")
            await gus.hear("engine", engine="builtin")
            assert (await gus.hear("recording_state", state="recording"))[
                "mine"
            ] == "refused"  # told, although not recorded
            await until(lambda: may_be_recorded(server, name, tess_id))
            await until(lambda: gus_id in server.rooms[name].peers)
            assert not may_be_recorded(server, name, gus_id)
            assert server.rooms[name].recorder is not None
            assert len(written(settings)) == 1
            shown = (await tess.hear("recording_state", state="recording"))["answers"]
            assert shown == {tess_id: "agreed", gus_id: "refused"}

            await answers(gus, True)  # changes their mind
            await until(lambda: may_be_recorded(server, name, gus_id))
            await answers(gus, False)
            await until(lambda: not may_be_recorded(server, name, gus_id))
            assert server.rooms[name].recorder is not None

            await tess.send_message("stop_recording")
            told = await gus.hear("recording_state", state="")
            assert told["told"] == "The recording has stopped."
            await until(lambda: server.rooms[name].recorder is None)
            await until(lambda: not may_be_recorded(server, name, tess_id))
            assert await counted() == ["refused", "agreed", "agreed", "withdrawn"]

    @sync_to_async
    def counted():
        return list(Consent.objects.order_by("at").values_list("answer", flat=True))

    scenes(play)


def test_page_that_comes_back_keeps_its_answer_and_no_more(cast, room, scenes, media):
    async def play(connect):
        async with media() as server:
            tess, gus, tess_id, gus_id = await in_session(connect, cast, room)
            name = await sync_to_async(media_room)(room.pk)
            await tess.send_message("record")
            await gus.hear("recording_state", state="asking")
            await answers(gus, True)
            await until(lambda: may_be_recorded(server, name, gus_id))
            await answers(gus, False)
            await until(lambda: not may_be_recorded(server, name, gus_id))

            await gus.lose()
            back = await connect(room.pk, cast.gus).open()
            await back.send_message("hello", resume=True)
            assert (await back.hear("recording_state"))["mine"] == "withdrawn"
            await until(lambda: gus_id in server.rooms[name].peers)
            assert not may_be_recorded(server, name, gus_id)

    scenes(play)


def test_who_comes_later_is_asked_on_entering(cast, room, scenes, media):
    async def play(connect):
        async with media() as server:
            tess, gus, gus_id = await tess_and_gus(connect, cast, room)
            await tess.send_message("record")
            await tess.hear("recording_state", state="asking")
            await answers(tess, True)
            await tess.hear("recording_state", state="recording")
            await gus.rest()
            assert "recording_state" not in gus.kinds()  # at the door nobody is asked

            await tess.send_message("admit", admission=gus_id)
            state = await gus.hear("recording_state")
            assert (state["state"], state["mine"]) == ("recording", "")
            name = await sync_to_async(media_room)(room.pk)
            await until(lambda: gus_id in server.rooms[name].peers)
            assert not may_be_recorded(server, name, gus_id)

    scenes(play)


def test_full_disk_and_lost_server_are_told_and_close_the_recording(cast, room, scenes, media, monkeypatch):
    monkeypatch.setattr("sessions_live.consumers.recording_access.JUST_BEGUN", timedelta(seconds=-1))

    async def play(connect):
        async with media() as server:
            tess, gus, *_ = await in_session(connect, cast, room)
            name = await sync_to_async(media_room)(room.pk)
            await tess.send_message("record")
            await gus.hear("recording_state", state="asking")
            await answers(gus, True)
            await gus.hear("joined")
            await tess.hear("joined")
            await until(lambda: server.rooms[name].recorder is not None)

            await server.rooms[name].recording_failed()

            assert "could not be written" in (await tess.hear("recording_state", state=""))["told"]
            assert "could not be written" in (await gus.hear("recording_state", state=""))["told"]
            assert await last() == ("composing", "disk")

    @sync_to_async
    def last():
        return Recording.objects.values_list("state", "ended_because").latest("asked_at")

    scenes(play)


def test_consent_that_cannot_be_taken_back_ends_the_recording(cast, room, scenes, media, monkeypatch):
    async def play(connect):
        async with media() as server:
            tess, gus, _, gus_id = await in_session(connect, cast, room)
            name = await sync_to_async(media_room)(room.pk)
            await tess.send_message("record")
            await gus.hear("recording_state", state="asking")
            await answers(gus, True)
            await until(lambda: may_be_recorded(server, name, gus_id))

            async def unreachable(*_):
                raise EngineError("unreachable", "nobody answers")

            monkeypatch.setattr(type(engines.server()), "set_rights", unreachable)
            await answers(gus, False)
            refusal = await gus.hear("error")
            # Not `transport_failed`, because on that the page makes its connections anew.
            assert (refusal["code"], refusal["for"]) == ("unreachable", "consent")
            assert refusal["message"] == "The media server cannot be reached. Try again in a moment."
            told = "The recording has stopped, because the media server was lost. What was recorded until then is kept."
            await tess.hear("recording_state", told=told)

    scenes(play)


def test_without_a_media_server_nothing_begins_and_it_is_said(cast, room, scenes, records, settings):
    settings.MEDIA_CONTROL = "127.0.0.1:1"
    engines.offered.cache_clear()

    async def play(connect):
        tess, gus, *_ = await in_session(connect, cast, room)
        await tess.send_message("record")
        await gus.hear("recording_state", state="asking")
        await answers(gus, True)
        told = "The recording could not begin. Nobody was recorded. Try again in a moment."
        await tess.hear("recording_state", told=told)
        assert written(settings) == []

    scenes(play)
    engines.offered.cache_clear()


@pytest.mark.parametrize(
    "message",
    [{"recording": "no-id", "version": "x", "agrees": True}, {"recording": "0" * 32, "version": "x", "agrees": True}],
)
def test_answers_to_nothing_are_refused(cast, room, scenes, records, message):
    async def play(connect):
        tess, *_ = await in_session(connect, cast, room)
        await tess.send_message("consent", **message)
        assert (await tess.hear("error"))["code"] == "recording_over"
        await tess.send_message("consent", recording="x", version="x", agrees="yes")
        assert (await tess.hear("error"))["code"] == "bad_message"

    scenes(play)


def test_where_recording_is_not_allowed_the_server_refuses(cast, room, scenes, records):
    allow(recording_allowed=False)

    async def play(connect):
        tess, *_ = await in_session(connect, cast, room)
        await tess.send_message("record")
        assert (await tess.hear("error"))["code"] == "recording_not_allowed"

    scenes(play)
