"""The subscribing side of one page at Janus: one connection that follows what the others publish, by renegotiation."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from sessions_live.sfu.adaptation import most_for
from sessions_live.sfu.errors import ErrorCode
from sessions_live.sfu.messages import RIDS, error_message

from .engine import EngineError, Message
from .janus_room import Participants
from .janus_sdp import reachable
from .janus_wire import JanusError, JanusWire

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 15
AGAIN_SECONDS = 0.3  # because somebody may have left between the event and our request
LAYER_SECONDS = (
    1  # then an encoding is asked for again: browsers answer only one call for a key frame in 0.3 s, Janus calls once
)
MOST_TIMES = 10  # a browser that is short of bits or time does not make every encoding
DEFAULT_HEIGHT = 360


class Subscribing:
    """`room` is Janus' room with its pin, `participants` what is published, `send` takes messages for the page."""

    def __init__(
        self, wire: JanusWire, room: Message, participants: Participants, send: Callable[[Message], Awaitable[None]]
    ) -> None:
        self._wire = wire
        self._room = room
        self._participants = participants
        self._send = send
        self.handle = 0
        self._carried: dict[str, str] = {}  # m-line → id of the feed in it, empty for none
        self._heights: dict[str, int] = {}
        self._requested: dict[str, tuple[int, bool]] = {}  # m-line → (substream, sent), as Janus was told
        self._awaited: dict[str, int] = {}  # m-line → how often its encoding was asked for and did not come
        self._version = 0
        self._answer: asyncio.Future[str] | None = None
        self._restart = False
        self._changed = asyncio.Event()
        self._changed.set()
        self._task = asyncio.create_task(self._run())

    # -- what the page and the room say ------------------------------------------------------------------------------

    def change(self) -> None:
        """Look again at what is published and wanted."""
        self._changed.set()

    def answered(self, text: str, version: int) -> None:
        if self._answer is not None and not self._answer.done() and version == self._version:
            self._answer.set_result(text)

    def restart(self) -> None:
        """Offer anew with new ICE credentials."""
        self._restart = True
        self.change()

    def show(self, heights: dict[str, int]) -> None:
        """Take the heights of tiles, by feed."""
        self._heights |= heights
        self.change()

    def layer_of(self, data: Message) -> Message | None:
        """Return the `layer` message for Janus' news that another encoding is sent, or None."""
        mid = str(data.get("mid", ""))
        feed, at = self._carried.get(mid), data.get("substream")
        if not feed or not isinstance(at, int) or not 0 <= at < len(RIDS):
            return None
        if self._requested.get(mid, (at,))[0] == at:
            self._awaited.pop(mid, None)
        return {"type": "layer", "producer": feed, "rid": RIDS[at], "reason": "size"}

    async def close(self) -> None:
        self._task.cancel()
        if self.handle:
            await self._wire.detach(self.handle)

    # -- the connection ------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), LAYER_SECONDS if self._awaited else None)
            self._changed.clear()
            try:
                await self._follow()
                await self._aim()
            except JanusError as error:
                logger.info("Janus refused a subscription: %s", error)
                await self._begin_anew()
            except (EngineError, TimeoutError):
                if self._wire.closed:
                    return  # the session joins anew
                await self._send(error_message(ErrorCode.TRANSPORT_FAILED))
                return

    async def _begin_anew(self) -> None:
        if self.handle and not self._carried:
            await self._wire.detach(self.handle)
            self.handle = 0
        await asyncio.sleep(AGAIN_SECONDS)
        self.change()

    async def _follow(self) -> None:
        """Subscribe to what is new, let go of what has gone; one round of negotiation at a time."""
        feeds = self._participants.feeds
        carried = set(self._carried.values())
        new = [{"feed": feed.peer, "mid": feed.mid} for id, feed in feeds.items() if id not in carried]
        gone = [{"sub_mid": mid} for mid, id in self._carried.items() if id and id not in feeds]
        if not self.handle:
            if not new:
                return
            self.handle = await self._wire.attach()
            body = {"request": "join", "ptype": "subscriber", "streams": new, "autoupdate": False, **self._room}
        elif self._restart:
            self._changed.set()  # what is new waits for the next round
            body = {"request": "configure", "restart": True}
        elif new or gone:
            body = {"request": "update"} | ({"subscribe": new} if new else {}) | ({"unsubscribe": gone} if gone else {})
        else:
            return
        self._restart = False
        data, jsep = await self._wire.request(self.handle, body)
        await self._settle(data, jsep)

    async def _settle(self, data: Message, jsep: Message | None) -> None:
        if "streams" in data:
            self._carried = {str(stream["mid"]): _carries(stream) for stream in data["streams"]}
            slots = [{"mid": mid, "producer": id or None} for mid, id in self._carried.items()]
            await self._send({"type": "subscribe.slots", "slots": slots})
        if jsep is None:
            return
        self._version += 1
        self._answer = asyncio.get_running_loop().create_future()
        await self._send({"type": "subscribe.offer", "sdp": jsep["sdp"], "version": self._version})
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await self._answer
        await self._wire.request(self.handle, {"request": "start"}, {"type": "answer", "sdp": reachable(answer)})

    async def _aim(self) -> None:
        """Ask for the encoding that fits each tile; hidden ones are not sent."""
        streams, hidden = [], []
        again, self._awaited = {mid: times + 1 for mid, times in self._awaited.items() if times < MOST_TIMES}, {}
        for mid, id in self._carried.items():
            feed = self._participants.feeds.get(id)
            if feed is None or feed.kind != "video":
                self._requested.pop(mid, None)
                continue
            at = most_for(self._heights.get(id, DEFAULT_HEIGHT), len(RIDS))
            wanted = (max(at, 0), at >= 0)
            before = self._requested.get(mid)
            if before != wanted or mid in again:
                self._requested[mid] = wanted
                if at >= 0:
                    self._awaited[mid] = again.get(mid, 0)
                size = {"substream": at} if at >= 0 else {}
                streams.append({"mid": mid, "send": at >= 0} | size)
                if before is not None and before[1] != wanted[1]:
                    rid = RIDS[wanted[0]] if wanted[1] else None
                    hidden.append({"type": "layer", "producer": id, "rid": rid, "reason": "size" if rid else "hidden"})
        if streams:
            with suppress(JanusError):  # because a picture that ends this moment needs no size
                await self._wire.request(self.handle, {"request": "configure", "streams": streams})
        for message in hidden:
            await self._send(message)


def _carries(stream: Message) -> str:
    """Return the feed in an m-line of Janus' answer, or nothing."""
    return f"{stream['feed_id']}.{stream['feed_mid']}" if stream.get("active") and "feed_id" in stream else ""
