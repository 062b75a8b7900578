"""Recording, as one page of a room has part in it: asked, answered, told. The right to be recorded follows the answer, on the server."""

import logging
from contextlib import suppress
from typing import Any

from channels.db import database_sync_to_async

from core.kernel.translation import translate
from sessions_live import engines
from sessions_live.consumers.call import Call
from sessions_live.consumers.desk import Caller
from sessions_live.consumers.messages import Message
from sessions_live.consumers.page import PageConsumer
from sessions_live.consumers.recording_desk import RecordingDesk
from sessions_live.media.engine import EngineError
from sessions_live.models import Admission
from sessions_live.recordings import capture

logger = logging.getLogger(__name__)


class RecordedPage(PageConsumer):
    """The part of a room's consumer that is about recording."""

    admission: Admission | None
    call: Call | None
    caller: Caller
    is_recording = False  # as far as this page has been told
    try_to: Any

    @property
    def desk(self) -> RecordingDesk:
        return RecordingDesk(self.caller)

    # -- what the page says --------------------------------------------------------------------------------------------

    async def on_record(self, message: Message) -> None:
        """A host wants to record: everybody is asked."""
        await self.try_to(self.desk.ask, about="record")

    async def on_stop_recording(self, message: Message) -> None:
        """A host stops; the media server at once, and once more by the promise that follows."""
        if await self.try_to(self.desk.stop, about="stop_recording"):
            await self.stop_capture()

    async def on_consent(self, message: Message) -> None:
        """This person's own answer, or another one than before."""
        begins = await self.try_to(
            self.desk.answer, message["recording"], message["version"], message["agrees"], about="consent"
        )
        if begins is None:
            return
        if begins:
            await self.begin_capture()
        await self.follow_consent()

    # -- the media server ----------------------------------------------------------------------------------------------

    async def begin_capture(self) -> None:
        """The first person has agreed: now, and not before, the media server is told to write."""
        start = await self.try_to(self.desk.start, about="consent")
        if start is None:
            return
        try:
            await capture.begin(
                engines.server(),
                start.room_id,
                start.folder,
                capacity=start.capacity,
                without_consent=start.without_consent,
            )
        except EngineError as error:
            logger.warning("A recording could not begin: %s", error.code)
            await self.try_to(self.desk.broke, "not_begun")

    async def follow_consent(self) -> None:
        """Give or take the right to be recorded, by what the database says. Where it cannot be taken, the recording ends."""
        if self.call is None:
            return
        allowed = await database_sync_to_async(self.desk.may_be_recorded)()
        try:
            await self.call.permit_recording(self.caller.room_id, allowed)
        except EngineError as error:
            logger.warning("The right to be recorded could not be changed: %s", error.code)
            await self.try_to(self.desk.broke, "server")
            await self.refuse(
                "transport_failed", translate("The media server cannot be reached. Try again in a moment."), "consent"
            )

    async def stop_capture(self) -> None:
        with suppress(EngineError):
            await capture.stop(engines.server(), self.caller.room_id)

    async def hear_engine(self, message: Message) -> None:
        """What the engine says goes to the page; what it says about the recording is acted upon, too."""
        await self.send_from_media(message)
        if message["type"] == "error" and message.get("code") == "recording_failed":
            await self.try_to(self.desk.broke, "disk")
        elif self.is_recording and self.may_have_broken(message):
            await self.check_capture()

    def may_have_broken(self, message: Message) -> bool:
        """The room was made anew, or cannot be found again."""
        if message["type"] == "joined":
            return not message.get("recording")
        return message["type"] == "error" and message.get("code") in ("transport_failed", "server_lost")

    async def check_capture(self) -> None:
        """Ask the media server itself; the person learns of it at once when nothing is written any more."""
        if not await database_sync_to_async(self.desk.should_run)():
            return
        if await capture.look(engines.server(), self.caller.room_id) is None:
            await self.try_to(self.desk.broke, "server")

    # -- news from the room --------------------------------------------------------------------------------------------

    async def live_recording(self, event: dict[str, Any]) -> None:
        """Somebody asked, answered or stopped: the page shows it, and the right to be recorded ends with the recording."""
        if self.admission is None or self.admission.state != Admission.State.ADMITTED:
            return
        if event["about"] not in ("", str(self.caller.user_id)) and not self.admission.is_host:
            return  # another person's answer is no news to guests
        await self.tell_recording(event["because"])
        await self.follow_consent()

    async def tell_recording(self, because: str = "") -> None:
        """How it stands, in this reader's language."""
        assert self.admission is not None
        facts = await database_sync_to_async(self.desk.facts)(self.admission, because)
        self.is_recording = facts["state"] == "recording"
        await self.send_message(facts)
