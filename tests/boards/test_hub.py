"""Several processes hold one board: what is stored by one is heard by all, in order, whatever is lost on the way."""

import asyncio

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from core.kernel import clock
from sessions_live.boards.actions.boards import ensure_author
from sessions_live.boards.actions.updates import append_update, compact
from sessions_live.boards.consumers.frames import POINTER, Moment
from sessions_live.boards.consumers.hub import Hub, Outbox
from tests.boards.pages import Writer


class Listener:
    """A page, as far as a hub knows it."""

    def __init__(self, page_number):
        self.page_number, self.facts = page_number, {"page": page_number}
        self.updates, self.moments, self.begins_anew = [], [], False

    def hear_update(self, sequence, update, page_number, number):
        if sequence:
            self.updates.append((sequence, page_number))
        else:
            self.begins_anew = True

    def hear_moments(self, moments):
        self.moments += moments

    def hear_people(self):
        pass

    def hear_change(self):
        pass


@pytest.fixture
def processes(cast, board, monkeypatch):
    """`processes(play)`: two hubs of one board, a listener in each, and `store()`, which stores another stroke of Gus's."""
    monkeypatch.setattr("channels.db.close_old_connections", lambda: None)  # they would end the test's transaction
    writer = Writer(41, ensure_author(board, by=cast.gus).key, clock.now().timestamp() * 1000)

    def store():
        update = writer.stroke()[1]
        return append_update(board, update, by=cast.gus, now=clock.now()).sequence, update

    def run(play):
        async def scene():
            hubs = [Hub(board.pk), Hub(board.pk)]
            pages = [Listener(41), Listener(42)]
            for hub, page in zip(hubs, pages, strict=True):
                await hub.open()
                hub.members.add(page)
            try:
                await play(hubs, pages, sync_to_async(store))
            finally:
                for hub in hubs:
                    await hub.close()

        async_to_sync(scene)()

    return run


async def until(is_so):
    for _ in range(500):
        if is_so():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came")


def test_update_reaches_every_process_once(processes):
    async def play(hubs, pages, store):
        for number in (1, 2, 3):
            await hubs[0].publish(*await store(), 41, number)
        await until(lambda: len(pages[1].updates) == 3)
        assert pages[0].updates == pages[1].updates == [(1, 41), (2, 41), (3, 41)]
        assert hubs[1].document.items == hubs[0].document.items

    processes(play)


def test_update_of_which_no_word_came_is_read_when_the_next_one_comes(processes):
    async def play(hubs, pages, store):
        await store()
        await hubs[0].publish(*await store(), 41, 2)
        assert [sequence for sequence, _ in pages[0].updates] == [1, 2]
        await until(lambda: len(pages[1].updates) == 2)

    processes(play)


def test_update_of_which_no_word_came_at_all_is_read_when_somebody_looks(processes):
    async def play(hubs, pages, store):
        await store()
        await hubs[1].refresh()
        assert [sequence for sequence, _ in pages[1].updates] == [1]

    processes(play)


def test_pages_begin_anew_where_a_snapshot_has_taken_the_place_of_what_they_lack(processes, board):
    async def play(hubs, pages, store):
        await store()
        await store()
        await sync_to_async(compact)(board.pk, now=clock.now())
        await hubs[1].refresh()
        assert pages[1].begins_anew and hubs[1].last == 2

    processes(play)


def test_moments_reach_other_processes_and_not_who_made_them(processes):
    async def play(hubs, pages, store):
        hubs[0].say(Moment(41, POINTER, b"here"))
        await until(lambda: pages[1].moments)
        assert pages[1].moments == [Moment(41, POINTER, b"here")] and not pages[0].moments

    processes(play)


def test_slow_page_loses_moments_and_no_update():
    async def play():
        sent, gate = [], asyncio.Event()

        async def send(frame):
            await gate.wait()
            sent.append(frame)

        outbox = Outbox(send, gate.wait)
        for number in range(100):
            outbox.put(("update", number))
            outbox.put(("moment", number), lasting=False)
        gate.set()
        await until(lambda: ("update", 99) in sent)
        outbox.close()
        assert [number for kind, number in sent if kind == "update"] == list(range(100))
        assert sum(kind == "moment" for kind, _ in sent) < 10

    async_to_sync(play)()


def test_slow_page_is_dropped_and_nothing_grows_for_it():
    async def play():
        sent, left = [], []
        never = asyncio.Event()

        async def send(frame):
            sent.append(frame)
            await never.wait()

        async def leave():
            left.append(True)

        for frame, most in ((b"x", Outbox.MOST), (b"x" * 50_000, Outbox.MOST_BYTES // 50_000)):
            outbox = Outbox(send, leave)
            held = []
            for _ in range(3 * most):
                outbox.put(frame)
                held.append(len(outbox._frames))
            await until(lambda: left)
            assert max(held) == most and held[-1] == 0
            left.clear()
        assert len(sent) <= 2

    async_to_sync(play)()


def test_large_board_is_poured_as_fast_as_it_is_read_and_leaves_room_for_what_others_do():
    async def play():
        sent, gate = [], asyncio.Semaphore(0)

        async def send(frame):
            await gate.acquire()
            sent.append(frame)

        async def overflow():
            raise AssertionError("it was not too much")

        outbox = Outbox(send, overflow)

        async def pour():
            for number in range(3 * Outbox.MOST):
                await outbox.pour(number.to_bytes(2))

        pouring = asyncio.create_task(pour())
        await asyncio.sleep(0.05)
        assert not pouring.done() and len(outbox._frames) <= Outbox.MOST // 2
        outbox.put(b"meanwhile")
        for _ in range(3 * Outbox.MOST + 1):
            gate.release()
        await pouring
        await until(lambda: len(sent) == 3 * Outbox.MOST + 1)
        numbers = [frame for frame in sent if frame != b"meanwhile"]
        assert numbers == [number.to_bytes(2) for number in range(3 * Outbox.MOST)]
        outbox.close()

    async_to_sync(play)()


def test_page_whose_line_breaks_keeps_nobody_waiting():
    async def play():
        async def send(frame):
            raise OSError("the line is gone")

        outbox = Outbox(send, asyncio.Event().wait)
        for _ in range(2 * Outbox.MOST):
            await asyncio.wait_for(outbox.pour(b"x" * 10_000), 5)
        assert not outbox._frames
        with pytest.raises(OSError, match="gone"):
            await outbox._task

    async_to_sync(play)()
