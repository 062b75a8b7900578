"""Guests by link at the socket of a room: who gets in, what they read, and how they are out (LIV-05 … LIV-09)."""

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async

from core.kernel import clock
from core.scheduling.actions import book_appointment
from sessions_live import actions as live
from sessions_live.models import Admission, LinkGuest
from sessions_live.personal_links import actions
from tests.factories.links import browser_at, link_of, room_of

MEDIA = {"engine", "p2p.peer", "joined"}


@pytest.fixture
def link(cast):
    return link_of(cast.tess_staff)


@pytest.fixture
def room(link):
    return room_of(link)


def arrive(connect, room, link):
    """`arrive(name)`: a guest's browser has sent the form; its page knocks."""

    async def arrived(name="Paula Gast", browser=None):
        browser = browser or await sync_to_async(browser_at)(link, name)
        socket = await connect(room.pk, None).open(browser)
        await socket.send_message("hello")
        welcome = await socket.hear("welcome")
        return socket, welcome["peer"]

    return arrived


async def host_of(connect, cast, room):
    tess = await connect(room.pk, cast.tess).open()
    await tess.send_message("hello")
    await tess.hear("engine")
    return tess


def test_guest_waits_is_let_in_and_learns_nothing_of_media_before(cast, link, room, scenes):
    async def play(connect):
        tess = await host_of(connect, cast, room)
        paula, peer = await arrive(connect, room, link)()
        waits = await paula.hear("waiting")
        assert (waits["position"], waits["host_present"]) == (1, True)
        assert not paula.kinds() & MEDIA
        while not (people := await tess.hear("people"))["queue"]:
            pass
        assert [(one["admission"], one["name"], one["guest"]) for one in people["queue"]] == [
            (peer, "Paula Gast (guest)", True)
        ]

        await tess.send_message("admit", admission=peer)
        await paula.hear("admitted")
        assert (await paula.hear("engine"))["peer"] == peer
        names = {one["name"]: one["guest"] for one in (await tess.hear("people"))["people"]}
        assert names == {cast.tess.name: False, "Paula Gast (guest)": True}

    scenes(play)


@pytest.mark.parametrize("who", ["nobody", "another link's guest"])
def test_who_has_not_come_by_this_link_is_nobody_here(cast, link, room, scenes, who):
    other = link_of(cast.sam.staff)

    async def play(connect):
        browser = await sync_to_async(browser_at)(other) if who != "nobody" else None
        socket = await connect(room.pk, None).open(browser)
        assert await socket.closed() == 4401

    scenes(play)


def test_guest_of_north_is_nobody_at_south(cast, link, room, scenes):
    async def play(connect):
        browser = await sync_to_async(browser_at)(link)
        socket = await connect(room.pk, None, "south").open(browser)
        assert await socket.closed() == 4401

    scenes(play)


def test_guest_does_nothing_that_is_a_hosts(cast, link, room, scenes):
    async def play(connect):
        await host_of(connect, cast, room)
        paula, peer = await arrive(connect, room, link)()
        for kind, fields in (
            ("admit", {"admission": peer}), ("admit_all", {}), ("deny", {"admission": peer}), ("block", {"admission": peer}), ("end", {}),
        ):  # fmt: skip
            await paula.send_message(kind, **fields)
            assert (await paula.hear("error"))["code"] == "not_allowed", kind
        assert await Admission.objects.filter(state="waiting").acount() == 1

    scenes(play)


def test_guests_and_a_client_meet_and_guests_read_first_names(cast, link, room, scenes):
    """LIV-08, LIV-09."""

    async def play(connect):
        tess = await host_of(connect, cast, room)
        come = arrive(connect, room, link)
        paula, _ = await come()
        otto, _ = await come("Otto Ohnekonto")
        await sync_to_async(actions.come_signed_in)(link, passphrase="", by=cast.gus, now=clock.now())
        gus = await connect(room.pk, cast.gus).open()
        await gus.send_message("hello")
        await gus.hear("welcome")
        await tess.send_message("admit_all")
        for socket in (paula, otto, gus):
            await socket.hear("admitted")
        await tess.send_message("chat", text="Welcome, all.")

        def names(socket):
            return {one["name"] for one in [m for m in socket.heard if m["type"] == "people"][-1]["people"]}

        for socket in (paula, otto, gus, tess):
            await socket.hear("chat")
            await socket.rest()
            assert socket.texts() == ["Welcome, all."]
        first = cast.gus.name.split()[0]
        assert names(paula) == {cast.tess.name, "Paula Gast", "Otto (guest)", first}
        assert names(tess) == {cast.tess.name, "Paula Gast (guest)", "Otto Ohnekonto (guest)", cast.gus.name}
        assert names(gus) == {cast.tess.name, "Paula Gast (guest)", "Otto Ohnekonto (guest)", cast.gus.name}

    scenes(play)


def test_guest_reads_that_the_host_is_in_another_session(cast, link, room, scenes):
    starts_at = clock.now() + timedelta(minutes=5)
    appointment = book_appointment(
        practitioner=cast.tess_staff, clients=[cast.cleo], starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45),
        time_zone="Europe/Berlin", service_name="Speech therapy", by=cast.tess, now=clock.now(),
    )  # fmt: skip
    session = live.open_room(appointment, now=clock.now())

    async def play(connect):
        paula, _ = await arrive(connect, room, link)()
        await where_is_host(paula, (False, False))
        tess = await host_of(connect, cast, session)
        await where_is_host(paula, (False, True))
        there = await host_of(connect, cast, room)
        await where_is_host(paula, (True, False))  # she is here, whatever else is open
        await there.send_message("leave")
        await where_is_host(paula, (False, True))
        await tess.send_message("leave")
        await where_is_host(paula, (False, False))

    scenes(play)


async def where_is_host(socket, expected):
    """Until news says to who waits whether the host is here, and whether elsewhere."""
    while True:
        waits = await socket.hear("waiting")
        if (waits["host_present"], waits["host_elsewhere"]) == expected:
            return


def test_removed_guest_is_out_by_every_tab(cast, link, room, scenes):
    async def play(connect):
        tess = await host_of(connect, cast, room)
        browser = await sync_to_async(browser_at)(link)
        come = arrive(connect, room, link)
        first, peer = await come(browser=browser)
        await tess.send_message("admit", admission=peer)
        await first.hear("engine")
        second, same = await come(browser=browser)
        assert same == peer
        assert await first.closed() == 4409

        await tess.send_message("remove", admission=peer)

        assert await second.hear("denied") == {"type": "denied", "was_in": True}
        assert await second.closed() == 4403

    scenes(play)


def test_blocked_guest_is_out_and_does_not_come_back(cast, link, room, scenes):
    async def play(connect):
        tess = await host_of(connect, cast, room)
        browser = await sync_to_async(browser_at)(link)
        paula, peer = await arrive(connect, room, link)(browser=browser)

        await tess.send_message("block", admission=peer)

        assert await paula.hear("denied") == {"type": "denied", "was_in": False}
        assert await paula.closed() == 4403
        again = await connect(room.pk, None).open(browser)
        assert await again.closed() == 4404

    scenes(play)


def test_reset_ends_who_waits_and_their_socket_does_not_come_back(cast, link, room, scenes):
    async def play(connect):
        browser = await sync_to_async(browser_at)(link)
        paula, _ = await arrive(connect, room, link)(browser=browser)

        await sync_to_async(actions.reset_link)(link, by=cast.tess, now=clock.now())

        assert await paula.closed() == 4403
        again = await connect(room.pk, None).open(browser)
        assert await again.closed() == 4404

    scenes(play)


def test_guest_is_moved_into_the_session_of_an_appointment(cast, link, room, scenes):
    starts_at = clock.now() + timedelta(minutes=5)
    appointment = book_appointment(
        practitioner=cast.tess_staff, clients=[cast.cleo], starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45),
        time_zone="Europe/Berlin", service_name="Speech therapy", by=cast.tess, now=clock.now(),
    )  # fmt: skip
    session = live.open_room(appointment, now=clock.now())

    async def play(connect):
        tess = await host_of(connect, cast, session)
        browser = await sync_to_async(browser_at)(link, "Ina Interpreter")
        ina, peer = await arrive(connect, room, link)(browser=browser)

        await sync_to_async(live.admit_into)(room, peer, into=session, by=cast.tess, now=clock.now())

        await ina.hear("moved")
        there = await connect(session.pk, None).open(browser)
        await there.send_message("hello")
        assert (await there.hear("welcome"))["state"] == "admitted"
        await there.hear("engine")
        while len(people := (await tess.hear("people"))["people"]) < 2:
            pass
        assert {one["name"] for one in people} == {cast.tess.name, "Ina Interpreter (guest)"}

    scenes(play)


def test_waiting_guest_and_host_write_to_each_other_and_nobody_else_reads_it(cast, link, room, scenes):
    async def play(connect):
        tess = await host_of(connect, cast, room)
        come = arrive(connect, room, link)
        paula, peer = await come()
        otto, _ = await come("Otto Ohnekonto")
        await paula.send_message("chat", text="Hello?")
        message = (await tess.hear("chat"))["message"]
        assert (message["name"], message["in_waiting_room"]) == ("Paula Gast (guest)", True)
        await tess.send_message("chat", text="In a minute.", admission=peer)
        for _ in range(2):
            await paula.hear("chat")
        await otto.rest()
        assert paula.texts() == ["Hello?", "In a minute."]
        assert otto.texts() == []

    scenes(play)


def test_host_who_ends_it_leaves_those_who_wait_waiting(cast, link, room, scenes):
    async def play(connect):
        tess = await host_of(connect, cast, room)
        come = arrive(connect, room, link)
        paula, peer = await come()
        otto, _ = await come("Otto Ohnekonto")
        await tess.send_message("admit", admission=peer)
        await paula.hear("admitted")

        await tess.send_message("end")

        await paula.hear("ended")
        await otto.rest()
        assert "ended" not in otto.kinds()
        states = [(one.name, one.state) async for one in Admission.objects.filter(is_host=False).order_by("name")]
        assert states == [("Otto Ohnekonto", "waiting"), ("Paula Gast", "left")]

    scenes(play)


def test_browser_that_is_signed_out_is_still_its_guest_and_one_without_session_is_nobody(cast, link, room, scenes):
    async def play(connect):
        browser = await sync_to_async(browser_at)(link)
        paula, _ = await arrive(connect, room, link)(browser=browser)
        await sync_to_async(browser.session.delete)(browser.session.session_key)
        await LinkGuest.objects.afirst()
        await paula.send_message("chat", text="Am I still here?")
        assert await paula.closed() == 4401

    scenes(play)


NAMES = {
    "  Паула\u200b Гость ": "Паула Гость",
    "دانة الضيفة": "دانة الضيفة",
    "\u202eeid\u202c Paula": "eid Paula",
    "宝拉 👋🏽": "宝拉 👋🏽",
    '"><b>Paula</b>': '"><b>Paula</b>',
}


@pytest.mark.parametrize("typed", NAMES)
def test_host_renames_a_guest_by_the_rule_of_their_own_names(cast, link, room, scenes, typed):
    async def play(connect):
        tess = await host_of(connect, cast, room)
        paula, peer = await arrive(connect, room, link)()
        await tess.send_message("admit", admission=peer)
        await paula.hear("admitted")
        await tess.send_message("rename", admission=peer, name=typed)
        await tess.hear("renamed")
        admission = await Admission.objects.select_related("guest").aget(pk=peer)
        assert (admission.name, admission.guest.name) == (NAMES[typed], NAMES[typed])
        again = await connect(room.pk, None).open(paula.browser)
        await again.send_message("hello", resume=True)
        assert (await again.hear("welcome"))["name"] == NAMES[typed]

    scenes(play)


@pytest.mark.parametrize(
    "typed, code",
    [("x" * 200, "name_too_long"), ("\u200b", "name_missing"), ("see www.bad.example", "name_is_address")],
)
def test_name_that_is_none_is_refused_with_its_sentence(cast, link, room, scenes, typed, code):
    async def play(connect):
        tess = await host_of(connect, cast, room)
        _, peer = await arrive(connect, room, link)()
        await tess.send_message("rename", admission=peer, name=typed)
        refused = await tess.hear("error")
        assert (refused["code"], refused["for"]) == (code, "rename")

    scenes(play)
    assert Admission.objects.get(is_host=False).name == "Paula Gast"


def test_renamed_like_somebody_who_works_here_is_marked_so(cast, link, room, scenes):
    async def play(connect):
        tess = await host_of(connect, cast, room)
        _, peer = await arrive(connect, room, link)()
        await tess.send_message("rename", admission=peer, name=cast.nora.name)
        await tess.hear("renamed")
        assert (await LinkGuest.objects.aget()).mark == "namesake"
        for nobody in ("x", "0191a2b3-0000-7000-8000-000000000001"):
            await tess.send_message("rename", admission=nobody, name="Somebody")
            assert (await tess.hear("error"))["code"] in ("not_here", "not_waiting")

    scenes(play)


def test_guest_by_link_and_host_write_to_each_other_alone(cast, link, room, scenes):
    async def play(connect):
        tess = await host_of(connect, cast, room)
        come = arrive(connect, room, link)
        paula, peer = await come()
        await tess.send_message("admit", admission=peer)
        await paula.hear("admitted")
        otto, other = await come("Otto Ohnekonto")
        await tess.send_message("admit", admission=other)
        await otto.hear("admitted")
        await tess.send_message("private", to=peer, text="Stay a moment longer")
        heard = (await paula.hear("chat"))["message"]
        assert (heard["text"], heard["private_with"]["name"]) == ("Stay a moment longer", cast.tess.name)
        assert (await tess.hear("chat"))["message"]["private_with"]["name"] == "Paula Gast (guest)"
        await paula.send_message("private", to=other, text="psst")
        assert (await paula.hear("error"))["code"] == "only_with_hosts"
        await otto.rest()
        assert otto.texts() == []

    scenes(play)
