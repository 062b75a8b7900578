"""What the sockets of signed-in people's pages have in common: learn who opened them, answer messages, close for good, leave nothing behind."""

import asyncio
import json
import logging
from collections import Counter
from contextlib import suppress
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import translation

from branding.queries import offered_language
from core.kernel.plain_text import NOT_PLAIN
from core.kernel.translation import translate
from sessions_live import media_errors
from sessions_live.consumers.messages import Message, MessageReader, NotPlainError
from sessions_live.sfu.errors import PeerError
from sessions_live.sfu.messages import error_message
from tenants import outages
from tenants.sockets import group_name, session_group

logger = logging.getLogger(__name__)

SIGNED_OUT, OVER, TOO_MANY, FLOODED = 4401, 4410, 4428, 4429
COME_BACK = 1012  # "service restart": the page opens another socket, and its cookie decides anew
TRY_AGAIN = 1013
MOST_OF_A_PERSON = 40  # open pages of one login, in one process

_open: Counter[str] = Counter()  # sockets by person


class SignedInConsumer(AsyncWebsocketConsumer):
    """The socket of a signed-in person's page. Subclasses set `message_reader` in `opened`, have a handler `on_<type>` for each message, and
    clean up in `ended`, which is called once however the socket ends.
    """

    message_reader: MessageReader
    is_closed = False
    person = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._joined: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        except (*outages.CACHE_ERRORS, *outages.DATABASE_ERRORS) as error:
            logger.warning("A socket ended, because a server is away: %s", error)
            await self.finish(TRY_AGAIN)
        finally:
            self.is_closed = True
            await asyncio.shield(self._let_go())  # because the server cancels what still runs when it stops

    async def identify(self) -> Any:
        """Whose page it is: the login of its cookie; None for nobody."""
        user = self.scope["user"]
        return user if user.is_authenticated else None

    async def connect(self) -> None:
        await self.accept()  # first, because a browser learns a close code only from an open socket
        user = await self.identify()
        if user is None:
            await self.finish(SIGNED_OUT)
            return
        person = group_name("open", str(user.pk))
        if _open[person] >= MOST_OF_A_PERSON:
            await self.finish(TOO_MANY)
            return
        self.person = person
        _open[person] += 1
        translation.activate(await database_sync_to_async(offered_language)(user.language))
        await self.join(session_group(self.scope["session"].session_key or ""))
        host = dict(self.scope["headers"]).get(b"host", b"").decode("latin-1")
        self.scope[
            "headers"
        ].clear()  # because the server keeps them as long as the socket is open, and there are thousands
        await self.opened(user, host)

    async def opened(self, user: Any, host: str) -> None:
        """The socket has been opened by `user` on `host`."""
        raise NotImplementedError

    async def ended(self) -> None:
        """The socket is gone: by the page, by us, or by an error."""

    async def join(self, group: str) -> None:
        """Hear what is sent to this group from now on."""
        self._joined.append(group)
        await self.channel_layer.group_add(group, self.channel_name)

    async def tell(self, group: str, event: dict[str, Any]) -> None:
        """Send to a group; while the cache server is away nobody hears it, and pages catch up when they come back."""
        with suppress(OSError, *outages.CACHE_ERRORS):
            await self.channel_layer.group_send(group, event)

    async def session_ended(self, event: dict[str, Any]) -> None:
        """This browser has signed out; or only its cookie is another one now, and the page comes back with that."""
        if event["renewed"]:
            await self.finish(COME_BACK)
        else:
            await self.drop(SIGNED_OUT)

    async def drop(self, code: int) -> None:
        """The person may not be here any more."""
        await self.finish(code)

    async def handle(self, message: Message) -> None:
        """Answer a message of a known shape; PeerError refuses it."""
        await getattr(self, f"on_{message['type']}")(message)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.is_closed:
            return
        try:
            await self.handle(self.message_reader.read(text_data, bytes_data))
        except NotPlainError:
            await self.refuse("control_characters", translate(NOT_PLAIN), self.message_reader.about)
        except PeerError as error:
            await self.send_from_media(error_message(error.code, self.message_reader.about))
        except outages.DATABASE_ERRORS as error:
            logger.warning("A message could not be acted upon: %s", error)
            await self.refuse("unavailable", translate(media_errors.GENERAL), self.message_reader.about)
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
        """Close for good: the page does not come back by itself, unless the code says so."""
        if not self.is_closed:
            self.is_closed = True
            with suppress(RuntimeError):
                await self.close(code=code)

    async def _let_go(self) -> None:
        if self.person:
            _open[self.person] -= 1
            if not _open[self.person]:
                del _open[self.person]
        try:
            await self.ended()
        finally:
            for group in self._joined:
                with suppress(OSError, *outages.CACHE_ERRORS):
                    await self.channel_layer.group_discard(group, self.channel_name)
