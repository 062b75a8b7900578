"""Drawing over a shared screen, over real sockets: passed on to who is in the same room at the same screen, checked when written, kept nowhere."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from asgiref.sync import sync_to_async

from core.kernel import clock
from core.people.models import LinkedLogin
from core.people.signals import access_changed
from sessions_live.boards.actions.boards import change_board, create_board, ensure_board
from sessions_live.boards.consumers import ink
from sessions_live.boards.queries import may_ink
from sessions_live.models import Admission, LinkGuest, Room
from tests.factories.scheduling import book, make_client
from tests.live.arrivals import tess_and_gus

POINTS = [0, 0, 5000, 5000, 10_000, 10_000]


@pytest.fixture
def screens(cast, room, scenes):
    """`screens(play)`: Tess and Gus are in; `look(who, peer=…)` opens the page of somebody at a screen, Tess's unless another is meant."""

    def run(play):
        async def scene(connect):
            tess, gus, gus_id = await tess_and_gus(connect, cast, room)
            await tess.send_message("admit", admission=gus_id)
            await gus.hear("engine")
            peers = {"gus": gus_id, "tess": str((await Admission.objects.aget(user=cast.tess)).pk)}

            async def look(who, peer="tess", organization="north", at_room=room.pk):
                socket = connect(None, who, organization)
                socket.path = f"/ws/ink/{at_room}/{peers.get(peer, peer)}/"
                return await socket.open()

            async def enter(who, peer="tess"):
                socket = await look(who, peer)
                await socket.send_message("hello")
                socket.welcome = await socket.hear("welcome")
                return socket

            await play(look, enter, SimpleNamespace(host_page=tess, **peers))

        scenes(scene)

    return run


def stroke(socket, number=1, **other):
    return {"stroke": f"{socket.welcome['key']}-{number}", "colour": 1, "width": 5, "points": POINTS, **other}


async def quiet(*sockets):
    """That nothing was told to these; afterwards they still answer."""
    for socket in sockets:
        await socket.rest()
        assert not socket.kinds() & {"ink", "rub", "wipe"}


def test_stroke_is_seen_by_the_others_at_this_screen_and_by_nobody_at_another(cast, screens):
    async def play(look, enter, people):
        tess, gus, other = await enter(cast.tess), await enter(cast.gus), await enter(cast.tess, peer="gus")
        assert tess.welcome["shares"] is True and gus.welcome["shares"] is False
        await gus.send_message("ink", strokes=[stroke(gus)])
        assert (await tess.hear("ink"))["strokes"] == [stroke(gus)]
        await tess.send_message("rub", strokes=[stroke(gus)["stroke"]])
        assert (await gus.hear("rub"))["strokes"] == [stroke(gus)["stroke"]]
        await gus.send_message("wipe")
        await tess.hear("wipe")
        await quiet(other)

    screens(play)


def test_page_of_who_shares_sends_everything_to_a_page_that_comes_and_to_no_other(cast, screens):
    async def play(look, enter, people):
        tess, gus = await enter(cast.tess), await enter(cast.gus)
        late = await enter(cast.gus)
        for page in (gus, late):
            assert (await tess.hear("came", page=page.welcome["key"]))["page"] == page.welcome["key"]
        await tess.send_message("ink", strokes=[stroke(gus), stroke(tess)], to=late.welcome["key"])
        assert len((await late.hear("ink"))["strokes"]) == 2
        await quiet(gus)
        late.heard.clear()
        await gus.send_message("ink", strokes=[stroke(tess)], to=late.welcome["key"])  # does not share
        await quiet(tess, late)

    screens(play)


BAD = {
    "in another one's name": lambda one: {**one, "stroke": "00000000-1"},
    "no name": lambda one: {**one, "stroke": "x"},
    "a colour that is none": lambda one: {**one, "colour": 8},
    "a width beyond": lambda one: {**one, "width": 41},
    "beside the picture": lambda one: {**one, "points": [0, 10_001]},
    "left of the picture": lambda one: {**one, "points": [-1, 0]},
    "half a point": lambda one: {**one, "points": [1, 2, 3]},
    "no point": lambda one: {**one, "points": []},
    "no number": lambda one: {**one, "points": ["<b>", 1]},
    "true": lambda one: {**one, "points": [True, 1]},
    "too many points": lambda one: {**one, "points": [1] * 202},
    "something besides": lambda one: {**one, "html": "<script>"},
    "no stroke": lambda one: "stroke",
}


@pytest.mark.parametrize("how", BAD)
def test_what_no_page_of_ours_sends_is_refused_and_reaches_nobody(cast, screens, how):
    async def play(look, enter, people):
        tess, gus = await enter(cast.tess), await enter(cast.gus)
        await gus.send_message("ink", strokes=[BAD[how](stroke(gus))])
        assert (await gus.hear("error"))["message"].endswith(".")
        await quiet(tess)
        await gus.send_message("ink", strokes=[stroke(gus)])
        await tess.hear("ink")

    screens(play)


def test_too_many_strokes_at_once_and_names_that_are_none_are_refused(cast, screens):
    async def play(look, enter, people):
        tess, gus = await enter(cast.tess), await enter(cast.gus)
        await gus.send_message("ink", strokes=[stroke(gus, each) for each in range(ink.MOST_STROKES + 1)])
        await gus.hear("error", code="bad_message")
        await gus.send_message("rub", strokes=["../x"])
        await gus.hear("error", code="bad_message")
        await quiet(tess)

    screens(play)


def test_flood_of_points_and_an_answer_to_nobody_are_refused(cast, screens, monkeypatch):
    monkeypatch.setattr(ink, "POINTS_RATE", 0)
    monkeypatch.setattr(ink, "POINTS_BURST", 100)

    async def play(look, enter, people):
        tess, gus = await enter(cast.tess), await enter(cast.gus)
        await gus.send_message("ink", strokes=[stroke(gus, points=[1] * 180)])
        await tess.hear("ink")
        tess.heard.clear()
        await gus.send_message("ink", strokes=[stroke(gus, 2, points=[1] * 40)])
        await gus.hear("error", code="rate_limited")
        await quiet(tess)
        await tess.send_message("ink", strokes=[stroke(gus, points=[1] * 200)], to=gus.welcome["key"])
        await gus.hear("ink")  # what there is, is sent whatever was drawn before
        await tess.send_message("ink", strokes=[], to="x" * 5000)
        await tess.hear("error", code="bad_message")
        await gus.send_message("rub", strokes=[stroke(gus)["stroke"]] * 201)
        await gus.hear("error", code="too_large")

    screens(play)


def test_guest_draws_only_as_long_as_the_board_lets_them(cast, room, screens):
    board = create_board(client=cast.cleo, title="Board", client_access="look", by=cast.tess, now=clock.now())

    async def play(look, enter, people):
        tess, gus = await enter(cast.tess), await enter(cast.gus)
        assert gus.welcome["draws"] is False and tess.welcome["draws"] is True
        for message in ({"kind": "ink", "strokes": [stroke(gus)]}, {"kind": "rub", "strokes": []}, {"kind": "wipe"}):
            await gus.send_message(**message)
            assert (await gus.hear("error"))["code"] == "look_only"
        await quiet(tess)
        await tess.send_message("ink", strokes=[stroke(tess)])
        await gus.hear("ink")
        await sync_to_async(change_board)(board, title="Board", client_access="draw", by=cast.tess)
        await gus.send_message("ink", strokes=[stroke(gus)])
        await tess.hear("ink")
        await gus.hear("rights", draws=True)
        await sync_to_async(change_board)(board, title="Board", client_access="none", by=cast.tess)
        await gus.send_message("ink", strokes=[stroke(gus, 2)])
        assert (await gus.hear("error"))["code"] == "look_only"

    screens(play)


def test_guest_who_shares_and_may_not_draw_still_answers_pages_that_come(cast, room, screens):
    create_board(client=cast.cleo, title="Board", client_access="look", by=cast.tess, now=clock.now())

    async def play(look, enter, people):
        gus, tess = await enter(cast.gus, peer="gus"), await enter(cast.tess, peer="gus")
        await gus.hear("came")
        await gus.send_message("ink", strokes=[stroke(tess)], to=tess.welcome["key"])
        await tess.hear("ink")
        await gus.send_message("ink", strokes=[stroke(gus)])
        await gus.hear("error", code="look_only")

    screens(play)


def test_whoever_is_not_in_the_room_gets_no_line(cast, room, screens):
    async def play(look, enter, people):
        for who, organization in (
            (cast.nora, "north"),
            (cast.cleo_login, "north"),
            (cast.ada, "north"),
            (cast.olga, "south"),
        ):
            assert await (await look(who, organization=organization)).closed() == ink.NOT_HERE
        assert await (await look(cast.tess, peer=str(room.pk))).closed() == ink.NOT_HERE  # nobody who could share

    screens(play)


def test_line_ends_with_the_person_s_or_the_sharer_s_time_in_the_room(cast, room, screens):
    async def play(look, enter, people):
        gus, watcher = await enter(cast.gus), await enter(cast.tess, peer="gus")
        await people.host_page.send_message("remove", admission=people.gus)
        assert await gus.closed() == ink.NOT_HERE
        assert await watcher.closed() == ink.NOT_HERE

    screens(play)


def test_removed_page_that_heard_nothing_of_it_writes_nothing(cast, room, screens, monkeypatch):
    monkeypatch.setattr(ink, "TOLD", frozenset())  # as when the cache server is away

    async def play(look, enter, people):
        tess, gus = await enter(cast.tess), await enter(cast.gus)
        await sync_to_async(Admission.objects.filter(user=cast.gus).update)(state=Admission.State.DENIED)
        await gus.send_message("ink", strokes=[stroke(gus)])
        assert await gus.closed() == ink.NOT_HERE
        await quiet(tess)

    screens(play)


def test_login_that_is_tied_to_the_client_no_more_loses_the_line_at_once(cast, room, screens):
    async def play(look, enter, people):
        gus = await enter(cast.gus)
        await sync_to_async(LinkedLogin.objects.filter(user=cast.gus).delete)()
        await sync_to_async(access_changed.send)(sender=None, user=cast.gus, now=clock.now())
        assert await gus.closed() == ink.NOT_HERE

    screens(play)


def test_signed_out_page_is_closed(cast, room, screens):
    async def play(look, enter, people):
        gus = await enter(cast.gus)
        await sync_to_async(gus.browser.logout)()
        await gus.send_message("wipe")
        assert await gus.closed() == 4401

    screens(play)


def test_page_that_has_not_said_hello_writes_and_hears_nothing(cast, room, screens):
    async def play(look, enter, people):
        tess, gus = await enter(cast.tess), await look(cast.gus)
        await gus.send_message("wipe")
        await gus.hear("error", code="not_joined")
        await tess.send_message("wipe")
        await quiet(gus, tess)

    screens(play)


def test_stroke_that_goes_on_is_asked_about_once_a_second(cast, room, screens, monkeypatch):
    asked, look_up = [], ink.InkAccess.look
    monkeypatch.setattr(ink.InkAccess, "look", lambda self: asked.append(self) or look_up(self))

    async def play(look, enter, people):
        tess, gus = await enter(cast.tess), await enter(cast.gus)
        asked.clear()
        for end in range(2, 7, 2):
            await gus.send_message("ink", strokes=[stroke(gus, points=POINTS[:end])])
            await tess.hear("ink")
        assert len(asked) == 1
        await gus.send_message("ink", strokes=[stroke(gus, 2)])
        await tess.hear("ink")
        assert len(asked) == 2

    screens(play)


def test_who_may_draw_over_screens_is_who_may_draw_on_the_board_of_the_session(cast, room):
    assert may_ink(cast.tess, room, is_host=True) and may_ink(cast.gus, room, is_host=False)
    board = ensure_board(room.appointment, by=cast.tess, now=clock.now())
    for access, may in (("draw", True), ("look", False), ("none", False)):
        change_board(board, title="Board", client_access=access, by=cast.tess)
        assert may_ink(cast.gus, room, is_host=False) is may
    group = book(
        cast,
        clients=[cast.cleo, make_client("Otto", practitioner=cast.tess_staff)],
        at=clock.now() + timedelta(hours=2),
    )
    assert may_ink(cast.gus, Room(appointment=group), is_host=False)
    assert not may_ink(cast.gus, Room(appointment=None), is_host=False)  # a personal room has no board
    assert not may_ink(LinkGuest(), room, is_host=False)  # and whoever has no login, none either


def test_nothing_of_it_is_an_audit_row_or_a_message_of_another_kind(cast, room, screens):
    async def play(look, enter, people):
        tess, gus = await enter(cast.tess), await enter(cast.gus)
        await gus.send_message("ink", strokes=[stroke(gus)])
        heard = await tess.hear("ink")
        assert set(heard) == {"type", "strokes"} and str(cast.gus.pk) not in json.dumps(heard)

    screens(play)
