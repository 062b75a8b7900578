"""The socket of a signed-in person's pages: news arrives the moment it is committed."""

from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from tenants.sockets import group_name

NOT_SIGNED_IN = 4401
COME_BACK = 1012  # "service restart": the page opens another socket, and its cookie decides anew


class PersonConsumer(AsyncJsonWebsocketConsumer):
    """Sends `{"type": "news", …}`; understands nothing that a client sends."""

    group = ""

    async def connect(self) -> None:
        user = self.scope["user"]
        if not user.is_authenticated:
            await (
                self.accept()
            )  # because a browser learns a close code only from an open socket, and would ask for ever
            await self.close(code=NOT_SIGNED_IN)
            return
        self.group = group_name("person", str(user.pk))
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Nothing is expected from the page."""

    async def person_hang_up(self, event: dict[str, Any]) -> None:
        """The sessions of this login have ended. A page that has a new one comes back; the others are told that they are signed out."""
        await self.close(code=COME_BACK)

    async def person_news(self, event: dict[str, Any]) -> None:
        await self.send_json({"type": "news", **event["news"]})
