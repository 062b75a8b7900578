"""The socket of one page in one room: at the door, then in the session."""

import asyncio
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.core.exceptions import PermissionDenied

from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from sessions_live.broadcasts import room_group, user_group
from sessions_live.consumers.call import Call
from sessions_live.consumers.desk import Caller, SignedOut
from sessions_live.consumers.messages import MEDIA, Gate, Message
from sessions_live.consumers.page import OVER, SIGNED_OUT
from sessions_live.consumers.reading import Reader
from sessions_live.consumers.recording import RecordedPage
from sessions_live.models import Admission

GRACE = 20.0  # seconds in which a page that lost its socket comes back to its seat
WATCH_EVERY = 30.0  # seconds between looks whether the person may still be here
REMOVED, NOT_HERE, ELSEWHERE = 4403, 4404, 4409

_later: set[asyncio.Task[None]] = set()  # because the loop keeps only weak references


class RoomConsumer(RecordedPage):
    """Speaks docs/live-rooms.md with the page, and hands messages about media on to the engine."""

    admission: Admission | None = None
    reader: Reader | None = None
    call: Call | None = None
    watch: asyncio.Task[None] | None = None
    person = ""
    is_host = False
    has_left = False

    # -- the socket ----------------------------------------------------------------------------------------------------

    async def arrive(self, user: Any, host: str) -> None:
        room_id: UUID = self.scope["url_route"]["kwargs"]["room_id"]
        self.caller = Caller(host, user.pk, user.session_generation, room_id, self.scope["session"].session_key or "")
        self.gate = Gate()
        self.group = room_group(room_id)
        self.person = user_group(user.pk)
        await self.channel_layer.group_add(self.person, self.channel_name)
        if await self.try_to(self.caller.seat) is not None:
            self.watch = asyncio.create_task(self.look_again())

    async def hear(self, message: Message) -> None:
        if message["type"] in MEDIA:
            await self.on_media(message)
        else:
            await super().hear(message)

    async def disconnect(self, code: int) -> None:
        self.is_closed = True
        if self.watch is not None:
            self.watch.cancel()
        if self.person:
            await self.channel_layer.group_discard(self.person, self.channel_name)
        if self.admission is None:
            return
        await self.channel_layer.group_discard(self.group, self.channel_name)
        if self.call is not None:
            await self.call.detach(leave=self.has_left)
        if not self.has_left:
            task = asyncio.create_task(self.leave_later(self.admission))
            _later.add(task)
            task.add_done_callback(_later.discard)

    async def leave_later(self, admission: Admission) -> None:
        """Give the seat up, unless another page of the same person has taken it meanwhile."""
        await asyncio.sleep(GRACE)
        await database_sync_to_async(self.caller.leave)(admission, self.channel_name)

    async def look_again(self) -> None:
        """Close the socket of somebody who may not be here any more, whatever they do or do not say."""
        while not self.is_closed:
            await asyncio.sleep(WATCH_EVERY)
            await self.try_to(self.caller.still_open)

    async def let_go(self, code: int) -> None:
        """The person may not be here any more: seat and media end at once, without the grace of a lost line."""
        self.has_left = True
        if self.call is not None:
            await self.call.detach(leave=True)
        if self.admission is not None:
            await database_sync_to_async(self.caller.leave)(self.admission, self.channel_name)
        await self.finish(code)

    async def try_to(self, act: Any, *values: Any, about: str = "") -> Any:
        """Run one act in a database thread and answer what it raises; True when it returned nothing, None when it was refused."""
        try:
            result = await database_sync_to_async(act)(*values)
        except SignedOut:
            await self.let_go(SIGNED_OUT)
        except NotFound:
            await self.let_go(NOT_HERE)
        except PermissionDenied:
            await self.refuse("not_allowed", translate("Only the host may do this."), about)
        except DomainError as error:
            if error.code in ("too_late", "not_booked", "not_online"):
                await self.send_message({"type": "ended", "message": error.message})
                await self.finish(OVER)
            else:
                await self.refuse(error.code, error.message, about)
        else:
            return True if result is None else result
        return None

    # -- what the page says --------------------------------------------------------------------------------------------

    async def on_hello(self, message: Message) -> None:
        """Ask to be let in, or take the seat again; said once per socket, and again when joining the call went wrong."""
        if self.admission is None:
            await self.channel_layer.group_add(self.group, self.channel_name)
        answer = await self.try_to(self.caller.ask, self.channel_name, about="hello")
        if answer is None:
            return
        self.admission, room = answer
        self.is_host = self.admission.is_host
        self.reader = await database_sync_to_async(self.caller.reader)(self.admission, room)
        seated = {"type": "live.seated", "admission": str(self.admission.pk), "channel": self.channel_name}
        await self.channel_layer.group_send(self.group, seated)
        await self.send_message(await database_sync_to_async(self.caller.welcome)(self.admission, room))
        await self.live_people({"gone": "", **await database_sync_to_async(self.caller.lists)()})
        if self.admission.state == Admission.State.ADMITTED:
            await self.enter(resume=bool(message.get("resume")))

    async def on_chat(self, message: Message) -> None:
        if self.admission is None:
            await self.refuse("not_joined", translate("Join the session first."), "chat")
            return
        await self.try_to(self.caller.write, message["text"], self.admission, message.get("admission"), about="chat")

    async def on_admit(self, message: Message) -> None:
        await self.try_to(self.caller.admit, message["admission"], about="admit")

    async def on_admit_all(self, message: Message) -> None:
        """Everybody at once; those for whom there is no room wait on, and the host hears why."""
        await self.try_to(self.caller.admit_all, about="admit_all")

    async def on_deny(self, message: Message) -> None:
        await self.try_to(self.caller.deny, message["admission"], about="deny")

    async def on_remove(self, message: Message) -> None:
        """Take somebody out who is in: their socket and their media end."""
        if await self.try_to(self.caller.deny, message["admission"], about="remove") and self.call is not None:
            await self.call.throw_out(self.caller.room_id, message["admission"])

    async def on_end(self, message: Message) -> None:
        if await self.try_to(self.caller.end, about="end") and self.call is not None:
            if self.is_recording:
                await self.stop_capture()
            await self.call.end(self.caller.room_id)

    async def on_leave(self, message: Message) -> None:
        self.has_left = True
        if self.call is not None:
            await self.call.detach(leave=True)
        if self.admission is not None:
            await database_sync_to_async(self.caller.leave)(self.admission)
        await self.finish(OVER)

    async def on_ping(self, message: Message) -> None:
        await self.send_message({"type": "pong", "at": message.get("at")})

    async def on_media(self, message: Message) -> None:
        if self.call is None or not self.call.is_attached:
            await self.refuse("not_joined", translate("Join the session first."), message["type"])
            return
        await self.call.send(message)

    # -- the call ------------------------------------------------------------------------------------------------------

    async def enter(self, *, resume: bool) -> None:
        """The person is in: join the call. Before this moment nothing about media has left the server."""
        assert self.admission is not None
        place = await self.try_to(self.caller.call_place, self.admission.pk, about="hello")
        if place is None:
            return
        self.admission, room = place
        if self.admission.state != Admission.State.ADMITTED:
            return
        if self.call is None:
            peer = str(self.admission.pk)
            self.call = Call(peer=peer, to_client=self.hear_engine, to_others=self.to_others)
        allowed = await database_sync_to_async(self.desk.may_be_recorded)()
        await self.call.attach(room, resume=resume, may_be_recorded=allowed)
        await self.tell_recording()

    async def to_others(self, message: Message) -> None:
        """From our session to the sessions of the others, whichever process holds their sockets."""
        event = {"type": "live.media", "channel": self.channel_name, "message": message}
        await self.channel_layer.group_send(self.group, event)

    # -- news from the room --------------------------------------------------------------------------------------------

    async def live_media(self, event: dict[str, Any]) -> None:
        if self.call is not None and event["channel"] != self.channel_name:
            await self.call.deliver(event["message"])

    async def live_seated(self, event: dict[str, Any]) -> None:
        """The same person sits here with another page now: this one lets go, without leaving."""
        own = self.admission is not None and event["admission"] == str(self.admission.pk)
        if own and event["channel"] != self.channel_name:
            if self.call is not None:
                await self.call.detach()
            await self.finish(ELSEWHERE)

    async def live_people(self, event: dict[str, Any]) -> None:
        if self.admission is None or self.reader is None:
            return
        if self.call is not None:
            await self.call.gone(event["gone"])
        if self.admission.state == Admission.State.ADMITTED:
            queue = {"queue": event["queue"]} if self.is_host else {}
            await self.send_message({"type": "people", "people": self.reader.people(event["people"]), **queue})
        else:
            waiting = [one["admission"] for one in event["queue"]]
            mine = str(self.admission.pk)
            position = waiting.index(mine) + 1 if mine in waiting else 0
            present = any(one["host"] for one in event["people"])
            await self.send_message(
                {"type": "waiting", "position": position, "host_present": present, "full": event["full"]}
            )

    async def live_decided(self, event: dict[str, Any]) -> None:
        if self.admission is None or event["admission"] != str(self.admission.pk):
            return
        if event["state"] == Admission.State.DENIED:
            await self.send_message({"type": "denied"})
            self.has_left = True
            if self.call is not None:
                await self.call.detach(leave=True)
            await self.finish(REMOVED)
        elif self.admission.state == Admission.State.WAITING:
            self.admission.state = Admission.State.ADMITTED
            await self.send_message({"type": "admitted"})
            await self.enter(resume=False)

    async def live_chat(self, event: dict[str, Any]) -> None:
        if self.admission is None or self.reader is None:
            return
        facts = event["message"]
        at_door = facts["door"]
        is_in = self.admission.state == Admission.State.ADMITTED
        if (is_in and not at_door) or (at_door and (self.is_host or at_door == str(self.caller.user_id))):
            await self.send_message({"type": "chat", "message": self.reader.message(facts)})

    async def live_engine(self, event: dict[str, Any]) -> None:
        """A third person came: this page moves to where the call is now."""
        if self.call is not None and self.call.generation < event["generation"]:
            await self.enter(resume=False)

    async def live_access(self, event: dict[str, Any]) -> None:
        """Something about the person's access has changed: close if it is no longer enough."""
        await self.try_to(self.caller.still_open)

    async def live_ended(self, event: dict[str, Any]) -> None:
        if self.admission is None:
            return
        self.has_left = True
        await self.send_message({"type": "ended"})
        if self.call is not None:
            await self.call.detach(leave=True)
        await self.finish(OVER)
