"""What holds for the sockets of all signed-in pages: nothing that a page sends ends them, and nothing is left of them."""

import asyncio
from collections import Counter

import pytest

from sessions_live.consumers import base
from sessions_live.consumers.base import SignedInConsumer
from sessions_live.models import Admission, ChatMessage
from tests.live.arrivals import tess_and_gus

NONSENSE = [
    "",
    "no JSON",
    "[" * 5000,
    '"\\ud800"',
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    '{"type": NaN}',
    "null",
    "7",
]


@pytest.mark.parametrize("page", ["room", "portal"])
@pytest.mark.parametrize("text", NONSENSE)
def test_frame_that_is_no_message_is_answered(cast, room, scenes, page, text):
    async def play(connect):
        gus = await connect(room.pk if page == "room" else None, cast.gus).open()
        await gus.send(text)
        assert (await gus.hear("error"))["message"].endswith(".")
        await gus.send(binary=b"\xff\x00")
        assert (await gus.hear("error"))["code"] == "bad_message"
        assert await gus.line.receive_nothing(timeout=0.1)  # and the socket is open

    scenes(play)


@pytest.mark.parametrize("half", ['"Hello \\ud83d"', '"bell \\u0007"', '"nul \\u0000"'])
def test_chat_takes_text_only_and_says_so(cast, room, scenes, half):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await gus.send(f'{{"type": "chat", "text": {half}}}')
        refused = await gus.hear("error")
        assert (refused["code"], refused["for"]) == ("control_characters", "chat")
        await gus.send_message("chat", text="Hello 👋🏽")
        assert (await tess.hear("chat"))["message"]["text"] == "Hello 👋🏽"

    scenes(play)
    assert ChatMessage.objects.count() == 1


def test_number_that_a_browser_cannot_read_goes_to_nobody(cast, room, scenes):
    async def play(connect):
        gus = await connect(room.pk, cast.gus).open()
        await gus.send('{"type": "ping", "at": 1e999}')
        assert (await gus.hear("error"))["code"] == "bad_message"

    scenes(play)


def test_portal_socket_closes_when_it_is_flooded(cast, scenes):
    async def play(connect):
        page = await connect(None, cast.gus).open()
        for _ in range(201):
            await page.send("{}")
        assert await page.closed() == 4429

    scenes(play)


def test_one_person_has_so_many_sockets_and_no_more(cast, scenes, monkeypatch):
    monkeypatch.setattr(base, "MOST_OF_A_PERSON", 3)
    monkeypatch.setattr(base, "_open", Counter())

    async def play(connect):
        pages = [await connect(None, cast.gus).open() for _ in range(3)]
        assert await (await connect(None, cast.gus).open()).closed() == 4428
        other = await connect(None, cast.tess).open()
        assert await other.line.receive_nothing(timeout=0.1)
        await pages[0].lose()
        await asyncio.sleep(0.1)
        again = await connect(None, cast.gus).open()
        assert await again.line.receive_nothing(timeout=0.1)
        for page in [*pages[1:], other, again]:
            await page.lose()
        await asyncio.sleep(0.2)
        assert not base._open

    scenes(play)


@pytest.mark.parametrize("how", ["error in a handler", "process stops"])
def test_nothing_is_left_of_a_socket_however_it_ends(cast, room, scenes, monkeypatch, how):
    async def fail(self, message):
        raise ZeroDivisionError

    monkeypatch.setattr(SignedInConsumer, "on_ping", fail, raising=False)
    monkeypatch.setattr("sessions_live.consumers.room.RoomConsumer.on_ping", fail)

    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await tess.send_message("admit", admission=gus_id)
        await gus.hear("engine")
        while len((await tess.hear("people"))["people"]) < 2:
            pass
        if how == "process stops":
            gus.line.future.cancel()
        else:
            await gus.send_message("ping")
        while len((await tess.hear("people"))["people"]) > 1:
            pass

    scenes(play)
    assert Admission.objects.get(user=cast.gus).state == "left"


def test_whoever_works_here_hears_that_somebody_came_into_a_room_and_clients_do_not(cast, room, scenes):
    async def play(connect):
        desk, client = await connect(None, cast.nora).open(), await connect(None, cast.cleo_login).open()
        await asyncio.sleep(0.2)  # until both hear
        tess = await connect(room.pk, cast.tess).open()
        await tess.send_message("hello")
        await tess.hear("engine")
        assert await desk.hear("news") == {"type": "news", "kind": "session_state"}
        await client.rest()
        assert "session_state" not in [message.get("kind") for message in client.heard]

    scenes(play)
