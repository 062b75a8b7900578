"""What a room's consumer has to do with the area beside the pictures: a host hides it for everybody, and leads the others through it."""

import json
from collections.abc import Callable
from typing import Any, Protocol

from core.kernel import clock
from sessions_live import actions
from sessions_live.consumers.access import RoomAccess
from sessions_live.consumers.messages import Message
from sessions_live.models import Admission
from sessions_live.sfu.errors import ErrorCode, PeerError

LONGEST_TAB = 100
LONGEST_VIEW = 4000  # characters of JSON: where a tab is looked at, and no contents


class Consumer(Protocol):
    """What the work area needs of the consumer that has it."""

    access: RoomAccess
    admission: Admission | None
    room_group: str
    channel_name: str

    async def run(self, act: Callable[..., Any], *values: Any, about: str = "") -> Any: ...

    async def tell(self, group: str, event: dict[str, Any]) -> None: ...

    async def send_message(self, message: Message) -> None: ...


class ConsumerWorkArea:
    """The work area, for the page of one consumer."""

    def __init__(self, consumer: Consumer) -> None:
        self.consumer = consumer
        self.tab: str | None = None  # to which this page leads the others

    @property
    def is_in(self) -> bool:
        admission = self.consumer.admission
        return admission is not None and admission.state == Admission.State.ADMITTED

    # -- what the page sends -------------------------------------------------------------------------------------------

    async def handle(self, message: Message) -> None:
        """Answer a message whose type is one of `messages.WORK_AREA`; who is not in yet has no say."""
        if not self.is_in:
            raise PeerError(ErrorCode.NOT_JOINED)
        await getattr(self, f"on_{message['type']}")(message)

    async def on_work_area(self, message: Message) -> None:
        await self.consumer.run(self.hide, message["hidden"], about="work_area")

    async def on_lead(self, message: Message) -> None:
        """The others see this tab as I see it. The right is looked up for each tab; how it is scrolled and turned follows at once."""
        tab, view = message.get("tab"), message.get("view")
        if len(tab or "") > LONGEST_TAB or len(json.dumps(view)) > LONGEST_VIEW:
            raise PeerError(ErrorCode.TOO_LARGE)
        if tab != self.tab and await self.consumer.run(self.check_host, about="lead") is None:
            return
        if tab is None and self.tab is None:
            return
        self.tab = tab
        await self.tell(tab, view)

    async def tell(self, tab: str | None, view: Message | None) -> None:
        """Say to the others where this page is; None: it leads no more."""
        assert self.consumer.admission is not None
        peer = str(self.consumer.admission.pk)
        event = {"type": "live.lead", "channel": self.consumer.channel_name, "peer": peer, "tab": tab, "view": view}
        await self.consumer.tell(self.consumer.room_group, event)

    async def ended(self) -> None:
        """The page is gone: nobody is led by it."""
        if self.tab is not None:
            await self.tell(None, None)

    def hide(self, hidden: bool) -> None:
        user, room = self.consumer.access.get_room_as_host()
        actions.hide_work_area(room, hidden=hidden, by=user, now=clock.now())

    def check_host(self) -> None:
        self.consumer.access.get_room(host=True)

    # -- events of the room --------------------------------------------------------------------------------------------

    async def changed(self, event: dict[str, Any]) -> None:
        if self.consumer.admission is not None:
            await self.consumer.send_message({"type": "work_area", "hidden": event["hidden"]})

    async def led(self, event: dict[str, Any]) -> None:
        """Another page leads, or has stopped: this one does not any more."""
        if not self.is_in or event["channel"] == self.consumer.channel_name:
            return
        if event["tab"] is not None:
            self.tab = None
        await self.consumer.send_message(
            {"type": "lead", "peer": event["peer"], "tab": event["tab"], "view": event["view"]}
        )
