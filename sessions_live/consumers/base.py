"""What the sockets of live pages have in common: learn who opened them, read and answer messages, close for good."""

import json
from contextlib import suppress
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import translation

from branding.queries import offered_language
from sessions_live import media_errors
from sessions_live.consumers.messages import Message, MessageReader
from sessions_live.sfu.errors import PeerError
from sessions_live.sfu.messages import error_message

SIGNED_OUT, OVER, FLOODED = 4401, 4410, 4429


class SignedInConsumer(AsyncWebsocketConsumer):
    """The socket of a signed-in person's page. Subclasses set `message_reader` in `opened`, and have a handler `on_<type>` for each message."""

    message_reader: MessageReader
    is_closed = False

    async def connect(self) -> None:
        await self.accept()  # first, because a browser learns a close code only from an open socket
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.finish(SIGNED_OUT)
            return
        translation.activate(await database_sync_to_async(offered_language)(user.language))
        await self.opened(user, dict(self.scope["headers"]).get(b"host", b"").decode("latin-1"))

    async def opened(self, user: Any, host: str) -> None:
        """The socket has been opened by `user` on `host`."""
        raise NotImplementedError

    async def handle(self, message: Message) -> None:
        """Answer a message of a known shape; PeerError refuses it."""
        await getattr(self, f"on_{message['type']}")(message)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.is_closed:
            return
        try:
            await self.handle(self.message_reader.read(text_data, bytes_data))
        except PeerError as error:
            await self.send_from_media(error_message(error.code))
            if self.message_reader.is_flooded:
                await self.finish(FLOODED)

    async def send_message(self, message: Message) -> None:
        """Tell the page; a page that has just gone hears nothing."""
        if not self.is_closed:
            with suppress(RuntimeError):  # the server has closed the socket before we knew
                await self.send(json.dumps(message))

    async def send_from_media(self, message: Message) -> None:
        """Pass on what the media side sends; its errors get their sentences here."""
        await self.send_message(media_errors.for_page(message))

    async def refuse(self, code: str, sentence: str, about: str = "") -> None:
        """Tell the page that something did not go, with a sentence for the person; `about` is the type of their message."""
        await self.send_message(
            {"type": "error", "code": code, "message": sentence} | ({"for": about} if about else {})
        )

    async def finish(self, code: int) -> None:
        """Close for good: the page does not come back by itself."""
        if not self.is_closed:
            self.is_closed = True
            with suppress(RuntimeError):
                await self.close(code=code)
