"""What the open pages of one board have in common in one process: the document's shape, who is there, and what is passed on between them.

Updates reach every page in the order of their sequences; where one is missing, it is read from the database. What need not last (a stroke that
grows, pointers) is collected and sent some thirty times a second, to many people ten times, and dropped for whoever cannot follow.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from sessions_live.boards.broadcasts import board_group
from sessions_live.boards.consumers.frames import Moment
from sessions_live.boards.queries import Stored, stored_document
from sessions_live.boards.rules.board_updates import Document
from tenants import context, outages

TICK, SLOW_TICK = 1 / 30, 1 / 10  # seconds
MANY = 20  # people, from whom on everybody is told less often
MOST_MOMENTS = 400  # of one tick
MESSAGE_BYTES = 1000  # of a message, which is written when it is sent

Run = Callable[..., Awaitable[Any]]


class Member(Protocol):
    """One page."""

    page_number: int
    facts: dict[str, Any]

    def hear_update(self, sequence: int, update: bytes, page_number: int, number: int) -> None: ...
    def hear_moments(self, moments: list[Moment]) -> None: ...
    def hear_people(self) -> None: ...
    def hear_change(self) -> None: ...


class Hub:
    """One board in this process, as long as a page of it is open."""

    def __init__(self, board_id: Any) -> None:
        self.board_id = board_id
        self.document = Document()
        self.last = 0
        self.members: set[Member] = set()
        self.elsewhere: dict[str, list[dict[str, Any]]] = {}  # people by the process that has them
        self._moments: list[Moment] = []
        self._waiting: dict[int, tuple[bytes, int, int]] = {}
        self._lock = asyncio.Lock()
        self._channel = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._tick: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Learn what is stored, and listen to other processes from before that moment on."""
        layer = get_channel_layer()
        self._channel = await layer.new_channel()
        with suppress(OSError, *outages.CACHE_ERRORS):
            await layer.group_add(board_group(self.board_id), self._channel)
        self._start(self._listen())
        await self._load()
        await self._tell({"type": "board.who"})

    async def close(self) -> None:
        """The last page is gone."""
        for task in [*self._tasks, *filter(None, [self._tick])]:
            task.cancel()
        with suppress(OSError, *outages.CACHE_ERRORS):
            await self._tell({"type": "board.people", "process": self._channel, "people": []})
            await get_channel_layer().group_discard(board_group(self.board_id), self._channel)

    # -- people ------------------------------------------------------------------------------------------------------

    @property
    def people(self) -> list[dict[str, Any]]:
        """Everybody who has the board open, in whatever process."""
        here = [one.facts for one in self.members]
        return sorted([*here, *(one for many in self.elsewhere.values() for one in many)], key=lambda one: one["page"])

    async def people_changed(self) -> None:
        for member in self.members:
            member.hear_people()
        await self._tell_people()

    async def _tell_people(self) -> None:
        here = [one.facts for one in self.members]
        await self._tell({"type": "board.people", "process": self._channel, "people": here})

    # -- updates -----------------------------------------------------------------------------------------------------

    async def publish(self, sequence: int, update: bytes, page_number: int, number: int) -> None:
        """An update of one of our pages is stored. It has been checked already."""
        await self._arrived(sequence, update, page_number, number)
        event = {"type": "board.update", "sequence": sequence, "update": update, "page": page_number, "number": number}
        await self._tell(event)

    async def refresh(self) -> None:
        """Read what other processes have stored and we have not heard of yet."""
        async with self._lock:
            await self._catch_up()

    async def _arrived(self, sequence: int, update: bytes, page_number: int, number: int) -> None:
        async with self._lock:
            if sequence <= self.last:
                return
            self._waiting[sequence] = (update, page_number, number)
            self._forward_waiting()
            if self._waiting:
                await self._catch_up()

    def _forward_waiting(self) -> None:
        while (found := self._waiting.pop(self.last + 1, None)) is not None:
            self._forward(self.last + 1, *found)

    async def _catch_up(self) -> None:
        """Read what has been stored since; whoever drew it is told by what is still waiting, if it is."""
        stored = await database_sync_to_async(stored_document)(self.board_id, after=self.last)
        if stored.snapshot:  # a snapshot has taken the place of what is missing: everybody begins anew
            for member in self.members:
                member.hear_update(0, b"", 0, 0)
            await self._load()
            return
        for sequence, update in stored.updates:
            waiting = self._waiting.pop(sequence, (update, 0, 0))
            if sequence == self.last + 1:
                self._forward(sequence, *waiting)
        self._forward_waiting()

    def _forward(self, sequence: int, update: bytes, page_number: int, number: int) -> None:
        self.last = sequence
        self.document.add(update)
        for member in self.members:
            member.hear_update(sequence, update, page_number, number)

    async def _load(self) -> None:
        stored = await database_sync_to_async(stored_document)(self.board_id)
        self.document = await asyncio.to_thread(_document_of, stored)
        self.last = stored.last
        self._waiting = {sequence: each for sequence, each in self._waiting.items() if sequence > self.last}

    # -- moments -----------------------------------------------------------------------------------------------------

    def say(self, moment: Moment) -> None:
        """Pass on what nobody keeps."""
        if len(self._moments) < MOST_MOMENTS:
            self._moments.append(moment)
        if self._tick is None:
            self._tick = asyncio.create_task(self._pass_on())

    async def _pass_on(self) -> None:
        await asyncio.sleep(TICK if len(self.people) <= MANY else SLOW_TICK)
        moments, self._moments, self._tick = self._moments, [], None
        self._hear_moments(moments)
        packed = [(one.page_number, one.kind, one.content) for one in moments]
        await self._tell({"type": "board.moments", "process": self._channel, "moments": packed})

    def _hear_moments(self, moments: list[Moment]) -> None:
        for member in self.members:
            if others := [one for one in moments if one.page_number != member.page_number]:
                member.hear_moments(others)

    # -- other processes ---------------------------------------------------------------------------------------------

    async def _tell(self, event: dict[str, Any]) -> None:
        with suppress(OSError, *outages.CACHE_ERRORS):
            await get_channel_layer().group_send(board_group(self.board_id), event)

    async def _listen(self) -> None:
        while True:
            try:
                event = await get_channel_layer().receive(self._channel)
            except (OSError, *outages.CACHE_ERRORS):
                await asyncio.sleep(1)
                continue
            with suppress(*outages.DATABASE_ERRORS):  # because the next update finds the gap and reads again
                await self._hear(event)

    async def _hear(self, event: dict[str, Any]) -> None:
        kind, is_own = event["type"], event.get("process") == self._channel
        if kind == "board.update":
            await self._arrived(event["sequence"], bytes(event["update"]), event["page"], event["number"])
        elif kind == "board.moments" and not is_own:
            self._hear_moments([Moment(page, each, bytes(content)) for page, each, content in event["moments"]])
        elif kind == "board.people" and not is_own:
            self.elsewhere[event["process"]] = event["people"]
            for member in self.members:
                member.hear_people()
        elif kind == "board.who":
            await self._tell_people()
        elif kind == "board.changed":
            for member in self.members:
                member.hear_change()
        elif kind == "board.behind":
            await self.refresh()

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Outbox:
    """What one page is still to be sent, in order, by a task of its own: nobody waits for a slow line but its own page.

    Never more than the bounds: a page that is so far behind comes back and begins anew, and what need not last is dropped long before.
    """

    MOST = 2000  # frames
    MOST_BYTES = 4 * 1024 * 1024
    MOST_MOMENTS = 8  # frames that wait already
    MOST_MOMENT_BYTES = 512 * 1024

    def __init__(
        self, send: Callable[[Any], Awaitable[None]], overflow: Callable[[], Coroutine[Any, Any, Any]]
    ) -> None:
        self._send, self._overflow = send, overflow
        self._frames: deque[Any] = deque()
        self._size = 0
        self._is_over = False
        self._there, self._room = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(self._run())
        self._leaving: Any = None

    def put(self, frame: Any, *, lasting: bool = True) -> None:
        """Send it, after what waits already."""
        if self._is_over or (not lasting and not self._fits(self.MOST_MOMENTS, self.MOST_MOMENT_BYTES, frame)):
            return
        if not self._fits(self.MOST, self.MOST_BYTES, frame):
            self.close()
            self._leaving = asyncio.create_task(self._overflow())
            return
        self._frames.append(frame)
        self._size += _bytes_of(frame)
        self._there.set()

    async def pour(self, frame: Any) -> None:
        """Send one of very many, as soon as half of the room is free: the other half is for what others do meanwhile."""
        while not self._is_over and not self._fits(self.MOST // 2, self.MOST_BYTES // 2, frame):
            self._room.clear()
            await self._room.wait()
        self.put(frame)

    def _fits(self, most: int, most_bytes: int, frame: Any) -> bool:
        return len(self._frames) < most and self._size + _bytes_of(frame) <= most_bytes

    async def _run(self) -> None:
        try:
            while True:
                await self._there.wait()
                while self._frames:
                    frame = self._frames.popleft()
                    self._size -= _bytes_of(frame)
                    self._room.set()
                    await self._send(frame)
                self._there.clear()
        finally:  # also when the line broke while something was sent
            self._forget()

    def close(self) -> None:
        """Nothing more is sent."""
        self._forget()
        self._task.cancel()

    def _forget(self) -> None:
        self._is_over = True
        self._frames.clear()
        self._size = 0
        self._room.set()


def _bytes_of(frame: Any) -> int:
    """As much as it takes here, roughly where it is a message."""
    return len(frame) if isinstance(frame, bytes) else MESSAGE_BYTES


_hubs: dict[tuple[str, str], "asyncio.Task[Hub]"] = {}


async def join(board_id: Any, member: Member) -> Hub:
    """The board's hub, opened by the first page that comes."""
    key = (context.current().schema, str(board_id))
    if key not in _hubs or _hubs[key].get_loop() is not asyncio.get_running_loop():
        _hubs[key] = asyncio.create_task(_opened(board_id))
    try:
        hub = await asyncio.shield(_hubs[key])
    except BaseException:
        if key in _hubs and _hubs[key].done():
            del _hubs[key]
        raise
    hub.members.add(member)
    return hub


async def leave(hub: Hub, member: Member) -> None:
    """A page is gone; with the last one the hub."""
    hub.members.discard(member)
    if hub.members:
        await hub.people_changed()
        return
    key = (context.current().schema, str(hub.board_id))
    task = _hubs.get(key)
    if task is not None and task.done() and not task.cancelled() and task.result() is hub:
        del _hubs[key]
    await hub.close()


async def _opened(board_id: Any) -> Hub:
    hub = Hub(board_id)
    await hub.open()
    return hub


def _document_of(stored: Stored) -> Document:
    document = Document()
    for update in filter(None, [stored.snapshot, *(each for _, each in stored.updates)]):
        document.add(update)
    return document
