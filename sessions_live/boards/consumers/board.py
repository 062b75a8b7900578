"""The socket of one page of a board."""

import asyncio
import logging
import random
import time
from contextlib import suppress
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError

from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from sessions_live.boards.actions.updates import board_full
from sessions_live.boards.consumers import hub as hubs
from sessions_live.boards.consumers.access import BoardAccess, BoardRights, fullness
from sessions_live.boards.consumers.frames import (
    DRAWING,
    UPDATE,
    BadFrame,
    Moment,
    moments_frame,
    read_frame,
    snapshot_frames,
    update_frame,
)
from sessions_live.boards.consumers.pace import LATER_MS, SOON_MS, Pace
from sessions_live.boards.format.encoding import BadUpdate
from sessions_live.boards.format.items import Writer
from sessions_live.boards.rules.board_updates import BoardFullError
from sessions_live.broadcasts import user_group
from sessions_live.consumers.access import SignedOut
from sessions_live.consumers.base import COME_BACK, FLOODED, SIGNED_OUT, SignedInConsumer
from sessions_live.consumers.messages import NONE, Message, MessageReader
from sessions_live.sfu.limits import Bucket
from tenants import outages

logger = logging.getLogger(__name__)

WATCH_EVERY = 30.0  # seconds between looks whether the person may still be here
AFTERGLOW = 5.0  # seconds in which a page may not have heard yet that it no longer draws
CUT_OFF, NOT_HERE, BROKEN = 4403, 4404, 4422

SHAPES: dict[str, dict[str, tuple[type, ...]]] = {
    "hello": {"seat": (str, NONE), "after": (int, NONE)},
    "ping": {"at": (int, float, NONE)},
}


class BoardConsumer(SignedInConsumer):
    """Speaks docs/boards.md with the page."""

    hub: hubs.Hub | None = None
    outbox: hubs.Outbox | None = None
    rights: BoardRights | None = None
    watch: asyncio.Task[None] | None = None
    page_number = 0
    key = ""
    sent_through = -1  # the sequence up to which the page has everything; none yet

    # -- the socket ----------------------------------------------------------------------------------------------------

    async def opened(self, user: Any, host: str) -> None:
        board_id: UUID = self.scope["url_route"]["kwargs"]["board_id"]
        self.access = BoardAccess(host, user.pk, self.scope["session"].session_key or "", board_id)
        self.message_reader = MessageReader(SHAPES)
        self.moments = Bucket(rate=90, burst=300)
        self.pace = Pace()
        self.saved_number = 0  # of the page's updates, the last of which it has heard that it is stored
        self.facts: dict[str, Any] = {}
        self.stopped_drawing_at = -AFTERGLOW
        self.is_out_of_step = False  # something was refused: what follows it leads to nothing, and the page begins anew
        self.tasks: set[asyncio.Task[None]] = set()
        self.early: list[tuple[int, bytes, int, int]] = []
        await self.join(user_group(user.pk))
        if await self.run(self.access.look) is not None:
            self.watch = asyncio.create_task(self.keep_watch())

    async def ended(self) -> None:
        for task in filter(None, [self.watch]):
            task.cancel()
        if self.outbox is not None:
            self.outbox.close()
        if self.hub is not None:
            await hubs.leave(self.hub, self)

    async def keep_watch(self) -> None:
        """Close the socket of somebody who may not be here any more, whatever they say."""
        while not self.is_closed:
            await asyncio.sleep(WATCH_EVERY * random.uniform(0.8, 1.2))  # noqa: S311 because it only spreads the work
            with suppress(*outages.DATABASE_ERRORS):  # because a database that is away says nothing about the person
                await self.look_again()
                if self.hub is not None:
                    # Because the word of an update may have been lost on its way from another process.
                    await self.hub.refresh()

    async def run(self, act: Any, *values: Any, about: str = "") -> Any:
        """Run one act in a database thread and answer what it raises; None when it was refused."""
        try:
            return await database_sync_to_async(act)(*values)
        except SignedOut:
            await self.drop(SIGNED_OUT)
        except NotFound:
            await self.drop(NOT_HERE)
        except PermissionDenied:
            await self.stop_writer()
        except DomainError as error:
            await self.refuse(error.code, error.message, about)
        return None

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if bytes_data is None or self.is_closed:
            await super().receive(text_data, bytes_data)
            return
        try:
            kind, number, content = read_frame(bytes_data)
        except BadFrame:
            await self.cut_off(BROKEN)
            return
        # An update that comes too fast is put off, not dropped: none may be lost.
        if kind != UPDATE and not self.moments.take(time.monotonic()):
            self.message_reader.refused += 1
            if self.message_reader.is_flooded:
                await self.finish(FLOODED)
            return
        if self.hub is None or self.rights is None or self.sent_through < 0:
            await self.refuse("not_joined", translate("Open the board first."))
        elif kind == UPDATE:
            await self.on_update(number, content)
        elif self.rights.may_draw or kind != DRAWING:
            self.hub.say(Moment(self.page_number, kind, content))
        else:
            await self.stop_writer()

    # -- what the page sends -------------------------------------------------------------------------------------------

    async def on_hello(self, message: Message) -> None:
        """Once for each socket: who is there, and everything that the page does not have yet."""
        if self.hub is not None:
            return
        entered = await self.run(self.access.enter, about="hello")
        if entered is None:
            return
        self.rights, author = entered
        self.key = author.key
        self.page_number = self.access.page_number(message.get("seat") or "")
        self.facts = {
            "page": self.page_number, "key": author.key, "name": author.name, "host": self.rights.is_host,
            "draws": self.rights.may_draw,
        }  # fmt: skip
        self.outbox = hubs.Outbox(self.send_frame, self.come_back)
        self.hub = await hubs.join(self.access.board_id, self)
        await self.begin(max(0, message.get("after") or 0))
        await self.hub.people_changed()

    async def begin(self, after: int) -> None:
        """Send what the page lacks; what comes meanwhile is kept back and follows."""
        assert self.rights is not None and self.hub is not None
        self.sent_through = -1
        stored = await database_sync_to_async(self.access.stored)(after)
        names = await database_sync_to_async(self.access.names)(self.rights, self.key)
        fresh = after == 0 or bool(stored.snapshot)
        self.post({
            "type": "welcome", "page": self.page_number, "seat": self.access.seat(self.page_number), "key": self.key,
            "draws": self.rights.may_draw, "host": self.rights.is_host, "title": self.rights.board.title,
            "names": names, "now": clock.now().timestamp() * 1000, "fresh": fresh, "through": stored.last,
            **fullness(self.rights.board),
        })  # fmt: skip
        assert self.outbox is not None
        for frame in snapshot_frames(stored.through, stored.snapshot):
            await self.outbox.pour(frame)
        for sequence, update in stored.updates:
            await self.outbox.pour(update_frame(sequence, update))
        self.sent_through = stored.last
        self.post({"type": "ready", "through": stored.last})
        early, self.early = self.early, []
        for each in early:
            self.hear_update(*each)

    async def on_update(self, number: int, update: bytes) -> None:
        """Checked, stored, then passed on; the author hears that it is stored, or when to send it again, or that it is not kept."""
        if self.is_out_of_step:
            return
        if not self.pace.hears(number):
            if self.pace.is_flooded:
                await self.finish(FLOODED)
            return
        assert self.rights is not None
        if not self.rights.may_draw:
            await self.stop_writer(number)
            return
        if not self.pace.takes(len(update), time.monotonic()):
            sentence = translate(
                "You draw faster than the board can keep. Nothing is lost: the rest is sent again in a moment."
            )
            self.put_off(number, "too_fast", sentence, SOON_MS)
            return
        try:
            await self.keep(number, update)
        except outages.DATABASE_ERRORS as error:
            logger.warning("An update could not be stored, and is put off: %s", error)
            sentence = translate(
                "The board cannot be saved at the moment. Nothing is lost: what you drew is here and is sent again."
            )
            self.put_off(number, "not_kept", sentence, LATER_MS)
        except DatabaseError:
            logger.exception("An update could not be stored")
            self.refuse_update(number, "not_kept", translate("What you drew last could not be kept."))

    def put_off(self, number: int, code: str, sentence: str, after_ms: int) -> None:
        """The page keeps it, and sends it and what follows again."""
        self.pace.put_off(number)
        self.post({"type": "later", "number": number, "after_ms": after_ms, "code": code, "message": sentence})

    async def keep(self, number: int, update: bytes) -> None:
        """Store what may be stored. Errors: those of the database."""
        assert self.hub is not None
        try:
            fresh = await self.checked(update)
        except BoardFullError:
            error = board_full()
            self.refuse_update(number, error.code, error.message)
            return
        if fresh is None:
            await self.cut_off(BROKEN)
            return
        if not fresh and update[:1] != b"\x00":  # sent again after a lost line; what only deletes is taken as new
            self.post({"type": "saved", "number": number})
            return
        stored = await self.run_draw(number, update, self.hub.document.pictures(fresh))
        if stored is None:
            return
        sequence, full = stored
        self.post({"type": "fullness", **full})
        await self.hub.publish(sequence, update, self.page_number, number)
        if self.saved_number != number:  # the hub had read it already, and did not know whose it was
            self.post({"type": "saved", "number": number})

    async def checked(self, update: bytes) -> Any:
        """What the update would add; None when it is not taken, also with everything that other processes have stored by now. Error:
        BoardFullError.
        """
        assert self.hub is not None
        writer = Writer(self.page_number, self.key, clock.now().timestamp() * 1000)
        for is_last in (False, True):
            try:
                return self.hub.document.check(update, writer)
            except BoardFullError:
                raise
            except BadUpdate as error:
                if is_last:
                    logger.warning("A board did not take an update: %s", error)
                else:
                    await self.hub.refresh()
        return None

    async def run_draw(self, number: int, update: bytes, pictures: frozenset[str]) -> Any:
        try:
            return await database_sync_to_async(self.access.draw)(update, pictures)
        except BadUpdate as error:
            logger.warning("A board did not take an update: %s", error)
            await self.cut_off(BROKEN)
        except DomainError as error:
            self.refuse_update(number, error.code, error.message)
        except SignedOut:
            await self.drop(SIGNED_OUT)
        except NotFound:
            await self.drop(NOT_HERE)
        except PermissionDenied:
            await self.look_again()
            await self.stop_writer(number)
        return None

    async def on_ping(self, message: Message) -> None:
        self.post({"type": "pong", "at": message.get("at")})

    # -- what the hub says ---------------------------------------------------------------------------------------------

    def hear_update(self, sequence: int, update: bytes, page_number: int, number: int) -> None:
        if self.outbox is None:
            return
        if sequence == 0:
            self.later(self.come_back())
        elif self.sent_through < 0:
            if len(self.early) < hubs.Outbox.MOST:
                self.early.append((sequence, update, page_number, number))
            elif not self.is_closed:
                self.later(self.come_back())
        elif sequence > self.sent_through:
            self.sent_through = sequence
            if page_number == self.page_number and number:
                self.saved_number = number
                self.post({"type": "saved", "number": number, "sequence": sequence})
            else:
                self.outbox.put(update_frame(sequence, update))

    def hear_moments(self, moments: list[Moment]) -> None:
        if self.outbox is not None:
            self.outbox.put(moments_frame(moments), lasting=False)

    def hear_people(self) -> None:
        if self.rights is None or self.hub is None:
            return
        people = [
            {
                "page": one["page"], "key": one["key"], "host": one["host"], "draws": one["draws"],
                "name": self.access.name(one["name"], self.rights, of_host=one["host"], own=one["key"] == self.key),
            }
            for one in self.hub.people
        ]  # fmt: skip
        self.post({"type": "people", "people": people})

    def hear_change(self) -> None:
        self.later(self.look_again())

    def later(self, work: Any) -> None:
        """Do it without keeping the hub waiting."""
        task = asyncio.create_task(work)
        self.tasks.add(task)  # because the loop keeps only weak references
        task.add_done_callback(self.tasks.discard)

    async def live_access(self, event: dict[str, Any]) -> None:
        """Something about the person's access has changed."""
        await self.look_again()

    # -- rights --------------------------------------------------------------------------------------------------------

    async def look_again(self) -> None:
        """What the page may do now; it is told when that is something else."""
        before = self.rights
        rights = await self.run(self.access.look)
        if rights is None or self.is_closed:
            return
        self.rights = rights
        if before is None or self.hub is None:
            return
        if (before.may_draw, before.board.title) != (rights.may_draw, rights.board.title):
            if before.may_draw:
                self.stopped_drawing_at = time.monotonic()
            self.facts["draws"] = rights.may_draw
            self.post({"type": "rights", "draws": rights.may_draw, "title": rights.board.title})
            await self.hub.people_changed()

    async def stop_writer(self, number: int = 0) -> None:
        """A page writes that may only look. It may not have heard of it yet; otherwise it is cut off."""
        if time.monotonic() - self.stopped_drawing_at < AFTERGLOW:
            sentence = translate("You can look at this board, not draw on it. What you drew last is not kept.")
            self.refuse_update(number, "look_only", sentence)
        else:
            await self.cut_off(CUT_OFF)

    def refuse_update(self, number: int, code: str, sentence: str) -> None:
        """The page drops what it has drawn since, and begins anew."""
        self.is_out_of_step = True
        self.post({"type": "refused", "number": number, "code": code, "message": sentence})

    async def cut_off(self, code: int) -> None:
        """The page does what no page of ours does."""
        sentence = {
            CUT_OFF: translate("You can look at this board, not draw on it."),
            BROKEN: translate("The board did not understand this page. Load it again."),
        }[code]
        await self.refuse("cut_off", sentence)
        await self.finish(code)

    # -- sending -------------------------------------------------------------------------------------------------------

    def post(self, message: Message) -> None:
        """In order with everything else that the page is sent."""
        if self.outbox is not None:
            self.outbox.put(message)

    async def send_frame(self, frame: Any) -> None:
        if isinstance(frame, bytes):
            if not self.is_closed:
                with suppress(RuntimeError):  # the server has closed the socket before we knew
                    await self.send(bytes_data=frame)
        else:
            await self.send_message(frame)

    async def come_back(self) -> None:
        """The page is too far behind: it opens another socket and begins anew."""
        await self.finish(COME_BACK)
