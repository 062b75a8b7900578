"""The tools of the call over sockets: the lock, the spotlight, reactions, private messages; who may, and who hears of it."""

import asyncio

import pytest

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from sessions_live import actions
from sessions_live.models import Admission, ChatMessage, Room
from tests.live.arrivals import both_in, tess_and_gus

LONGEST = "x" * 2001


async def people_until(socket, holds):
    """The next list of people for which it holds."""
    while True:
        message = await socket.hear("people")
        if holds(message):
            return message


def spotlit(message):
    return [one["peer"] for one in message["people"] if one["spotlight"]]


def test_locked_room_takes_nobody_else_and_says_so(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await tess.send_message("lock", locked=True)
        await people_until(tess, lambda message: message["locked"])
        await gus.hear("waiting", locked=True)
        await tess.send_message("admit", admission=gus_id)
        refused = await tess.hear("error")
        assert (refused["code"], refused["for"]) == ("room_locked", "admit")
        await tess.send_message("admit_all")
        assert (await tess.hear("error"))["code"] == "room_locked"
        await tess.send_message("lock", locked=False)
        await gus.hear("waiting", locked=False)
        await tess.send_message("admit", admission=gus_id)
        await gus.hear("admitted")

    scenes(play)
    assert list(
        AuditEvent.objects.filter(action__startswith="room.").order_by("at", "pk").values_list("action", flat=True)
    ) == [
        "room.locked",
        "room.unlocked",
    ]


def test_who_is_in_stays_and_comes_back_to_a_locked_room(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await both_in(connect, cast, room)
        await tess.send_message("lock", locked=True)
        await people_until(tess, lambda message: message["locked"])
        again = await connect(room.pk, cast.gus).open()
        await again.send_message("hello", resume=True)
        assert (await again.hear("welcome"))["state"] == "admitted"
        assert await gus.closed() == 4409

    scenes(play)


def test_another_host_comes_into_a_locked_room(cast, room, scenes):
    async def play(connect):
        tess, _, _ = await both_in(connect, cast, room)
        await tess.send_message("lock", locked=True)
        await people_until(tess, lambda message: message["locked"])
        nora = await connect(room.pk, cast.nora).open()
        await nora.send_message("hello")
        assert (await nora.hear("welcome"))["state"] == "admitted"
        assert (await people_until(nora, lambda message: "locked" in message))["locked"]

    scenes(play)


def test_guest_neither_locks_nor_lights_nor_renames_nor_reads_that_it_is_locked(cast, room, scenes):
    async def play(connect):
        _, gus, gus_id = await both_in(connect, cast, room)
        await gus.send_message("lock", locked=True)
        assert (await gus.hear("error"))["code"] == "not_allowed"
        await gus.send_message("spotlight", admission=gus_id)
        assert (await gus.hear("error"))["code"] == "not_allowed"
        await gus.send_message("rename", admission=gus_id, name="Somebody")
        assert (await gus.hear("error"))["code"] == "not_allowed"
        assert not any("locked" in message for message in gus.heard if message["type"] == "people")

    scenes(play)
    assert not Room.objects.get(pk=room.pk).is_locked


def test_two_hosts_at_the_lock_write_once(cast, room):
    now = clock.now()
    actions.ask_admission(room, by=cast.tess, now=now)
    for locked in (True, True, False, False):
        actions.lock_room(room, locked=locked, by=cast.tess, now=now)
    actions.lock_room(room, locked=True, by=cast.nora, now=now)
    assert AuditEvent.objects.filter(action="room.locked").count() == 2
    assert AuditEvent.objects.filter(action="room.unlocked").count() == 1


def test_lock_and_spotlight_end_with_the_session(cast, room):
    now = clock.now()
    tess = actions.ask_admission(room, by=cast.tess, now=now)
    actions.lock_room(room, locked=True, by=cast.tess, now=now)
    actions.set_spotlight(room, tess.pk, now=now)
    actions.end_session(room, by=cast.tess, now=now)
    room.refresh_from_db()
    assert (room.is_locked, room.spotlight) == (False, None)


def test_spotlight_is_seen_by_everybody_and_released(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await both_in(connect, cast, room)
        await tess.send_message("spotlight", admission=gus_id)
        assert spotlit(await people_until(gus, spotlit)) == spotlit(await people_until(tess, spotlit)) == [gus_id]
        await tess.send_message("spotlight", admission=None)
        await people_until(gus, lambda message: not spotlit(message))
        for nobody in ("x", "0191a2b3-0000-7000-8000-000000000001"):
            await tess.send_message("spotlight", admission=nobody)
            assert (await tess.hear("error"))["code"] in ("not_here", "not_waiting")

    scenes(play)


def test_reaction_reaches_everybody_who_is_in(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await both_in(connect, cast, room)
        await gus.send_message("reaction", reaction="heart")
        assert await tess.hear("reaction") == {"type": "reaction", "peer": gus_id, "reaction": "heart"}
        await gus.hear("reaction")
        await gus.send_message("reaction", reaction="<img>")
        assert (await gus.hear("error"))["code"] == "bad_message"

    scenes(play)


def test_thousand_reactions_cost_the_sender_the_line_and_nobody_else(cast, room, scenes):
    async def play(connect):
        tess, gus, _ = await both_in(connect, cast, room)
        for _ in range(1000):
            await gus.send_message("reaction", reaction="laugh")
        assert await gus.closed() == 4429
        await tess.rest()
        assert sum(message["type"] == "reaction" for message in tess.heard) <= 6

    scenes(play)


def test_who_waits_has_none_of_the_tools(cast, room, scenes):
    async def play(connect):
        _, gus, gus_id = await tess_and_gus(connect, cast, room)
        for kind, fields in {"reaction": {"reaction": "heart"}, "private": {"to": gus_id, "text": "psst"}}.items():
            await gus.send_message(kind, **fields)
            assert (await gus.hear("error"))["code"] == "not_joined"

    scenes(play)


def test_private_message_is_read_by_one_and_kept_nowhere(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await both_in(connect, cast, room)
        nora = await connect(room.pk, cast.nora).open()
        await nora.send_message("hello")
        tess_id = next(one["peer"] for one in (await nora.hear("people"))["people"] if one["name"] == cast.tess.name)
        await gus.send_message("private", to=tess_id, text="  Only you 👋🏽  ")
        heard = (await tess.hear("chat"))["message"]
        assert (heard["text"], heard["mine"], heard["private_with"]["peer"]) == ("Only you 👋🏽", False, gus_id)
        echo = (await gus.hear("chat"))["message"]
        assert (echo["mine"], echo["private_with"]) == (True, {"peer": tess_id, "name": cast.tess.name})
        await tess.send_message("private", to=gus_id, text="And you")
        assert (await gus.hear("chat"))["message"]["text"] == "And you"
        await nora.rest()
        assert nora.texts() == []
        again = await connect(room.pk, cast.gus).open()
        await again.send_message("hello")
        assert (await again.hear("welcome"))["messages"] == []

    scenes(play)
    assert not ChatMessage.objects.exists()


def test_private_message_between_guests_is_refused(cast, room, scenes):
    async def play(connect):
        tess, gus, _ = await both_in(connect, cast, room)
        cleo = await connect(room.pk, cast.cleo_login).open()
        await cleo.send_message("hello")
        cleo_id = (await cleo.hear("welcome"))["peer"]
        await tess.send_message("admit", admission=cleo_id)
        await cleo.hear("admitted")
        await gus.send_message("private", to=cleo_id, text="psst")
        assert (await gus.hear("error"))["code"] == "only_with_hosts"
        await cleo.rest()
        assert cleo.texts() == []

    scenes(play)


@pytest.mark.parametrize("text, code", [("   ", "empty_message"), (LONGEST, "message_too_long")])
def test_private_message_is_a_text(cast, room, scenes, text, code):
    async def play(connect):
        tess, _, gus_id = await both_in(connect, cast, room)
        await tess.send_message("private", to=gus_id, text=text)
        refused = await tess.hear("error")
        assert (refused["code"], refused["for"]) == (code, "private")

    scenes(play)


def test_private_message_to_who_has_left_is_its_authors_again(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await both_in(connect, cast, room)
        await gus.send_message("leave")
        await gus.closed()
        await tess.send_message("private", to=gus_id, text="Still there?")
        refused = await tess.hear("error")
        assert (refused["code"], refused["for"]) == ("not_here", "private")

    scenes(play)


def test_private_message_to_a_line_that_is_down_is_its_authors_again(cast, room, scenes, monkeypatch):
    monkeypatch.setattr("sessions_live.consumers.in_call.REACHED_WITHIN", 0.2)
    monkeypatch.setattr("sessions_live.consumers.room.GRACE", 30)

    async def play(connect):
        tess, gus, gus_id = await both_in(connect, cast, room)
        await gus.lose()
        await asyncio.sleep(0.1)
        await tess.send_message("private", to=gus_id, text="Still there?")
        refused = await tess.hear("error")
        assert (refused["code"], refused["for"]) == ("not_reached", "private")

    scenes(play)


def test_removed_person_writes_to_nobody(cast, room):
    now = clock.now()
    tess = actions.ask_admission(room, by=cast.tess, now=now)
    gus = actions.admit(room, actions.ask_admission(room, by=cast.gus, now=now).pk, by=cast.tess, now=now)
    actions.deny(room, gus.pk, by=cast.tess, now=now)
    gus.refresh_from_db()
    assert gus.state == Admission.State.DENIED
    with pytest.raises(DomainError) as refused:
        actions.private_message(room, "One more thing", by=gus, to=tess.pk, now=now)
    assert refused.value.code == "not_admitted"
