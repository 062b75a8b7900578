"""One page in a Janus room: speaks our protocol with the browser and the video room's with Janus."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from sessions_live.sfu import sdp
from sessions_live.sfu.errors import ErrorCode, PeerError
from sessions_live.sfu.limits import Bucket
from sessions_live.sfu.messages import FROM_CLIENT, checked, error_message, heights_of
from sessions_live.sfu.peer import RIGHT_FOR

from .engine import Admission, Deliver, EngineError, Message
from .janus_room import Feed, Participants
from .janus_sdp import checked_tracks, reachable
from .janus_subscribing import Subscribing
from .janus_wire import ID_EXISTS, JanusError, JanusWire, Server, engine_error

logger = logging.getLogger(__name__)

AGREED = "recordable"  # what a participant who may be recorded shows to Janus instead of a name
RECORDING = "recording:"  # begins the description of a room that is being recorded
WAITS = (0.1, 0.4, 1.0, 2.0, 3.0, 5.0, 7.0)  # seconds between attempts to come back
HANGUP_SECONDS = 3.0
UNSUPPORTED = frozenset({"data"})  # pointers: Janus' room does not say who sent a text


class JanusRooms(Protocol):
    """What a session needs of the engine that made it."""

    server: Server

    def capacity(self, room: str) -> int: ...
    async def open_room(self, room: str) -> None: ...
    def park(self, session: "JanusSession") -> None: ...
    def forget(self, session: "JanusSession") -> None: ...


class JanusSession:
    """Made by `JanusEngine.attach`. Everything towards the page goes through one queue, in order."""

    def __init__(self, engine: JanusRooms, admission: Admission, to_client: Deliver) -> None:
        self.admission = admission
        self.rights = admission.rights - UNSUPPORTED
        self.over = False
        self._engine = engine
        self._to_client = to_client
        self._events: asyncio.Queue[Message] = asyncio.Queue()
        self._participants = Participants()
        self._wire: JanusWire | None = None
        self._handle = 0
        self._subscribing: Subscribing | None = None
        self._own: dict[str, Feed] = {}
        self._fingerprint = ""
        self._hung_up = asyncio.Event()
        self.is_recorded = False
        self._bucket = Bucket(rate=40, burst=120)
        self._offers = Bucket(rate=4, burst=20)
        self._task: asyncio.Task[None] | None = None

    # -- coming and going ----------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Join and greet the page. Raises EngineError."""
        await self._to_client(await self._join())
        self._task = asyncio.create_task(self._run())

    async def _join(self) -> Message:
        wire = await JanusWire.open(self._engine.server)
        self._participants, self._own, self._fingerprint = Participants(), {}, ""
        try:
            handle = await wire.attach()
            data = await self._enter(wire, handle)
        except (JanusError, EngineError) as error:
            await wire.close()
            raise error if isinstance(error, EngineError) else engine_error(error) from error
        self._wire, self._handle = wire, handle
        wire.on_event = lambda handle, message: self._events.put_nowait(message)
        wire.on_end = lambda: self._events.put_nowait({"janus": "ended"})
        self._participants.joined(data)
        self.is_recorded = data.get("description", "").startswith(RECORDING)
        if len(self._participants.peers) >= self._engine.capacity(self.admission.room):
            await wire.close()
            raise EngineError(ErrorCode.ROOM_FULL, "The %(session)s is full.")
        return self.greeting(resumed=False)

    async def _enter(self, wire: JanusWire, handle: int) -> Message:
        room, peer = self.admission.room, self.admission.peer
        body = {"request": "join", "ptype": "publisher", "room": room, "pin": wire.server.key(room, "pin"), "id": peer,
                "display": AGREED if "record" in self.rights else ""}  # fmt: skip
        for _ in range(5):
            try:
                return (await wire.request(handle, body))[0]
            except JanusError as error:
                if error.number != ID_EXISTS:
                    raise
            # Because the same person opened a second page, or comes back through another of our processes.
            kick = {"request": "kick", "room": room, "secret": wire.server.key(room, "secret"), "id": peer}
            with suppress(JanusError):
                await wire.request(handle, kick)
            await asyncio.sleep(0.2)
        raise EngineError(ErrorCode.JOINED_ELSEWHERE, "another page of the person stays in the room")

    def greeting(self, *, resumed: bool) -> Message:
        """Return the `joined` message."""
        return {
            "type": "joined",
            "peer": self.admission.peer,
            "room": self.admission.room,
            "rights": sorted(self.rights),
            "resumed": resumed,
            "peers": list(self._participants.peers),
            "producers": [feed.describe() for feed in self._participants.feeds.values()],
            "limits": {"peers": self._engine.capacity(self.admission.room), "height": 720},
            "recording": self.is_recorded,
        }

    async def take_over(self, admission: Admission, to_client: Deliver) -> None:
        """Go on with another socket of the same page."""
        self.admission, self._to_client = admission, to_client
        await to_client(self.greeting(resumed=True))
        if admission.rights - UNSUPPORTED != self.rights:
            await self.set_rights(admission.rights)
        if self._subscribing is not None:
            self._subscribing.restart()

    def lose(self) -> None:
        """The page's socket went; what happens meanwhile is said again by `greeting`."""

        async def nowhere(message: Message) -> None:
            return None

        self._to_client = nowhere

    async def close(self, *, leave: bool = False) -> None:
        """End the signalling; without `leave` the call goes on for a while, for the page to come back."""
        if not leave and not self.over:
            self._engine.park(self)
            return
        await self.end()

    async def end(self) -> None:
        """Leave the room."""
        self.over = True
        self._engine.forget(self)
        if self._subscribing is not None:
            await self._subscribing.close()
        if self._wire is not None:
            await self._wire.close()
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    # -- what Janus says -----------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while not self.over:
            message = await self._events.get()
            try:
                await self._event(message)
            except Exception:  # noqa: BLE001 because one strange event must not end the call
                logger.exception("An event of Janus could not be handled.")

    async def _event(self, message: Message) -> None:
        if message["janus"] == "ended":
            await self._again()
            return
        data: Message = message.get("plugindata", {}).get("data", {})
        if message["janus"] == "hangup":
            await self._hangup(message["sender"])
        elif self._subscribing is not None and message["sender"] == self._subscribing.handle:
            layer = self._subscribing.layer_of(data)
            if layer is not None:
                await self._to_client(layer)
        elif data.get("videoroom") == "destroyed" or data.get("leaving") == "ok":
            await self._to_client({"type": "kicked", "reason": data.get("reason", "ended")})
            await self.end()
        elif data:
            for news in self._participants.take(data):
                await self._to_client(news)
            if self._subscribing is not None:
                self._subscribing.change()

    async def _hangup(self, handle: int) -> None:
        """A connection broke: the page makes new ones, unless we asked for this."""
        publishing = handle == self._handle
        expected = publishing and not self._fingerprint
        if publishing:
            self._hung_up.set()
            self._fingerprint, self._own = "", {}
        if not expected and (publishing or (self._subscribing and handle == self._subscribing.handle)):
            await self._refuse(ErrorCode.TRANSPORT_FAILED, None)

    async def _again(self) -> None:
        """Janus went away or forgot us: join anew, for a while."""
        if self._subscribing is not None:
            await self._subscribing.close()
            self._subscribing = None
        await self._to_client({"type": "rejoin", "reason": "The media server was restarted or the session moved."})
        for wait in WAITS:
            await asyncio.sleep(wait)
            try:
                await self._engine.open_room(self.admission.room)
                joined = await self._join()
            except EngineError as error:
                logger.info("A session looks for its room: %s", error.code)
                continue
            await self._to_client(joined)
            return
        await self._refuse(ErrorCode.SERVER_LOST, None)
        await self.end()

    # -- what the page says --------------------------------------------------------------------------------------------

    async def send(self, message: Message) -> None:
        """Do what the browser asks for; refusals are answered to it."""
        about = message.get("type") if isinstance(message, dict) else None
        try:
            if not self._bucket.take(time.monotonic()):
                raise PeerError(ErrorCode.RATE_LIMITED)
            checked(message, FROM_CLIENT)
            await self._handlers()[message["type"]](message)
        except KeyError:
            await self._refuse(ErrorCode.UNKNOWN_TYPE, about)
        except PeerError as error:
            await self._refuse(error.code, about)
        except (JanusError, EngineError) as error:
            logger.warning("Janus refused %s: %s", about, error)
            await self._refuse(ErrorCode.INTERNAL, about)

    def _handlers(self) -> dict[str, Callable[[Message], Awaitable[None]]]:
        return {
            "publish.offer": self._publish,
            "subscribe.start": self._subscribe,
            "subscribe.answer": self._answered,
            "subscribe.restart": self._restart,
            "subscribe.tiles": self._tiles,
            "mute": self._mute,
            "leave": self._leave,
            "ping": self._ping,
        }

    async def _refuse(self, code: ErrorCode, about: str | None) -> None:
        await self._to_client(error_message(code, about))

    async def _request(self, body: Message, jsep: Message | None = None) -> tuple[Message, Message | None]:
        if self._wire is None:
            raise PeerError(ErrorCode.NOT_JOINED)
        return await self._wire.request(self._handle, body, jsep)

    async def _publish(self, message: Message) -> None:
        if not self._offers.take(time.monotonic()):
            raise PeerError(ErrorCode.RATE_LIMITED)
        offer = sdp.parse(message["sdp"])
        tracks = checked_tracks(offer, message["tracks"])
        for source in tracks.values():
            if RIGHT_FOR[source] not in self.rights:
                raise PeerError(ErrorCode.NOT_ALLOWED, source)
        if self.is_recorded and tracks and "record" not in self.rights:
            raise PeerError(ErrorCode.NOT_ALLOWED, "the room is being recorded, whole")
        await self._make_room_for(offer.fingerprint)
        described = [{"mid": mid, "description": source} for mid, source in tracks.items()]
        body = {"request": "configure" if self._fingerprint else "publish", "descriptions": described,
                "audiocodec": "opus", "videocodec": (message.get("codec") or "VP8").lower()}  # fmt: skip
        _, jsep = await self._request(body, {"type": "offer", "sdp": reachable(message["sdp"]), "rid_order": "lmh"})
        self._fingerprint = offer.fingerprint
        answer = sdp.parse(jsep["sdp"] if jsep else "")
        refused = {section.mid for section in answer.sections if section.rejected or section.direction == "inactive"}
        feeds = [Feed(self.admission.peer, mid, source) for mid, source in tracks.items() if mid not in refused]
        self._own = {feed.id: feed for feed in feeds}
        producers = [{"mid": feed.mid, "id": feed.id} for feed in feeds]
        await self._to_client({"type": "publish.answer", "sdp": jsep["sdp"] if jsep else "", "producers": producers})

    async def _make_room_for(self, fingerprint: str) -> None:
        """A page that made a new connection cannot go on with the old one."""
        if self._fingerprint in ("", fingerprint):
            return
        self._fingerprint = ""
        self._hung_up.clear()
        await self._request({"request": "unpublish"})
        try:
            async with asyncio.timeout(HANGUP_SECONDS):
                await self._hung_up.wait()
        except TimeoutError:
            raise PeerError(ErrorCode.TRANSPORT_FAILED, "the old connection stays") from None

    async def _subscribe(self, message: Message) -> None:
        if "subscribe" not in self.rights:
            raise PeerError(ErrorCode.NOT_ALLOWED, "subscribe")
        if self._wire is None:
            raise PeerError(ErrorCode.NOT_JOINED)
        if self._subscribing is not None:
            await self._subscribing.close()
        room = self.admission.room
        reach = {"room": room, "pin": self._wire.server.key(room, "pin")}
        self._subscribing = Subscribing(self._wire, reach, self._participants, lambda message: self._to_client(message))

    async def _answered(self, message: Message) -> None:
        if self._subscribing is not None:
            self._subscribing.answered(message["sdp"], message["version"])

    async def _restart(self, message: Message) -> None:
        if not self._offers.take(time.monotonic()):
            raise PeerError(ErrorCode.RATE_LIMITED)
        if self._subscribing is not None:
            self._subscribing.restart()

    async def _tiles(self, message: Message) -> None:
        wanted = heights_of(message["tiles"])
        heights = {producer: height for producer, height in wanted.items() if producer in self._participants.feeds}
        if self._subscribing is not None:
            self._subscribing.show(heights)

    async def _mute(self, message: Message) -> None:
        feed = self._own.get(message["producer"])
        if feed is None:
            raise PeerError(ErrorCode.UNKNOWN_PRODUCER)
        if not message["muted"] and RIGHT_FOR[feed.source] not in self.rights:
            raise PeerError(ErrorCode.NOT_ALLOWED, feed.source)
        await self._moderate(feed, muted=message["muted"])

    async def _moderate(self, feed: Feed, *, muted: bool) -> None:
        """Janus stops to forward what is muted, and tells everybody."""
        room = self.admission.room
        await self._request({"request": "moderate", "room": room, "secret": self._engine.server.key(room, "secret"),
                         "id": feed.peer, "mid": feed.mid, "mute": muted})  # fmt: skip

    async def _leave(self, message: Message) -> None:
        await self.end()

    async def _ping(self, message: Message) -> None:
        await self._to_client({"type": "pong", "at": message.get("at")})

    # -- what the product says -----------------------------------------------------------------------------------------

    def permit(self, rights: frozenset[str]) -> None:
        """`set_rights` does it: the session keeps them."""

    async def set_rights(self, rights: frozenset[str]) -> None:
        """Replace the rights: what is no longer allowed is silent at once; the page then takes it back."""
        self.rights = rights - UNSUPPORTED
        for feed in self._own.values():
            if RIGHT_FOR[feed.source] not in rights:
                with suppress(JanusError, EngineError):
                    await self._moderate(feed, muted=True)
        if "subscribe" not in rights and self._subscribing is not None:
            await self._subscribing.close()
            self._subscribing = None
        await self._to_client({"type": "rights", "rights": sorted(self.rights)})

    async def recorded(self, *, on: bool) -> None:
        """Tell the page that a recording begins or ended."""
        self.is_recorded = on
        await self._to_client({"type": "recording", "on": on})

    async def deliver(self, message: Message) -> None:
        """Nothing passes between browsers here."""
