"""The socket of a board: what one draws the others see, what is confirmed is stored, and whoever may not draw does not."""

import random
import struct

import pytest
from asgiref.sync import sync_to_async

from core.kernel import clock
from core.people.models import Client, LinkedLogin
from core.people.signals import access_changed
from sessions_live.boards.actions.boards import change_board, create_board, delete_board
from sessions_live.boards.actions.updates import compact
from sessions_live.boards.consumers.frames import DRAWING, POINTER, UPDATE
from sessions_live.boards.format.encoding import BadUpdate
from sessions_live.boards.format.items import Writer as Rights
from sessions_live.boards.format.items import base36
from sessions_live.boards.models import Board, BoardAuthor, BoardUpdate
from sessions_live.boards.rules.board_updates import Document
from tests.boards.pages import BoardPage, Writer


def in_thread(act, *args, **values):
    return sync_to_async(act)(*args, **values)


def test_stroke_is_stored_confirmed_and_seen_by_the_others(cast, board, pages):
    async def play(open_page):
        tess, gus = await open_page(cast.tess), await open_page(cast.gus)
        key = await gus.stroke()
        await tess.hear("update")
        assert tess.shown() == {key}
        assert tess.writer.maps["items"][key]["by"] == gus.welcome["key"]

    pages(play)
    row = BoardUpdate.objects.get()
    assert (row.sequence, row.author) == (1, cast.gus)


def test_page_that_comes_later_gets_snapshot_and_tail(cast, board, pages):
    async def play(open_page):
        tess = await open_page(cast.tess)
        first = [await tess.stroke() for _ in range(3)]
        assert await in_thread(compact, board.pk, now=clock.now()) == 3
        second = await tess.stroke()
        late = await open_page(cast.gus)
        assert late.shown() == {*first, second}
        assert late.last == 4
        key = await late.stroke()  # and what is drawn on top of a snapshot is taken
        await tess.hear("update")
        assert key in tess.shown()
        back = await open_page(cast.gus, after=4)
        assert back.shown() == {key}

    pages(play)


def test_page_comes_back_under_its_number_and_sends_again_what_was_not_confirmed(cast, board, pages):
    async def play(open_page):
        tess = await open_page(cast.tess)
        key, update = tess.writer.stroke()
        await tess.hear("saved", number=await tess.draw(update))
        await tess.lose()
        back = await open_page(cast.tess, seat=tess.welcome["seat"])
        assert back.welcome["page"] == tess.welcome["page"]
        await back.hear("saved", number=await back.draw(update))

    pages(play)
    assert BoardUpdate.objects.count() == 1


def test_seat_of_somebody_else_is_worth_nothing(cast, board, pages):
    async def play(open_page):
        tess = await open_page(cast.tess)
        gus = await open_page(cast.gus, seat=tess.welcome["seat"])
        assert gus.welcome["page"] != tess.welcome["page"]

    pages(play)


FORGERIES = {
    "another author": lambda writer, other: writer.stroke(by=other.welcome["key"])[1],
    "another time": lambda writer, other: writer.stroke(at=writer.now_ms - 48 * 3600 * 1000)[1],
    "a huge width": lambda writer, other: writer.stroke(width=9999)[1],
    "something besides": lambda writer, other: writer.stroke(html="<script>")[1],
    "another map": lambda writer, other: writer.update(
        lambda maps: writer.document.get("more", type=type(maps["items"])).__setitem__("a", 1)
    ),
    "the other's key": lambda writer, other: writer.update(
        lambda maps: maps["items"].__setitem__(f"{base36(other.welcome['page'])}-99", {"kind": "pen"})
    ),
    "the other's item away": lambda writer, other: writer.update(
        lambda maps: maps["items"].pop(next(iter(maps["items"])))
    ),
    "the other's item anew": lambda writer, other: writer.update(
        lambda maps: maps["items"].__setitem__(next(iter(maps["items"])), dict(next(iter(maps["items"].values()))))
    ),
    "nonsense": lambda writer, other: b"\x01\x02nonsense",
    "too much": lambda writer, other: b"\x00" * 70_000,
}


@pytest.mark.parametrize("how", FORGERIES)
def test_forged_update_is_refused_and_its_page_cut_off(cast, board, pages, how):
    async def play(open_page):
        tess = await open_page(cast.tess)
        key = await tess.stroke()
        gus = await open_page(cast.gus)
        await gus.draw(FORGERIES[how](gus.writer, tess))
        assert (await gus.hear("error"))["message"].endswith(".")
        assert await gus.closed() == 4422
        another = await tess.stroke()
        late = await open_page(cast.gus)
        assert late.shown() == {key, another}
        assert late.writer.maps["items"][key]["by"] == tess.welcome["key"]

    pages(play)


def test_page_number_of_somebody_else_is_refused(cast, board, pages):
    """Otherwise one person's strokes would stand in the way of another's, who counts on from there."""

    async def play(open_page):
        tess = await open_page(cast.tess)
        gus = await open_page(cast.gus)
        _, update = tess.writer.stroke(by=gus.welcome["key"])
        await gus.draw(update)
        assert await gus.closed() == 4422

    pages(play)
    assert not BoardUpdate.objects.exists()


def test_thousands_of_damaged_updates_harm_nobody(cast, board, pages):
    """As they come from a page that has gone mad: bits turned, cut, repeated, put together. Nothing but what is right is stored."""
    chance = random.Random(7)
    good = [Writer(5, "k", 1000.0).stroke()[1] for _ in range(3)]
    taken = 0
    for _ in range(10_000):
        update = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 6)):
            how = chance.randint(0, 3)
            if how == 0 and update:
                update[chance.randrange(len(update))] ^= 1 << chance.randrange(8)
            elif how == 1:
                del update[chance.randrange(len(update) + 1) :]
            elif how == 2:
                update[chance.randrange(len(update) + 1) : 0] = chance.randbytes(chance.randint(1, 9))
            else:
                update += update[: chance.randrange(len(update) + 1)]
        document = Document()
        try:
            document.take(document.check(bytes(update), Rights(5, "k", 1000.0)))
            taken += 1
        except BadUpdate:
            continue
    assert taken < 2000  # a bit of a coordinate may turn and still be one


@pytest.mark.parametrize("damage", range(20))
def test_damaged_update_on_the_socket_ends_its_page_only(cast, board, pages, damage):
    async def play(open_page):
        tess, gus = await open_page(cast.tess), await open_page(cast.gus)
        key = await tess.stroke()
        await gus.draw(random.Random(damage).randbytes(40))
        assert await gus.closed() == 4422
        assert {key, await tess.stroke()} == (await open_page(cast.gus)).shown()

    pages(play)


def test_reader_who_writes_is_told_and_cut_off(cast, board, pages):
    change_board(board, title="Board", client_access="look", by=cast.tess)

    async def play(open_page):
        tess, gus = await open_page(cast.tess), await open_page(cast.gus)
        assert gus.welcome["draws"] is False
        await gus.draw(gus.writer.stroke()[1])
        assert "look" in (await gus.hear("error"))["message"]
        assert await gus.closed() == 4403
        gus = await open_page(cast.gus)
        await gus.send(binary=bytes([DRAWING]) + b"x")
        assert await gus.closed() == 4403
        assert not tess.shown()

    pages(play)
    assert not BoardUpdate.objects.exists()


def test_page_that_has_not_heard_yet_that_it_only_looks_loses_its_last_stroke_and_stays(cast, board, pages):
    async def play(open_page):
        gus = await open_page(cast.gus)
        await in_thread(change_board, board, title="Board", client_access="look", by=cast.tess)
        await gus.hear("rights", draws=False)
        await gus.draw(gus.writer.stroke()[1])
        assert (await gus.hear("refused"))["code"] == "look_only"

    pages(play)
    assert not BoardUpdate.objects.exists()


def test_board_hidden_from_the_client_closes_their_page(cast, board, pages):
    async def play(open_page):
        gus = await open_page(cast.gus)
        await in_thread(change_board, board, title="Board", client_access="none", by=cast.tess)
        assert await gus.closed() == 4404

    pages(play)


def test_deleted_board_closes_every_page(cast, board, pages):
    async def play(open_page):
        tess = await open_page(cast.tess)
        await tess.stroke()
        await in_thread(delete_board, board, by=cast.tess)
        assert await tess.closed() == 4404

    pages(play)
    assert not Board.objects.exists()


def test_login_that_is_no_longer_tied_loses_the_board_at_once(cast, board, pages):
    async def play(open_page):
        gus = await open_page(cast.gus)
        await in_thread(LinkedLogin.objects.filter(user=cast.gus).delete)
        await in_thread(access_changed.send, sender=None, user=cast.gus, now=clock.now())
        assert await gus.closed() == 4404

    pages(play)


def test_inactive_client_is_shown_and_not_drawn_for(cast, board, pages):
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")

    async def play(open_page):
        assert (await open_page(cast.tess)).welcome["draws"] is False

    pages(play)


def test_signed_out_page_is_closed(cast, board, pages):
    async def play(open_page):
        gus = await open_page(cast.gus)
        await in_thread(gus.browser.logout)
        await gus.draw(gus.writer.stroke()[1])
        assert await gus.closed() == 4401

    pages(play)
    assert not BoardUpdate.objects.exists()


@pytest.mark.parametrize("who", ["ada", "olga"])
def test_strangers_see_no_board(cast, board, pages, who):
    async def play(open_page):
        page = BoardPage(board, getattr(cast, who), "south" if who == "olga" else "north")
        await page.open()
        assert await page.closed() == 4404

    pages(play)


def test_moments_are_passed_on_and_not_kept(cast, board, pages):
    async def play(open_page):
        tess, gus = await open_page(cast.tess), await open_page(cast.gus)
        await gus.send(binary=bytes([POINTER]) + b"here")
        frame = await tess.hear("moments")
        assert frame[1:] == struct.pack(">IBH", gus.welcome["page"], POINTER, 4) + b"here"

    pages(play)
    assert not BoardUpdate.objects.exists()


def test_full_board_says_so_and_keeps_what_it_has(cast, board, pages, monkeypatch):
    monkeypatch.setattr("sessions_live.boards.actions.updates.MOST_DOCUMENT_BYTES", 300)

    async def play(open_page):
        gus = await open_page(cast.gus)
        await gus.stroke()
        await gus.draw(gus.writer.stroke()[1])
        assert "full" in (await gus.hear("refused"))["message"]

    pages(play)
    assert BoardUpdate.objects.count() == 1


@pytest.mark.parametrize("frame", [b"", b"\x09abc", bytes([UPDATE]) + b"\x00"])
def test_frame_of_no_kind_ends_its_page(cast, board, pages, frame):
    async def play(open_page):
        gus = await open_page(cast.gus)
        await gus.send(binary=frame)
        assert await gus.closed() == 4422

    pages(play)


def test_boards_of_two_clients_never_mix(cast, board, pages):
    other = create_board(client=cast.cleo, title="Other", client_access="draw", by=cast.tess, now=clock.now())

    async def play(open_page):
        one, two = await open_page(cast.tess), await open_page(cast.gus, of=other)
        await one.stroke()
        key = await two.stroke()
        assert two.shown() == {key}

    pages(play)


def test_names_go_by_key_and_no_login_is_named(cast, board, pages):
    async def play(open_page):
        gus = await open_page(cast.gus)
        await open_page(cast.tess)
        people = await gus.hear("people")
        while len(people["people"]) < 2:
            people = await gus.hear("people")
        assert str(cast.tess.pk) not in str(people)

    pages(play)
    assert BoardAuthor.objects.count() == 2


def test_flood_of_moments_ends_its_page_and_thirty_strokes_at_once_do_not(cast, board, pages):
    async def play(open_page):
        gus = await open_page(cast.gus)
        for _ in range(600):
            await gus.send(binary=bytes([POINTER]) + b"x")
        assert await gus.closed() == 4429
        gus = await open_page(cast.gus)
        keys = [await gus.stroke() for _ in range(30)]
        assert (await open_page(cast.tess)).shown() == set(keys)

    pages(play)
