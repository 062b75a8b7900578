"""The socket of a signed-in person's pages: news arrives the moment it is committed."""

from typing import Any

from channels.db import database_sync_to_async

from core.notifications.notices import staff_group
from sessions_live.consumers.access import LoginAccess, SignedOut
from sessions_live.consumers.base import SIGNED_OUT, SignedInConsumer
from sessions_live.consumers.messages import MessageReader
from tenants.sockets import group_name


class PersonConsumer(SignedInConsumer):
    """Sends `{"type": "news", …}`; understands nothing that a client sends, and says so."""

    async def opened(self, user: Any, host: str) -> None:
        self.message_reader = MessageReader({})
        self.access = LoginAccess(host, user.pk, self.scope["session"].session_key or "")
        await self.join(group_name("person", str(user.pk)))
        if await database_sync_to_async(lambda: user.staff is not None)():
            await self.join(staff_group())

    async def person_hang_up(self, event: dict[str, Any]) -> None:
        """Sessions of this login have ended: close if this page's is among them."""
        try:
            await database_sync_to_async(self.access.get_user)()
        except SignedOut:
            await self.finish(SIGNED_OUT)

    async def person_news(self, event: dict[str, Any]) -> None:
        await self.send_message({"type": "news", **event["news"]})
