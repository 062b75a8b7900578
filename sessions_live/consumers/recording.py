"""What a room's consumer has to do with recording: asked, answered, told. The right to be recorded follows the answer, on the server."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from sessions_live import engines
from sessions_live.consumers.access import RoomAccess
from sessions_live.consumers.messages import Message
from sessions_live.consumers.peer import Peer
from sessions_live.consumers.recording_access import RecordingAccess
from sessions_live.media.engine import EngineError
from sessions_live.models import Admission
from sessions_live.recordings import recorder
from sessions_live.recordings.reasons import StopReason
from sessions_live.sfu.errors import ErrorCode
from sessions_live.sfu.messages import error_message

logger = logging.getLogger(__name__)


class Consumer(Protocol):
    """What recording needs of the consumer that has it."""

    access: RoomAccess
    admission: Admission | None
    peer: Peer | None

    async def run(self, act: Callable[..., Any], *values: Any, about: str = "") -> Any: ...

    async def send_message(self, message: Message) -> None: ...

    async def send_from_media(self, message: Message) -> None: ...


class ConsumerRecording:
    """Recording, for the page of one consumer."""

    def __init__(self, consumer: Consumer) -> None:
        self.consumer = consumer
        self.access = RecordingAccess(consumer.access)
        self.is_running = False  # as far as this page has been told

    # -- what the page sends -------------------------------------------------------------------------------------------

    async def handle(self, message: Message) -> None:
        """Answer a message whose type is one of `messages.RECORDING`."""
        await getattr(self, f"on_{message['type']}")(message)

    async def on_record(self, message: Message) -> None:
        """A host wants to record: everybody is asked."""
        await self.consumer.run(self.access.request_consent, about="record")

    async def on_stop_recording(self, message: Message) -> None:
        """A host stops; the media server at once, and once more by the promise that follows."""
        if await self.consumer.run(self.access.stop, about="stop_recording"):
            await self.stop_recorder()

    async def on_consent(self, message: Message) -> None:
        """This person's own answer, or another one than before."""
        begins = await self.consumer.run(
            self.access.answer, message["recording"], message["version"], message["agrees"], about="consent"
        )
        if begins is None:
            return
        if begins:
            await self.start_recorder()
        await self.apply_consent()

    # -- the media server ----------------------------------------------------------------------------------------------

    async def start_recorder(self) -> None:
        """The first person has agreed: now, and not before, the media server is told to write."""
        start = await self.consumer.run(self.access.start, about="consent")
        if start is None:
            return
        try:
            await recorder.start(
                engines.server(),
                start.room_id,
                start.folder,
                capacity=start.capacity,
                without_consent=start.without_consent,
            )
        except EngineError as error:
            logger.warning("A recording could not begin: %s", error.code)
            await self.consumer.run(self.access.end, StopReason.NOT_BEGUN)

    async def apply_consent(self) -> None:
        """Give or take the right to be recorded, by what the database says. Where it cannot be taken, the recording ends."""
        if self.consumer.peer is None:
            return
        allowed = await self.consumer.run(self.access.may_be_recorded)
        if allowed is None:
            return
        try:
            await self.consumer.peer.permit_recording(self.consumer.access.room_id, allowed)
        except EngineError as error:
            logger.warning("The right to be recorded could not be changed: %s", error.code)
            await self.consumer.run(self.access.end, StopReason.SERVER)
            await self.consumer.send_from_media(error_message(ErrorCode.UNREACHABLE, "consent"))

    async def stop_recorder(self) -> None:
        with suppress(EngineError):
            await recorder.stop(engines.server(), self.consumer.access.room_id)

    async def from_engine(self, message: Message) -> None:
        """What the engine sends goes to the page; what it says about the recording is acted upon, too."""
        await self.consumer.send_from_media(message)
        if message["type"] == "error" and message.get("code") == "recording_failed":
            await self.consumer.run(self.access.end, StopReason.DISK)
        elif self.is_running and self.may_have_broken(message):
            await self.check_recorder()

    def may_have_broken(self, message: Message) -> bool:
        """The room was made anew, or cannot be found again."""
        if message["type"] == "joined":
            return not message.get("recording")
        return message["type"] == "error" and message.get("code") in ("transport_failed", "server_lost")

    async def check_recorder(self) -> None:
        """Ask the media server itself; the person learns of it at once when nothing is written any more."""
        if not await self.consumer.run(self.access.should_run):
            return
        if await recorder.recorded_peers(engines.server(), self.consumer.access.room_id) is None:
            await self.consumer.run(self.access.end, StopReason.SERVER)

    # -- events of the room --------------------------------------------------------------------------------------------

    async def changed(self, event: dict[str, Any]) -> None:
        """Somebody asked, answered or stopped: the page shows it, and the right to be recorded ends with the recording."""
        admission = self.consumer.admission
        if admission is None or admission.state != Admission.State.ADMITTED:
            return
        if event["about"] not in ("", str(self.consumer.access.user_id)) and not admission.is_host:
            return  # another person's answer does not concern guests
        await self.send_state(event["because"])
        await self.apply_consent()

    async def send_state(self, because: str = "") -> None:
        """How it stands, in this reader's language; `because` is the code of what has just stopped it."""
        assert self.consumer.admission is not None
        state = await self.consumer.run(self.access.state_for, self.consumer.admission, because)
        if state is None:
            return
        self.is_running = state["state"] == "recording"
        await self.consumer.send_message(state)
