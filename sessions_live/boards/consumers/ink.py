"""The socket of a page that draws over a shared screen: docs/boards.md. What is drawn is passed on and kept nowhere; it is gone with the pages that
show it. Whoever comes later gets it from the page of the person who shares.
"""

import asyncio
import random
import re
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async

from core.kernel.errors import NotFound
from core.kernel.translation import translate
from sessions_live.boards.format.items import COLOURS
from sessions_live.boards.queries import may_ink
from sessions_live.broadcasts import room_group, user_group
from sessions_live.consumers.access import GuestAccess, RoomAccess, SignedOut
from sessions_live.consumers.base import FLOODED, SIGNED_OUT, SignedInConsumer
from sessions_live.consumers.messages import NONE, Message, MessageReader
from sessions_live.models import Admission, LinkGuest, held_by
from sessions_live.personal_links.sessions import guest_for
from sessions_live.sfu.errors import ErrorCode, PeerError
from sessions_live.sfu.limits import Bucket
from tenants import outages
from tenants.sockets import group_name

ASK_EVERY = 1.0  # seconds in which a stroke may go on before it is asked again whether it may
WATCH_EVERY = 10.0  # seconds between looks whether the person may still be here
NOT_HERE = 4404
FARTHEST = 10_000  # of a picture's width and height
MOST_POINTS, MOST_STROKES = 100, 50  # of one stroke; of one message
# Points of strokes of one's own: a stroke is sent whole as it grows, which makes some 2000 a second of fast scribbling.
POINTS_RATE, POINTS_BURST = 6000, 20_000
WIDEST = 40  # thousandths of a picture's width
# What is told in the room after which somebody may not be in it any more.
TOLD = frozenset({"live.access", "live.people", "live.decided", "live.ended"})
STROKE = re.compile(r"[0-9a-f]{8}-[0-9a-z]{1,8}\Z")
KEY = re.compile(r"([0-9a-f]{8})?\Z")
FIELDS = {"stroke", "colour", "width", "points"}

SHAPES: dict[str, dict[str, tuple[type, ...]]] = {
    "hello": {},
    "ink": {"strokes": (list,), "to": (str, NONE)},
    "rub": {"strokes": (list,)},
    "wipe": {},
    "ping": {"at": (int, float, NONE)},
}


@dataclass(frozen=True)
class InkRights:
    """What this page may do now."""

    may_draw: bool
    is_sharer: bool


@dataclass(frozen=True)
class InkAccess:
    """What one page may do over the screen of the person whose admission is `peer`. Looked up afresh each time."""

    access: RoomAccess
    peer: UUID

    def look(self) -> InkRights:
        """SignedOut or NotFound when this person is not in the room, or the other one is not."""
        person, room, _ = self.access.get_room()
        inside = room.admissions.filter(state=Admission.State.ADMITTED)
        own = inside.filter(**held_by(person)).first()
        if own is None or not inside.filter(pk=self.peer).exists():
            raise NotFound(f"nobody shares for this person in room {room.pk}")
        return InkRights(may_ink(person, room, is_host=own.is_host), own.pk == self.peer)


class InkConsumer(SignedInConsumer):
    """Passes on what is drawn over one shared screen."""

    rights: InkRights | None = None
    watch: asyncio.Task[None] | None = None
    group = ""

    async def identify(self) -> Any:
        """The login of the cookie; without one the guest by link whom the browser's session names for this room."""
        user = await super().identify()
        if user is not None:
            return user
        return await database_sync_to_async(guest_for)(
            self.scope["session"], self.scope["url_route"]["kwargs"]["room_id"]
        )

    async def opened(self, user: Any, host: str) -> None:
        where = self.scope["url_route"]["kwargs"]
        kind = GuestAccess if isinstance(user, LinkGuest) else RoomAccess
        room = kind(host, user.pk, self.scope["session"].session_key or "", where["room_id"])
        self.access = InkAccess(room, where["peer"])
        self.message_reader = MessageReader(SHAPES)
        self.growing: set[str] = set()  # strokes that were drawn at last
        self.ask_at = 0.0
        self.points = Bucket(rate=POINTS_RATE, burst=POINTS_BURST)
        self.key = secrets.token_hex(4)  # before the names of this page's strokes
        await self.join(user_group(user.pk))
        await self.join(room_group(where["room_id"]))
        if await self.look() is not None:
            self.watch = asyncio.create_task(self.keep_watch())

    async def ended(self) -> None:
        if self.watch is not None:
            self.watch.cancel()

    async def keep_watch(self) -> None:
        """Close the socket of somebody who may not be here any more, whatever they say."""
        while not self.is_closed:
            await asyncio.sleep(WATCH_EVERY * random.uniform(0.8, 1.2))  # noqa: S311 because it only spreads the work
            with suppress(*outages.DATABASE_ERRORS):  # because a database that is away says nothing about the person
                await self.look()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """What the room is told is no news for this page, but may change what it may do."""
        if not message["type"].startswith("live."):
            await super().dispatch(message)
        elif message["type"] in TOLD:
            with suppress(*outages.DATABASE_ERRORS):
                await self.look()

    async def look(self) -> InkRights | None:
        """What the page may do now, which it is told when that is something else; None when it may not be here."""
        if self.is_closed:
            return None
        try:
            rights = await database_sync_to_async(self.access.look)()
        except SignedOut:
            await self.finish(SIGNED_OUT)
            return None
        except NotFound:
            await self.finish(NOT_HERE)
            return None
        before, self.rights = self.rights, rights
        if before is not None and before.may_draw != rights.may_draw and self.group:
            await self.send_message({"type": "rights", "draws": rights.may_draw})
        return rights

    # -- what the page sends -------------------------------------------------------------------------------------------

    async def on_hello(self, message: Message) -> None:
        """Once for each socket: the page hears the others from now on, and the page of who shares sends it what there is."""
        if self.group or (rights := await self.look()) is None:
            return
        where = self.scope["url_route"]["kwargs"]
        self.group = group_name("ink", f"{where['room_id']}-{where['peer']}")
        await self.join(self.group)
        await self.send_message(
            {"type": "welcome", "key": self.key, "draws": rights.may_draw, "shares": rights.is_sharer}
        )
        await self.tell(self.group, {"type": "ink.came", "by": self.key})

    async def on_ink(self, message: Message) -> None:
        """Strokes of one's own, each whole as far as it is drawn. `to`: everything that there is, by the page of who shares, to a page that came."""
        strokes, to = message["strokes"], message.get("to") or ""
        if len(strokes) > MOST_STROKES or not all(map(is_stroke, strokes)) or not KEY.match(to):
            await self.misunderstood()
            return
        if not to and not self.points.take(time.monotonic(), sum(len(one["points"]) for one in strokes) / 2):
            self.message_reader.refused += 1
            raise PeerError(ErrorCode.RATE_LIMITED)
        names = {one["stroke"] for one in strokes}
        rights = await self.writer(names, is_answer=bool(to))
        if rights is None:
            return
        if not to and not all(name.startswith(f"{self.key}-") for name in names):
            await self.misunderstood()
            return
        clean = [{name: one[name] for name in FIELDS} for one in strokes]
        await self.tell(self.group, {"type": "ink.drawn", "by": self.key, "to": to, "strokes": clean})

    async def on_rub(self, message: Message) -> None:
        """These strokes are gone, whoever drew them."""
        if await self.writer() is None:
            return
        if not all(isinstance(one, str) and STROKE.match(one) for one in message["strokes"]):
            await self.misunderstood()
            return
        await self.tell(self.group, {"type": "ink.rubbed", "by": self.key, "strokes": message["strokes"]})

    async def on_wipe(self, message: Message) -> None:
        """Everything is gone."""
        if await self.writer() is not None:
            await self.tell(self.group, {"type": "ink.wiped", "by": self.key})

    async def on_ping(self, message: Message) -> None:
        await self.send_message({"type": "pong", "at": message.get("at")})

    async def writer(self, names: set[str] | None = None, *, is_answer: bool = False) -> InkRights | None:
        """What the page may do at this moment; None, and told so, when it may not write. `names`: of strokes that are drawn; one that goes on is
        asked about once a second. `is_answer`: to a page that came, by the one of who shares, whatever that one may draw.
        """
        if not self.group:
            await self.refuse("not_joined", translate("Open the screen first."))
            return None
        now = time.monotonic()
        if self.rights is not None and self.rights.may_draw and names and names <= self.growing and now < self.ask_at:
            return self.rights
        rights = await self.look()
        if rights is None or (rights.is_sharer if is_answer else rights.may_draw):
            self.growing, self.ask_at = (names or set()), now + ASK_EVERY
            return rights
        await self.refuse("look_only", translate("You can look at what is drawn on this screen, not draw on it."))
        return None

    async def misunderstood(self) -> None:
        """The page sends what no page of ours sends."""
        self.message_reader.refused += 1
        await self.refuse("bad_message", translate("This could not be drawn. Load the page again."))
        if self.message_reader.is_flooded:
            await self.finish(FLOODED)

    # -- what the others do --------------------------------------------------------------------------------------------

    async def ink_came(self, event: dict[str, Any]) -> None:
        """A page has come: the one of who shares sends it everything."""
        if self.rights is not None and self.rights.is_sharer and event["by"] != self.key:
            await self.send_message({"type": "came", "page": event["by"]})

    async def ink_drawn(self, event: dict[str, Any]) -> None:
        if event["by"] != self.key and event["to"] in ("", self.key):
            await self.send_message({"type": "ink", "strokes": event["strokes"]})

    async def ink_rubbed(self, event: dict[str, Any]) -> None:
        if event["by"] != self.key:
            await self.send_message({"type": "rub", "strokes": event["strokes"]})

    async def ink_wiped(self, event: dict[str, Any]) -> None:
        if event["by"] != self.key:
            await self.send_message({"type": "wipe"})


def is_stroke(one: Any) -> bool:
    """Whether a page of ours sends such a stroke."""
    if not isinstance(one, dict) or set(one) != FIELDS or not isinstance(one["stroke"], str):
        return False
    points = one["points"]
    return (
        STROKE.match(one["stroke"]) is not None
        and _is_number(one["colour"], COLOURS - 1)
        and _is_number(one["width"], WIDEST)
        and isinstance(points, list)
        and 2 <= len(points) <= 2 * MOST_POINTS
        and len(points) % 2 == 0
        and all(_is_number(each, FARTHEST) for each in points)
    )


def _is_number(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
