"""The socket of the connection test (docs/live-rooms.md): a person tries the ICE transports to the media server, in a private room of their own."""

import asyncio
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings

from core.kernel.errors import DomainError
from core.kernel.translation import translate
from sessions_live import connection_test, engines
from sessions_live.consumers.access import LoginAccess, SignedOut
from sessions_live.consumers.base import FLOODED, OVER, SIGNED_OUT, SignedInConsumer
from sessions_live.consumers.messages import CONNECTION_TEST, Message, MessageReader
from sessions_live.media.connection_probe import ConnectionProbe, away
from sessions_live.media.engine import EngineError
from sessions_live.media.ice_transports import IceTransport, urls_for
from sessions_live.sfu.errors import ErrorCode, PeerError

LIFE = 60.0  # seconds; a page needs 20


class ConnectionTestConsumer(SignedInConsumer):
    """One page, one test; every ICE transport once."""

    end: asyncio.Task[None] | None = None
    has_begun = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.probes: dict[IceTransport, ConnectionProbe] = {}

    async def opened(self, user: Any, host: str) -> None:
        self.access = LoginAccess(host, user.pk, self.scope["session"].session_key or "")
        self.message_reader = MessageReader(CONNECTION_TEST)
        self.end = asyncio.create_task(self.finish_later())

    async def ended(self) -> None:
        if self.end is not None:
            self.end.cancel()
        for probe in self.probes.values():
            await probe.close()

    async def finish_later(self) -> None:
        """Nobody keeps a room on the media server by leaving the page open."""
        await asyncio.sleep(LIFE)
        await self.finish(OVER)

    # -- what the page sends -------------------------------------------------------------------------------------------

    async def on_hello(self, message: Message) -> None:
        """Begin: refused to who begins too often, and to who has been signed out meanwhile."""
        if self.has_begun:
            raise PeerError(ErrorCode.ALREADY_JOINED)
        try:
            await database_sync_to_async(self.begin)()
        except SignedOut:
            await self.finish(SIGNED_OUT)
        except DomainError as error:
            await self.refuse(error.code, error.message)
            await self.finish(FLOODED)
        else:
            self.has_begun = True
            await self.send_message({"type": "ready", **connection_test.facts()})

    def begin(self) -> None:
        person = self.access.get_user()
        connection_test.note_start(person.pk)

    async def on_try(self, message: Message) -> None:
        """Open the private room for one transport."""
        transport = _transport(message)
        if not self.has_begun:
            raise PeerError(ErrorCode.NOT_JOINED)
        if transport in self.probes:
            raise PeerError(ErrorCode.ALREADY_JOINED)
        if transport is not IceTransport.DIRECT and not urls_for(transport, settings.TURN_URLS):
            await self.send_message({"type": "no_relay", "transport": transport})
            return
        try:
            self.probes[transport] = ConnectionProbe(
                engines.server(),
                room=connection_test.new_room(),
                transport=transport,
                send_to_page=self.send_from_media,
            )
        except EngineError as error:
            await self.send_from_media(away(transport, error))

    async def on_media(self, message: Message) -> None:
        probe = self.probes.get(_transport(message))
        if probe is None:
            await self.refuse("not_joined", translate("Join the %(session)s first."))
        else:
            await probe.send(message["side"], message["message"])

    async def on_done(self, message: Message) -> None:
        """This transport is known: its room is not needed any more."""
        probe = self.probes.get(_transport(message))
        if probe is not None:
            await probe.close()

    async def on_ping(self, message: Message) -> None:
        await self.send_message({"type": "pong", "at": message.get("at")})


def _transport(message: Any) -> IceTransport:
    try:
        return IceTransport(message["transport"])
    except ValueError:
        raise PeerError(ErrorCode.BAD_MESSAGE, "transport") from None
