"""What a room's consumer has to do with raised hands, and with hosts who turn the guests' microphones off."""

from collections.abc import Callable
from typing import Any, Protocol

from core.kernel import clock
from sessions_live import actions
from sessions_live.consumers.access import RoomAccess, identifier
from sessions_live.consumers.messages import Message
from sessions_live.models import Admission
from sessions_live.sfu.errors import ErrorCode, PeerError


class Consumer(Protocol):
    """What hands need of the consumer that has them."""

    access: RoomAccess
    admission: Admission | None
    room_group: str
    is_host: bool

    async def run(self, act: Callable[..., Any], *values: Any, about: str = "") -> Any: ...

    async def tell(self, group: str, event: dict[str, Any]) -> None: ...

    async def send_message(self, message: Message) -> None: ...


class ConsumerHands:
    """Hands and microphones, for the page of one consumer."""

    def __init__(self, consumer: Consumer) -> None:
        self.consumer = consumer

    @property
    def is_in(self) -> bool:
        admission = self.consumer.admission
        return admission is not None and admission.state == Admission.State.ADMITTED

    # -- what the page sends -------------------------------------------------------------------------------------------

    async def handle(self, message: Message) -> None:
        """Answer a message whose type is one of `messages.HANDS`."""
        if not self.is_in:
            raise PeerError(ErrorCode.NOT_JOINED)
        await getattr(self, f"on_{message['type']}")(message)

    async def on_hand(self, message: Message) -> None:
        """My own; or a host lowers somebody's."""
        other = message.get("admission")
        if other is None:
            await self.consumer.run(self.raise_hand, message["up"], about="hand")
        elif not message["up"]:
            await self.consumer.run(self.lower_hand, other, about="hand")

    async def on_mute_guests(self, message: Message) -> None:
        """The guests' pages turn their microphones off: all of them, or that of one. They may turn them on again."""
        if await self.consumer.run(self.check_host, about="mute_guests"):
            peer = message.get("admission") or ""
            await self.consumer.tell(self.consumer.room_group, {"type": "live.mute", "peer": peer})

    def raise_hand(self, up: bool) -> None:
        self.consumer.access.check()
        assert self.consumer.admission is not None
        actions.raise_hand(self.consumer.admission, up=up, now=clock.now())

    def lower_hand(self, admission: str) -> None:
        _, room, _ = self.consumer.access.get_room(host=True)
        actions.lower_hand(room, identifier(admission), now=clock.now())

    def check_host(self) -> None:
        self.consumer.access.get_room(host=True)

    # -- events of the room --------------------------------------------------------------------------------------------

    async def muted(self, event: dict[str, Any]) -> None:
        """A host has turned off guests' microphones; hosts keep theirs."""
        if not self.is_in or self.consumer.is_host:
            return
        assert self.consumer.admission is not None
        if event["peer"] in ("", str(self.consumer.admission.pk)):
            await self.consumer.send_message({"type": "mute_guests"})
