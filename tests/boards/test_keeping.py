"""Whoever draws hears what has become of it: that it is kept, that it is to be sent again, or that it is not kept. Nothing is lost between."""

import pytest
from django.db import DataError, OperationalError

from core.kernel import clock
from sessions_live.boards.actions.boards import create_board
from sessions_live.boards.consumers import access, pace
from sessions_live.boards.consumers.board import FLOODED
from sessions_live.boards.consumers.hub import Hub, Outbox
from sessions_live.boards.consumers.pace import Pace
from sessions_live.boards.models import BoardPicture, BoardUpdate
from tests.boards.handmade import gone
from tests.boards.handmade import update as handmade


def test_author_hears_saved_when_the_hub_has_read_the_update_before_it_was_published(cast, board, pages, monkeypatch):
    """As it goes when another process stores one right after: word of that comes first, and everything before it is read."""
    publish = Hub.publish

    async def late(hub, *values):
        await hub.refresh()
        await publish(hub, *values)

    monkeypatch.setattr(Hub, "publish", late)

    async def play(open_page):
        tess, gus = await open_page(cast.tess), await open_page(cast.gus)
        key = await gus.stroke()  # hears that it is saved
        await tess.hear("update")
        assert tess.shown() == {key}

    pages(play)


def test_author_hears_once_that_a_stroke_is_saved(cast, board, pages):
    async def play(open_page):
        gus = await open_page(cast.gus)
        for _ in range(3):
            await gus.stroke()
        await gus.send_message("ping")
        await gus.hear("pong")
        assert not [message for message in gus.heard if message["type"] == "saved"]

    pages(play)


@pytest.fixture
def broken(monkeypatch):
    """`broken[0]`: the error with which the database answers who writes; None: it writes."""
    error, store = [None], access.append_update

    def append_update(*values, **facts):
        if error[0] is not None:
            raise error[0]
        return store(*values, **facts)

    monkeypatch.setattr(access, "append_update", append_update)
    return error


def test_stroke_that_the_database_cannot_take_now_is_told_to_who_drew_it_and_kept_when_it_is_sent_again(
    cast, board, pages, broken
):
    async def play(open_page):
        tess, gus = await open_page(cast.tess), await open_page(cast.gus)
        first, update = gus.writer.stroke()
        second, next_update = gus.writer.stroke()
        broken[0] = OperationalError("the server is away")
        number = await gus.draw(update)
        told = await gus.hear("later", number=number)
        assert told["code"] == "not_kept" and told["message"].endswith(".") and told["after_ms"] > 0
        broken[0] = None
        await gus.draw(next_update)  # was on the way already; leads to nothing yet
        await gus.send_message("ping")
        await gus.hear("pong")
        assert not [message for message in gus.heard if message["type"] in ("saved", "refused", "error")]
        assert not tess.shown()
        gus.number = 0
        for each in (update, next_update):
            await gus.hear("saved", number=await gus.draw(each))
            await tess.hear("update")
        assert tess.shown() == {first, second}

    pages(play)
    assert BoardUpdate.objects.count() == 2


def test_stroke_that_the_database_never_takes_is_told_to_who_drew_it_and_to_nobody_else(cast, board, pages, broken):
    async def play(open_page):
        tess, gus = await open_page(cast.tess), await open_page(cast.gus)
        broken[0] = DataError("no such value")
        number = await gus.draw(gus.writer.stroke()[1])
        told = await gus.hear("refused", number=number)
        assert told["code"] == "not_kept" and told["message"].endswith(".")
        broken[0] = None
        again = await open_page(cast.gus)  # begins anew, and draws
        key = await again.stroke()
        await tess.hear("update")
        assert tess.shown() == {key}

    pages(play)
    assert BoardUpdate.objects.count() == 1


def test_updates_that_come_too_fast_are_told_and_kept_when_they_are_sent_again(cast, board, pages, monkeypatch):
    monkeypatch.setattr(pace, "RATE", 0)
    monkeypatch.setattr(pace, "BURST", 5)

    async def play(open_page):
        gus = await open_page(cast.gus)
        drawn = [gus.writer.stroke() for _ in range(8)]
        for _, update in drawn:
            await gus.draw(update)
        told = await gus.hear("later")
        assert told["code"] == "too_fast" and "faster" in told["message"]
        saved = [message["number"] for message in gus.heard if message["type"] == "saved"]
        assert saved == list(range(1, told["number"])) and saved
        monkeypatch.setattr(Pace, "takes", lambda *all: True)
        gus.number = told["number"] - 1
        for _, update in drawn[told["number"] - 1 :]:
            await gus.hear("saved", number=await gus.draw(update))
        assert (await open_page(cast.tess)).shown() == {key for key, _ in drawn}

    pages(play)
    assert BoardUpdate.objects.count() == 8


def test_page_that_goes_on_and_never_sends_again_what_was_put_off_is_closed(cast, board, pages, monkeypatch):
    monkeypatch.setattr(pace, "BURST", 0)
    monkeypatch.setattr(pace, "MOST_UNHEARD", 50)

    async def play(open_page):
        gus = await open_page(cast.gus)
        update = gus.writer.stroke()[1]
        for _ in range(60):
            await gus.draw(update)
        assert await gus.closed() == FLOODED

    pages(play)
    assert not BoardUpdate.objects.exists()


@pytest.mark.unit
def test_hand_at_sixty_a_second_is_never_too_fast_and_a_program_is():
    hand, program, full = Pace(), Pace(), Pace()
    assert all(hand.takes(120, at / 60) for at in range(60 * 60))
    assert not all(program.takes(120, at / 2000) for at in range(4000))
    assert sum(full.takes(60_000, at / 60) for at in range(600)) < 60  # the largest ones cost more


def test_update_that_would_fill_the_memory_ends_its_page_and_harms_nobody(cast, board, pages):
    async def play(open_page):
        tess, gus = await open_page(cast.tess), await open_page(cast.gus)
        key = await tess.stroke()
        await gus.draw(handmade(gone(2**31 - 1), author=gus.welcome["page"]))
        assert (await gus.hear("error"))["message"].endswith(".")
        assert await gus.closed() == 4422
        assert (await open_page(cast.gus)).shown() == {key}
        await tess.stroke()

    pages(play)
    assert BoardUpdate.objects.count() == 2


def test_board_on_which_too_much_was_done_refuses_with_a_sentence(cast, board, pages, monkeypatch):
    monkeypatch.setattr("sessions_live.boards.rules.board_updates.MOST_CLOCKS", 3)

    async def play(open_page):
        gus = await open_page(cast.gus)
        await gus.stroke()
        await gus.draw(gus.writer.stroke()[1])
        told = await gus.hear("refused")
        assert told["code"] == "board_full" and "full" in told["message"]

    pages(play)
    assert BoardUpdate.objects.count() == 1


def test_picture_of_another_board_is_not_taken(cast, board, pages):
    now = clock.now()
    other = create_board(client=cast.cleo, title="Other", client_access="none", by=cast.tess, now=now)
    foreign, own = (
        BoardPicture.objects.create(board=one, file="x", width=1, height=1, added_by=cast.tess, added_at=now)
        for one in (other, board)
    )
    frame = {"kind": "image", "x": 0, "y": 0, "w": 9, "h": 9}

    async def play(open_page):
        gus = await open_page(cast.gus)
        key = await gus.stroke(picture=str(own.pk), **frame)
        await gus.draw(gus.writer.stroke(picture=str(foreign.pk), **frame)[1])
        assert await gus.closed() == 4422
        assert (await open_page(cast.tess)).shown() == {key}

    pages(play)
    assert BoardUpdate.objects.count() == 1


def test_large_board_with_a_long_tail_opens(cast, board, pages):
    """More frames than wait for a page at once."""
    now = clock.now()
    update = bytes(2)
    rows = [BoardUpdate(board=board, sequence=each, update=update, author=cast.tess, at=now) for each in range(1, 2500)]
    BoardUpdate.objects.bulk_create(rows)
    board.sequence = len(rows)
    board.save()
    assert len(rows) > Outbox.MOST

    async def play(open_page):
        gus = await open_page(cast.gus)
        assert gus.last == len(rows)
        await gus.stroke()

    pages(play)
