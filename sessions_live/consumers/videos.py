"""What a room's consumer has to do with a video that everybody watches in step: hosts say what plays and from where, all pages are told."""

from collections.abc import Callable
from typing import Any, Protocol

from core.kernel import clock
from sessions_live import actions, broadcasts
from sessions_live.consumers.access import RoomAccess
from sessions_live.consumers.messages import Message
from sessions_live.models import Admission
from sessions_live.sfu.errors import ErrorCode, PeerError


class Consumer(Protocol):
    """What videos need of the consumer that has them."""

    access: RoomAccess
    admission: Admission | None

    async def run(self, act: Callable[..., Any], *values: Any, about: str = "") -> Any: ...

    async def send_message(self, message: Message) -> None: ...


class ConsumerVideos:
    """The video, for the page of one consumer."""

    def __init__(self, consumer: Consumer) -> None:
        self.consumer = consumer

    @property
    def is_in(self) -> bool:
        admission = self.consumer.admission
        return admission is not None and admission.state == Admission.State.ADMITTED

    # -- what the page sends -------------------------------------------------------------------------------------------

    async def handle(self, message: Message) -> None:
        """Answer a message whose type is one of `messages.VIDEO`."""
        if not self.is_in:
            raise PeerError(ErrorCode.NOT_JOINED)
        kind = message["type"]
        if kind == "video_open":
            await self.consumer.run(self.open, message["address"], about=kind)
        elif kind == "video_steer":
            await self.consumer.run(self.steer, message["playing"], float(message["position"]), about=kind)
        else:
            await self.consumer.run(self.close, about=kind)

    def open(self, address: str) -> None:
        user, room = self.consumer.access.get_room_as_host()
        actions.open_video(room, address, by=user, now=clock.now())

    def steer(self, playing: bool, position: float) -> None:
        user, room = self.consumer.access.get_room_as_host()
        actions.steer_video(room, playing=playing, position=position, by=user, now=clock.now())

    def close(self) -> None:
        user, room = self.consumer.access.get_room_as_host()
        actions.close_video(room, by=user, now=clock.now())

    # -- events of the room --------------------------------------------------------------------------------------------

    async def changed(self, event: dict[str, Any]) -> None:
        if self.is_in:
            await self.consumer.send_message({"type": "video", **event["video"]})

    async def send_state(self) -> None:
        """To somebody who has just come in."""
        facts = await self.consumer.run(self.facts)
        if facts is not None and facts["video"]:
            await self.consumer.send_message({"type": "video", **facts})

    def facts(self) -> dict[str, Any]:
        _, room, _ = self.consumer.access.get_room()
        return broadcasts.video_facts(room)
