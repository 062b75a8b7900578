"""The socket of a room: who gets in, what is told to whom, and what never leaves before admission."""

import asyncio
import json
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async

from core.kernel import clock
from core.scheduling.actions import move_appointment
from sessions_live import actions, broadcasts
from sessions_live.consumers.access import SignedOut
from sessions_live.media.p2p import P2PEngine
from sessions_live.models import Admission
from tests.live.arrivals import tess_and_gus

MEDIA = {"engine", "p2p.peer", "joined"}


def test_guest_learns_nothing_about_media_before_admission(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        assert (await gus.hear("waiting"))["position"] == 1
        await gus.send_message("p2p.tracks", tracks=[])
        assert (await gus.hear("error"))["code"] == "not_joined"
        while not (await tess.hear("people"))["queue"]:
            pass
        assert [(one["admission"], one["name"]) for one in tess.heard[-1]["queue"]] == [(gus_id, cast.gus.name)]
        assert not gus.kinds() & MEDIA

        await tess.send_message("admit", admission=gus_id)
        await gus.hear("admitted")
        engine = await gus.hear("engine")
        assert engine["engine"] == "p2p"
        assert engine["ice_servers"] == []  # no third party's server is ever asked
        assert engine["peer"] == gus_id

    scenes(play)


def test_two_admitted_people_find_each_other(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await tess.send_message("admit", admission=gus_id)
        assert (await tess.hear("p2p.peer"))["peer"] == gus_id
        met = await gus.hear("p2p.peer")
        await gus.send_message("p2p.candidate", candidate={"candidate": "candidate:1"})
        relayed = await tess.hear("p2p.candidate")
        assert relayed == {"type": "p2p.candidate", "candidate": {"candidate": "candidate:1"}, "peer": gus_id}
        assert met["peer"] != gus_id

    scenes(play)


@pytest.mark.parametrize("person", ["ada", "nobody"])
def test_stranger_is_refused(cast, room, scenes, person):
    async def play(connect):
        socket = await connect(room.pk, getattr(cast, person, None)).open()
        assert await socket.closed() == (4404 if person == "ada" else 4401)

    scenes(play)


def test_member_of_another_organization_finds_no_such_room(cast, room, scenes, appointment):
    async def play(connect):
        socket = await connect(room.pk, cast.olga, "south").open()
        assert await socket.closed() == 4404

    scenes(play)


def test_login_of_south_is_nobody_on_norths_host(cast, room, scenes):
    async def play(connect):
        foreign = await connect(room.pk, cast.olga, "south", at_host="north").open()
        assert await foreign.closed() == 4401

    scenes(play)


def test_guest_cannot_decide(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        for kind in ("admit", "deny", "remove"):
            await gus.send_message(kind, admission=gus_id)
            assert (await gus.hear("error"))["code"] == "not_allowed"
        await gus.send_message("end")
        assert (await gus.hear("error"))["code"] == "not_allowed"

    scenes(play)


def test_door_chat_stays_between_hosts_and_the_waiting_person(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        cleo = await connect(room.pk, cast.cleo_login).open()
        await cleo.send_message("hello")
        await cleo.hear("waiting")

        await tess.send_message("chat", text="One minute, please", admission=gus_id)
        heard = (await gus.hear("chat"))["message"]
        assert (heard["text"], heard["mine"], heard["in_waiting_room"]) == ("One minute, please", False, True)
        await gus.send_message("chat", text="Take your time")
        await tess.hear("chat")
        await tess.send_message("chat", text="Only for those inside")
        await tess.hear("chat")
        await cleo.rest()
        await gus.rest()
        assert cleo.texts() == []
        assert gus.texts() == ["One minute, please", "Take your time"]

    scenes(play)


def test_chat_in_session_reaches_everybody_inside(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await tess.send_message("admit", admission=gus_id)
        await gus.hear("engine")
        await gus.send_message("chat", text="<b>Hello</b>")
        assert (await tess.hear("chat"))["message"]["text"] == "<b>Hello</b>"
        assert (await gus.hear("chat"))["message"]["mine"] is True

    scenes(play)


def test_removed_person_is_out_and_has_to_ask_again(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await tess.send_message("admit", admission=gus_id)
        await gus.hear("engine")
        await tess.send_message("remove", admission=gus_id)
        await gus.hear("denied")
        assert await gus.closed() == 4403

        again = await connect(room.pk, cast.gus).open()
        await again.send_message("hello")
        assert (await again.hear("welcome"))["state"] == "waiting"

    scenes(play)


def test_lost_line_keeps_the_seat_for_a_while(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await tess.send_message("admit", admission=gus_id)
        await gus.hear("engine")
        await gus.lose()

        back = await connect(room.pk, cast.gus).open()
        await back.send_message("hello", resume=True)
        welcome = await back.hear("welcome")
        assert (welcome["state"], welcome["peer"]) == ("admitted", gus_id)
        await back.hear("engine")
        await asyncio.sleep(0.5)  # longer than the grace of the lost page
        assert await state_of(gus_id) == "admitted"

        await back.lose()
        await asyncio.sleep(0.5)
        assert await state_of(gus_id) == "left"
        await tess.hear("p2p.bye")

    @sync_to_async
    def state_of(pk):
        return Admission.objects.get(pk=pk).state

    scenes(play)


def test_second_page_takes_the_seat_from_the_first(cast, room, scenes):
    async def play(connect):
        first = await connect(room.pk, cast.tess).open()
        await first.send_message("hello")
        await first.hear("engine")
        second = await connect(room.pk, cast.tess).open()
        await second.send_message("hello")
        await second.hear("engine")
        assert await first.closed() == 4409

    scenes(play)


def test_end_is_for_everybody(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await tess.send_message("admit", admission=gus_id)
        await gus.hear("engine")
        await tess.send_message("end")
        await gus.hear("ended")
        assert await gus.closed() == 4410
        assert await tess.closed() == 4410

    scenes(play)


def test_third_person_moves_the_call_to_the_media_server(cast, room, scenes, monkeypatch):
    class Server(P2PEngine):
        name = "builtin"

        async def open_room(self, room, *, capacity=2):
            opened.append(room)

    opened = []
    monkeypatch.setattr("sessions_live.engines.server", Server)

    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await tess.send_message("admit", admission=gus_id)
        assert (await gus.hear("engine"))["generation"] == 1
        sam = await connect(room.pk, cast.sam).open()
        await sam.send_message("hello")
        for person in (sam, gus, tess):
            moved = await person.hear("engine", engine="builtin")
            assert moved["generation"] == 2
        assert len(set(opened)) == 1
        assert str(room.pk) not in opened[0]

    scenes(play)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "bad_message"),
        ("[]", "bad_message"),
        ('{"type": 7}', "bad_message"),
        ('{"type": "join", "token": "x"}', "unknown_type"),
        ('{"type": "chat"}', "bad_message"),
        ('{"type": "admit", "admission": null}', "bad_message"),
        ('{"type": "chat", "text": "' + "x" * 300_000 + '"}', "too_large"),
        ("[" * 100_000, "bad_message"),
        ('{"type": "showing_steer", "showing": "x", "playing": true, "position": 1' + "0" * 400 + "}", "bad_message"),
        ('{"type": "video_steer", "playing": true, "position": -9223372036854775808}', "bad_message"),
    ],
)
def test_malformed_message_is_answered_and_the_socket_lives(cast, room, scenes, text, code):
    async def play(connect):
        tess = await connect(room.pk, cast.tess).open()
        await tess.send(text)
        assert (await tess.hear("error"))["code"] == code
        await tess.send_message("ping", at=5)
        assert (await tess.hear("pong"))["at"] == 5

    scenes(play)


def test_binary_and_foreign_ids_are_answered(cast, room, scenes):
    async def play(connect):
        tess = await connect(room.pk, cast.tess).open()
        await tess.send(binary=b"\x00\x01")
        assert (await tess.hear("error"))["code"] == "bad_message"
        await tess.send_message("hello")
        await tess.hear("engine")
        for wrong in ("", "x", "00000000-0000-0000-0000-000000000000", "'; drop table"):
            await tess.send_message("admit", admission=wrong)
            assert (await tess.hear("error"))["code"] == "not_waiting"

    scenes(play)


def test_too_many_messages_are_refused_and_a_flood_closes(cast, room, scenes):
    async def play(connect):
        tess = await connect(room.pk, cast.tess).open()
        await tess.send_message("hello")
        await tess.hear("engine")
        for number in range(10):
            await tess.send_message("chat", text=f"{number}")
        assert (await tess.hear("error"))["code"] == "rate_limited"
        for _ in range(500):
            await tess.send(json.dumps({"type": "nothing"}))
        assert await tess.closed() == 4429

    scenes(play)


def test_switched_off_login_is_closed_at_its_next_act(cast, room, scenes, monkeypatch):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        await sync_to_async(type(cast.gus).objects.filter(pk=cast.gus.pk).update)(is_active=False)
        await gus.send_message("chat", text="Still here?")
        assert await gus.closed() == 4401

    scenes(play)


def test_access_that_ends_while_somebody_comes_in_closes_the_socket(cast, room, scenes, monkeypatch):
    def end(*_):
        raise SignedOut

    monkeypatch.setattr("sessions_live.consumers.access.RoomAccess.participants", end)

    async def play(connect):
        gus = await connect(room.pk, cast.gus).open()
        await gus.send_message("hello")
        assert await gus.closed() == 4401

    scenes(play)


def test_removed_participant_is_closed_at_the_next_look(cast, room, scenes, monkeypatch):
    monkeypatch.setattr("sessions_live.consumers.room.WATCH_EVERY", 0.1)
    monkeypatch.setattr("sessions_live.consumers.room.RENEW_EVERY", 0.1)

    async def play(connect):
        gus = await connect(room.pk, cast.gus).open()
        await sync_to_async(room.appointment.participants.update)(is_attending=False)
        assert await gus.closed() == 4404

    scenes(play)


def test_room_closes_an_hour_after_the_end(cast, room, scenes, monkeypatch):
    async def play(connect):
        tess = await connect(room.pk, cast.tess).open()
        monkeypatch.setattr("core.kernel.clock.offset", lambda: timedelta(hours=2))
        await tess.send_message("hello")
        assert (await tess.hear("ended"))["message"] == "The room has closed."
        assert await tess.closed() == 4410

    scenes(play)


def test_chat_survives_a_reload(cast, room, scenes):
    actions.post_message(room, "Earlier", by=cast.tess, waiting_person=None, now=clock.now())

    async def play(connect):
        tess = await connect(room.pk, cast.tess).open()
        await tess.send_message("hello")
        assert [one["text"] for one in (await tess.hear("welcome"))["messages"]] == ["Earlier"]

    scenes(play)


def test_everybody_reads_the_new_end_and_whoever_waits_for_the_next_one_that_it_may_begin_later(cast, room, scenes):
    async def play(connect):
        tess, gus, gus_id = await tess_and_gus(connect, cast, room)
        assert (await gus.hear("waiting"))["position"] == 1
        later = (room.appointment.ends_at + timedelta(minutes=10)).isoformat()
        await sync_to_async(move_appointment)(
            room.appointment,
            starts_at=room.appointment.starts_at,
            ends_at=room.appointment.ends_at + timedelta(minutes=10),
            by=cast.tess,
            now=clock.now(),
        )
        assert (await tess.hear("time"))["ends_at"] == later
        assert (await gus.hear("time"))["ends_at"] == later
        await sync_to_async(broadcasts.delayed)(room, until=room.appointment.ends_at)
        assert (await gus.hear("delay"))["until"] == room.appointment.ends_at.isoformat()
        await sync_to_async(broadcasts.delayed)(room, until=None)
        assert (await gus.hear("delay"))["until"] == ""

    scenes(play)
