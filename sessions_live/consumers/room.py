"""The socket of one page in one room: in the waiting room, then in the session."""

import asyncio
import random
import time
from contextlib import suppress
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.core.exceptions import PermissionDenied

from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from sessions_live.broadcasts import room_group, user_group
from sessions_live.consumers.access import GuestAccess, RoomAccess, SignedOut
from sessions_live.consumers.base import OVER, SIGNED_OUT, SignedInConsumer
from sessions_live.consumers.hands import ConsumerHands
from sessions_live.consumers.in_call import ConsumerInCall
from sessions_live.consumers.messages import (
    HANDS,
    IN_CALL,
    MEDIA,
    RECORDING,
    SHOWING,
    VIDEO,
    WORK_AREA,
    Message,
    MessageReader,
)  # fmt: skip
from sessions_live.consumers.peer import Peer
from sessions_live.consumers.presenter import RoomPresenter
from sessions_live.consumers.recording import ConsumerRecording
from sessions_live.consumers.showings import ConsumerShowings
from sessions_live.consumers.videos import ConsumerVideos
from sessions_live.consumers.work_area import ConsumerWorkArea
from sessions_live.models import Admission, LinkGuest
from sessions_live.personal_links.sessions import guest_for
from tenants import outages

GRACE = 20.0  # seconds in which a page that lost its socket comes back to its admission
WATCH_EVERY = 30.0  # seconds between looks whether the person may still be here
RENEW_EVERY = 10.0  # seconds between two renewals of a seat's lease
REMOVED, NOT_HERE, ELSEWHERE = 4403, 4404, 4409
OVER_FOR = (
    "too_late", "not_booked", "not_online", "no_link", "link_nowhere", "link_closed", "link_crowded", "too_often",
)  # fmt: skip

_later: set[asyncio.Task[None]] = set()  # because the loop keeps only weak references


class RoomConsumer(SignedInConsumer):
    """Speaks docs/live-rooms.md with the page, and hands messages about media on to the engine, those about recording and the work
    area to `recording` and `work_area`."""

    admission: Admission | None = None
    presenter: RoomPresenter | None = None
    peer: Peer | None = None
    watch: asyncio.Task[None] | None = None
    is_host = False
    has_left = False

    # -- the socket ----------------------------------------------------------------------------------------------------

    async def identify(self) -> Any:
        """The login of the cookie; without one the guest by link whom the browser's session names for this room."""
        user = await super().identify()
        if user is not None:
            return user
        return await database_sync_to_async(guest_for)(self.scope["session"], self.room_id)

    @property
    def room_id(self) -> UUID:
        room_id: UUID = self.scope["url_route"]["kwargs"]["room_id"]
        return room_id

    async def opened(self, user: Any, host: str) -> None:
        room_id = self.room_id
        access = GuestAccess if isinstance(user, LinkGuest) else RoomAccess
        self.access = access(host, user.pk, self.scope["session"].session_key or "", room_id)
        self.recording = ConsumerRecording(self)
        self.work_area = ConsumerWorkArea(self)
        self.videos = ConsumerVideos(self)
        self.showings = ConsumerShowings(self)
        self.hands = ConsumerHands(self)
        self.in_call = ConsumerInCall(self)
        self.message_reader = MessageReader()
        self.room_group = room_group(room_id)
        await self.join(user_group(user.pk))
        if await self.run(self.access.get_room) is not None:
            self.watch = asyncio.create_task(self.keep_watch())

    async def handle(self, message: Message) -> None:
        if message["type"] in MEDIA:
            await self.on_media(message)
        elif message["type"] in RECORDING:
            await self.recording.handle(message)
        elif message["type"] in WORK_AREA:
            await self.work_area.handle(message)
        elif message["type"] in VIDEO:
            await self.videos.handle(message)
        elif message["type"] in SHOWING:
            await self.showings.handle(message)
        elif message["type"] in HANDS:
            await self.hands.handle(message)
        elif message["type"] in IN_CALL:
            await self.in_call.handle(message)
        else:
            await super().handle(message)

    async def ended(self) -> None:
        if self.watch is not None:
            self.watch.cancel()
        if self.admission is None:
            return
        self.in_call.ended()
        await self.work_area.ended()
        if self.peer is not None:
            await self.peer.detach(leave=self.has_left)
        if not self.has_left:
            task = asyncio.create_task(self.leave_later(self.admission))
            _later.add(task)
            task.add_done_callback(_later.discard)

    async def leave_later(self, admission: Admission) -> None:
        """Leave, unless another page of the same person has taken over meanwhile."""
        await asyncio.sleep(GRACE)
        await database_sync_to_async(self.access.leave)(admission, self.channel_name)

    async def keep_watch(self) -> None:
        """Hold the seat as long as the page is there, and close the socket of somebody who may not be here any more, whatever they say."""
        looked_at = time.monotonic()
        while not self.is_closed:
            await asyncio.sleep(RENEW_EVERY * random.uniform(0.8, 1.2))  # noqa: S311 because it only spreads the work
            with suppress(*outages.DATABASE_ERRORS):  # because a database that is away says nothing about the person
                if time.monotonic() - looked_at >= WATCH_EVERY:
                    looked_at = time.monotonic()
                    await self.run(self.access.check)
                await self.renew_seat()

    async def renew_seat(self) -> None:
        """Hold the seat; act on what was decided while nobody could tell us, because the cache server was away."""
        if self.admission is None or self.is_closed:
            return
        state = await database_sync_to_async(self.access.renew_seat)(self.admission, self.channel_name)
        if state == self.admission.state or self.is_closed:
            return
        if state == Admission.State.LEFT:
            await self.live_ended({})
        else:
            await self.live_decided({"admission": str(self.admission.pk), "state": state})

    async def drop(self, code: int) -> None:
        """The person may not be here any more: admission and media end at once, without the grace of a lost line."""
        self.has_left = True
        if self.peer is not None:
            await self.peer.detach(leave=True)
        if self.admission is not None:
            await database_sync_to_async(self.access.leave)(self.admission, self.channel_name)
        await self.finish(code)

    async def run(self, act: Any, *values: Any, about: str = "") -> Any:
        """Run one act in a database thread and answer what it raises; True when it returned nothing, None when it was refused."""
        try:
            result = await database_sync_to_async(act)(*values)
        except SignedOut:
            await self.drop(SIGNED_OUT)
        except NotFound:
            await self.drop(NOT_HERE)
        except PermissionDenied:
            await self.refuse("not_allowed", translate("Only the host may do this."), about)
        except DomainError as error:
            if error.code in OVER_FOR:
                await self.send_message({"type": "ended", "message": error.message})
                await self.finish(OVER)
            else:
                await self.refuse(error.code, error.message, about)
        else:
            return True if result is None else result
        return None

    # -- what the page sends ----------------------------------------------------------------------------------------

    async def on_hello(self, message: Message) -> None:
        """Ask to be let in, or take over from another page; said once per socket, and again when joining the call went wrong."""
        if self.admission is None:
            await self.join(self.room_group)
        answer = await self.run(self.access.ask_admission, self.channel_name, about="hello")
        if answer is None:
            return
        self.admission, room = answer
        self.is_host = self.admission.is_host
        self.presenter = await database_sync_to_async(self.access.presenter)(self.admission, room)
        taken_over = {"type": "live.taken_over", "admission": str(self.admission.pk), "channel": self.channel_name}
        await self.tell(self.room_group, taken_over)
        await self.send_message(await database_sync_to_async(self.access.welcome)(self.admission, room))
        participants = await self.run(self.access.participants, about="hello")
        if participants is None:
            return
        await self.live_people({"gone": "", **participants})
        if self.admission.state == Admission.State.ADMITTED:
            await self.enter(resume=bool(message.get("resume")))

    async def on_chat(self, message: Message) -> None:
        if self.admission is None:
            await self.refuse("not_joined", translate("Join the %(session)s first."), "chat")
            return
        await self.run(
            self.access.post_message, message["text"], self.admission, message.get("admission"), about="chat"
        )

    async def on_admit(self, message: Message) -> None:
        await self.run(self.access.admit, message["admission"], about="admit")

    async def on_admit_all(self, message: Message) -> None:
        """Everybody at once; those for whom there is no room wait on, and the host hears why."""
        await self.run(self.access.admit_all, about="admit_all")

    async def on_deny(self, message: Message) -> None:
        await self.run(self.access.deny, message["admission"], about="deny")

    async def on_remove(self, message: Message) -> None:
        """Take somebody out who is in: their socket and their media end."""
        if await self.run(self.access.deny, message["admission"], about="remove") and self.peer is not None:
            await self.peer.remove(self.access.room_id, message["admission"])

    async def on_block(self, message: Message) -> None:
        """A guest by link is out, and does not come again by this browser."""
        if await self.run(self.access.block, message["admission"], about="block") and self.peer is not None:
            await self.peer.remove(self.access.room_id, message["admission"])

    async def on_end(self, message: Message) -> None:
        if await self.run(self.access.end_session, about="end") and self.peer is not None:
            if self.recording.is_running:
                await self.recording.stop_recorder()
            await self.peer.end_call(self.access.room_id)

    async def on_leave(self, message: Message) -> None:
        self.has_left = True
        if self.peer is not None:
            await self.peer.detach(leave=True)
        if self.admission is not None:
            await database_sync_to_async(self.access.leave)(self.admission)
        await self.finish(OVER)

    async def on_ping(self, message: Message) -> None:
        await self.send_message({"type": "pong", "at": message.get("at")})

    async def on_media(self, message: Message) -> None:
        if self.peer is None or not self.peer.is_attached:
            await self.refuse("not_joined", translate("Join the %(session)s first."), message["type"])
            return
        await self.peer.send(message)

    # -- the call ------------------------------------------------------------------------------------------------------

    async def enter(self, *, resume: bool) -> None:
        """The person is in: join the call. Before this moment nothing about media has left the server."""
        assert self.admission is not None
        joined = await self.run(self.access.room_to_join, self.admission.pk, about="hello")
        if joined is None:
            return
        self.admission, room = joined
        if self.admission.state != Admission.State.ADMITTED:
            return
        if self.peer is None:
            self.peer = Peer(
                peer_id=str(self.admission.pk), to_client=self.recording.from_engine, to_others=self.to_others
            )
        allowed = await self.run(self.recording.access.may_be_recorded)
        if allowed is None:
            return
        await self.peer.attach(room, resume=resume, may_be_recorded=allowed)
        await self.recording.send_state()
        await self.videos.send_state()
        await self.showings.send_state()

    async def to_others(self, message: Message) -> None:
        """From our session to the sessions of the others, whichever process holds their sockets."""
        event = {"type": "live.media", "channel": self.channel_name, "message": message}
        await self.tell(self.room_group, event)

    # -- events of the room -----------------------------------------------------------------------------------------

    async def live_media(self, event: dict[str, Any]) -> None:
        if self.peer is not None and event["channel"] != self.channel_name:
            await self.peer.deliver(event["message"])

    async def live_taken_over(self, event: dict[str, Any]) -> None:
        """The same person has come in with another page: this one closes, without leaving."""
        own = self.admission is not None and event["admission"] == str(self.admission.pk)
        if own and event["channel"] != self.channel_name:
            if self.peer is not None:
                await self.peer.detach()
            await self.finish(ELSEWHERE)

    async def live_people(self, event: dict[str, Any]) -> None:
        if self.admission is None or self.presenter is None:
            return
        if self.peer is not None:
            await self.peer.peer_left(event["gone"])
        if self.admission.state == Admission.State.ADMITTED:
            queue = {}
            if self.is_host:
                queue = {"queue": self.presenter.queue(event["queue"]), "locked": event["locked"]}
            await self.send_message({"type": "people", "people": self.presenter.people(event["people"]), **queue})
        else:
            waiting = [one["admission"] for one in event["queue"]]
            mine = str(self.admission.pk)
            position = waiting.index(mine) + 1 if mine in waiting else 0
            present = any(one["host"] for one in event["people"])
            where = {"host_present": present, "host_elsewhere": event["elsewhere"] and not present}
            closed = {"full": event["full"], "locked": event["locked"]}
            await self.send_message({"type": "waiting", "position": position, **where, **closed})

    async def live_decided(self, event: dict[str, Any]) -> None:
        if self.admission is None or event["admission"] != str(self.admission.pk):
            return
        if event["state"] == Admission.State.DENIED:
            was_in = self.admission.state == Admission.State.ADMITTED
            await self.send_message({"type": "denied", "was_in": was_in})
            self.has_left = True
            if self.peer is not None:
                await self.peer.detach(leave=True)
            await self.finish(REMOVED)
        elif self.admission.state == Admission.State.WAITING:
            self.admission.state = Admission.State.ADMITTED
            messages = await self.run(self.access.messages_now, self.admission)
            if messages is None:
                return
            await self.send_message({"type": "admitted", "messages": [] if messages is True else messages})
            await self.enter(resume=False)

    async def live_chat(self, event: dict[str, Any]) -> None:
        if self.admission is None or self.presenter is None:
            return
        facts = event["message"]
        waiting_person = facts["waiting_person"]
        is_in = self.admission.state == Admission.State.ADMITTED
        if (is_in and not waiting_person) or (
            waiting_person and (self.is_host or waiting_person == str(self.access.user_id))
        ):
            await self.send_message({"type": "chat", "message": self.presenter.message(facts)})

    async def live_engine(self, event: dict[str, Any]) -> None:
        """A third person came: this page moves to where the call is now."""
        if self.peer is not None and self.peer.generation < event["generation"]:
            await self.enter(resume=False)

    async def live_recording(self, event: dict[str, Any]) -> None:
        await self.recording.changed(event)

    async def live_work_area(self, event: dict[str, Any]) -> None:
        await self.work_area.changed(event)

    async def live_mute(self, event: dict[str, Any]) -> None:
        await self.hands.muted(event)

    async def live_reaction(self, event: dict[str, Any]) -> None:
        await self.in_call.reacted(event)

    async def live_private(self, event: dict[str, Any]) -> None:
        await self.in_call.written_to(event)

    async def live_private_read(self, event: dict[str, Any]) -> None:
        await self.in_call.arrived(event)

    async def live_video(self, event: dict[str, Any]) -> None:
        await self.videos.changed(event)

    async def live_showing(self, event: dict[str, Any]) -> None:
        await self.showings.changed(event)

    async def live_client_files(self, event: dict[str, Any]) -> None:
        await self.showings.files_changed(event)

    async def live_lead(self, event: dict[str, Any]) -> None:
        await self.work_area.led(event)

    async def live_time(self, event: dict[str, Any]) -> None:
        """It ends at another time from now on."""
        if self.admission is not None:
            await self.send_message({"type": "time", "ends_at": event["ends_at"]})

    async def live_delay(self, event: dict[str, Any]) -> None:
        """What comes before it takes longer, or ends as planned after all."""
        if self.admission is not None:
            await self.send_message({"type": "delay", "until": event["until"]})

    async def live_access(self, event: dict[str, Any]) -> None:
        """Something about the person's access has changed: close if it is no longer enough."""
        await self.run(self.access.check)

    async def live_moved(self, event: dict[str, Any]) -> None:
        """A host has let this guest into another room: the page finds it by itself."""
        if self.admission is not None and event["admission"] == str(self.admission.pk):
            self.has_left = True
            await self.send_message({"type": "moved"})
            await self.finish(OVER)

    async def live_ended(self, event: dict[str, Any]) -> None:
        if self.admission is None:
            return
        if self.admission.state == Admission.State.WAITING and not event.get("waiting_too", True):
            return
        self.has_left = True
        await self.send_message({"type": "ended"})
        if self.peer is not None:
            await self.peer.detach(leave=True)
        await self.finish(OVER)
