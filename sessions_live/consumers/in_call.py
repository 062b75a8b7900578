"""What a room's consumer has to do with the tools of the call: the lock, names of guests, the spotlight, reactions, private messages."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from core.kernel import clock
from core.kernel.translation import translate
from sessions_live import actions
from sessions_live.broadcasts import user_group
from sessions_live.consumers.access import RoomAccess, identifier
from sessions_live.consumers.messages import Message
from sessions_live.consumers.presenter import RoomPresenter
from sessions_live.models import Admission
from sessions_live.personal_links.actions import rename_guest
from sessions_live.sfu.errors import ErrorCode, PeerError
from tenants import outages

REACTIONS = frozenset({"agree", "heart", "laugh", "celebrate", "star", "unsure"})
REACHED_WITHIN = 4.0  # seconds in which the other's page has a private message, or its author hears that it has not


class Consumer(Protocol):
    """What the tools need of the consumer that has them."""

    access: RoomAccess
    admission: Admission | None
    presenter: RoomPresenter | None
    room_group: str
    channel_name: str
    channel_layer: Any

    async def run(self, act: Callable[..., Any], *values: Any, about: str = "") -> Any: ...

    async def tell(self, group: str, event: dict[str, Any]) -> None: ...

    async def send_message(self, message: Message) -> None: ...

    async def refuse(self, code: str, sentence: str, about: str = "") -> None: ...


class ConsumerInCall:
    """The tools, for the page of one consumer."""

    def __init__(self, consumer: Consumer) -> None:
        self.consumer = consumer
        self._on_their_way: dict[str, tuple[Message, asyncio.Task[None]]] = {}  # private messages of this page, by id

    @property
    def is_in(self) -> bool:
        admission = self.consumer.admission
        return admission is not None and admission.state == Admission.State.ADMITTED

    # -- what the page sends -------------------------------------------------------------------------------------------

    async def handle(self, message: Message) -> None:
        """Answer a message whose type is one of `messages.IN_CALL`."""
        if not self.is_in:
            raise PeerError(ErrorCode.NOT_JOINED)
        await getattr(self, f"on_{message['type']}")(message)

    async def on_lock(self, message: Message) -> None:
        await self.consumer.run(self.lock, message["locked"], about="lock")

    async def on_rename(self, message: Message) -> None:
        """A host names a guest by link, and hears that it is done."""
        if await self.consumer.run(self.rename, message["admission"], message["name"], about="rename"):
            await self.consumer.send_message({"type": "renamed"})

    async def on_spotlight(self, message: Message) -> None:
        await self.consumer.run(self.set_spotlight, message.get("admission"), about="spotlight")

    async def on_reaction(self, message: Message) -> None:
        """Everybody who is in sees it, oneself too."""
        assert self.consumer.admission is not None
        if message["reaction"] not in REACTIONS:
            raise PeerError(ErrorCode.BAD_MESSAGE, "no such reaction")
        peer = str(self.consumer.admission.pk)
        event = {"type": "live.reaction", "peer": peer, "reaction": message["reaction"]}
        await self.consumer.tell(self.consumer.room_group, event)

    async def on_private(self, message: Message) -> None:
        """To the page of one other person, by the group that only their pages are in."""
        written = await self.consumer.run(
            self.consumer.access.private_message,
            message["text"],
            self.consumer.admission,
            message["to"],
            about="private",
        )
        if written is None:
            return
        facts = _facts_of(written)
        self._on_their_way[written.id] = (facts, asyncio.create_task(self._give_up(written.id)))
        event = {"type": "live.private", "message": facts, "channel": self.consumer.channel_name}
        await self.consumer.tell(user_group(written.recipient.person_id), event)

    def lock(self, locked: bool) -> None:
        user, room = self.consumer.access.get_room_as_host()
        actions.lock_room(room, locked=locked, by=user, now=clock.now())

    def rename(self, admission: str, name: str) -> None:
        user, room = self.consumer.access.get_room_as_host()
        rename_guest(room, identifier(admission), name=name, by=user, now=clock.now())

    def set_spotlight(self, admission: str | None) -> None:
        _, room = self.consumer.access.get_room_as_host()
        actions.set_spotlight(room, identifier(admission) if admission is not None else None, now=clock.now())

    async def _give_up(self, message_id: str) -> None:
        """The other's line is down at present: what was written is its author's again."""
        await asyncio.sleep(REACHED_WITHIN)
        if self._on_their_way.pop(message_id, None) is not None:
            sentence = translate("They could not be reached just now. Your message was not sent.")
            await self.consumer.refuse("not_reached", sentence, "private")

    def ended(self) -> None:
        """The page is gone: nobody is left to hear what became of its messages."""
        for _, task in self._on_their_way.values():
            task.cancel()
        self._on_their_way.clear()

    # -- events of the room --------------------------------------------------------------------------------------------

    async def reacted(self, event: dict[str, Any]) -> None:
        if self.is_in:
            await self.consumer.send_message({"type": "reaction", "peer": event["peer"], "reaction": event["reaction"]})

    async def written_to(self, event: dict[str, Any]) -> None:
        """Somebody writes to this page's person alone; its author hears that it has arrived."""
        facts, admission = event["message"], self.consumer.admission
        if not self.is_in or admission is None or facts["recipient"]["peer"] != str(admission.pk):
            return  # the same person in another room
        await self._show(facts)
        with suppress(OSError, *outages.CACHE_ERRORS):
            read = {"type": "live.private_read", "message": facts["id"]}
            await self.consumer.channel_layer.send(event["channel"], read)

    async def arrived(self, event: dict[str, Any]) -> None:
        """What this page wrote stands with the other."""
        facts, task = self._on_their_way.pop(event["message"], (None, None))
        if facts is not None and task is not None:
            task.cancel()
            await self._show(facts)

    async def _show(self, facts: Message) -> None:
        assert self.consumer.presenter is not None
        await self.consumer.send_message({"type": "chat", "message": self.consumer.presenter.private(facts)})


def _facts_of(message: actions.PrivateMessage) -> Message:
    return {
        "id": message.id,
        "sender": _person(message.sender),
        "recipient": _person(message.recipient),
        "text": message.text,
        "at": message.at.isoformat(),
    }


def _person(admission: Admission) -> Message:
    return {
        "peer": str(admission.pk),
        "name": admission.name,
        "mark": admission.mark,
        "host": admission.is_host,
    }
