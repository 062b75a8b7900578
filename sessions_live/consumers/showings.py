"""What a room's consumer has to do with resources and files that everybody looks at: hosts open, steer and close them, all pages are told."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol
from uuid import UUID

from core.kernel import clock
from core.people.models import Client, User
from core.records.permissions import can_keep_records, can_read_shared
from core.resources.table_facts import MARKS
from sessions_live.consumers.access import RoomAccess
from sessions_live.consumers.messages import Message
from sessions_live.models import Admission
from sessions_live.permissions import RoomRole
from sessions_live.sfu.errors import ErrorCode, PeerError
from sessions_live.showings.actions import showing as actions
from sessions_live.showings.actions.playing import play, show_dice
from sessions_live.showings.queries import showing_facts

LATE = "late"  # a move that came when the table looked otherwise


class Consumer(Protocol):
    """What showings need of the consumer that has them."""

    access: RoomAccess
    admission: Admission | None

    async def run(self, act: Callable[..., Any], *values: Any, about: str = "") -> Any: ...

    async def send_message(self, message: Message) -> None: ...


class ConsumerShowings:
    """What everybody looks at, for the page of one consumer."""

    def __init__(self, consumer: Consumer) -> None:
        self.consumer = consumer

    @property
    def is_in(self) -> bool:
        admission = self.consumer.admission
        return admission is not None and admission.state == Admission.State.ADMITTED

    # -- what the page sends -------------------------------------------------------------------------------------------

    async def handle(self, message: Message) -> None:
        """Answer a message whose type is one of `messages.SHOWING`."""
        if not self.is_in:
            raise PeerError(ErrorCode.NOT_JOINED)
        kind = message["type"]
        if kind == "show":
            await self.consumer.run(self.show, message, about=kind)
        elif kind == "play":
            if await self.consumer.run(self.play, message, about=kind) == LATE:
                await self.send_state()
        elif kind == "showing_steer":
            playing, position = message["playing"], float(message["position"])
            await self.consumer.run(self.steer, message["showing"], playing, position, about=kind)
        else:
            await self.consumer.run(self.close, about=kind)

    def show(self, message: Message) -> None:
        user, room = self.consumer.access.get_room_as_host()
        if message.get("dice"):
            show_dice(room, by=user, now=clock.now())
        elif client_file := message.get("client_file"):
            actions.show_client_file(room, identifier(client_file), by=user, now=clock.now())
        else:
            actions.show_resource(room, identifier(message.get("resource") or ""), by=user, now=clock.now())

    def play(self, message: Message) -> str:
        person, room, role = self.consumer.access.get_room()
        done = play(
            room, identifier(message["showing"]), act=message["act"], value=message.get("value"), seen=message["seen"],
            by=person, leads=role is RoomRole.HOST, now=clock.now(),
        )  # fmt: skip
        return LATE if done is None else ""

    def steer(self, showing: str, playing: bool, position: float) -> None:
        user, room = self.consumer.access.get_room_as_host()
        actions.steer_showing(room, identifier(showing), playing=playing, position=position, by=user, now=clock.now())

    def close(self) -> None:
        user, room = self.consumer.access.get_room_as_host()
        actions.close_showing(room, by=user, now=clock.now())

    # -- events of the room --------------------------------------------------------------------------------------------

    async def changed(self, event: dict[str, Any]) -> None:
        if self.is_in:
            await self.consumer.send_message({"type": "showing", **self._readable(event["showing"])})

    async def files_changed(self, event: dict[str, Any]) -> None:
        """Only to those who may read that client's files: in a group the others are strangers."""
        if self.is_in and await self.consumer.run(self.reads_files_of, event["client"]):
            await self.consumer.send_message({"type": "client_files"})

    def reads_files_of(self, client_id: str) -> bool:
        user, _, _ = self.consumer.access.get_room()
        client = Client.objects.filter(pk=client_id).first()
        if client is None or not isinstance(user, User):
            return False
        return can_keep_records(user, client) or can_read_shared(user, client)

    async def send_state(self) -> None:
        """To somebody who has just come in."""
        facts = await self.consumer.run(self.facts)
        if facts is not None:
            await self.consumer.send_message({"type": "showing", **self._readable(facts)})

    def _readable(self, facts: dict[str, Any]) -> dict[str, Any]:
        """What was right is noted for whoever leads, and nobody else."""
        admission, deck = self.consumer.admission, facts.get("table", {}).get("deck")
        if deck is None or (admission is not None and admission.is_host):
            return facts
        return {**facts, "table": {**facts["table"], "deck": {**deck, MARKS: {}}}}

    def facts(self) -> dict[str, Any]:
        _, room, _ = self.consumer.access.get_room()
        return showing_facts(room)


def identifier(text: str) -> UUID | None:
    """What is no id names nothing."""
    with suppress(ValueError):
        return UUID(text)
    return None
