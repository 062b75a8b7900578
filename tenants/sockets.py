"""Websockets: the organization, and the branch that has the host, are found once, at the handshake, and stays in force for the whole connection."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from channels.db import database_sync_to_async

from tenants import context, hosts, open_sockets, outages

Scope = dict[str, Any]
ASGIApplication = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]

UNKNOWN_HOST = 4404
FOREIGN_ORIGIN = 4403
TRY_AGAIN = 1013


class OrganizationSocket:
    """ASGI wrapper around the socket routes. Refuses unknown or closed organizations and foreign origins before any consumer runs."""

    def __init__(self, application: ASGIApplication) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        host, origin = _header(scope, b"host"), _header(scope, b"origin")
        if not _same_origin(origin, host):
            await send({"type": "websocket.close", "code": FOREIGN_ORIGIN})
            return
        try:
            known = await database_sync_to_async(hosts.find)(host)
        except outages.DATABASE_ERRORS:
            await send({"type": "websocket.close", "code": TRY_AGAIN})
            return
        organization = known.organization
        if organization is None or not organization.is_open:
            await send({"type": "websocket.close", "code": UNKNOWN_HOST})
            return
        socket = open_sockets.OpenSocket(host, receive, send)
        with context.entered(known.state), open_sockets.tracked(socket):
            scope["organization"] = organization
            await self.application(scope, socket.receive, send)


def group_name(kind: str, key: str) -> str:
    """Return the name of a channel group of the organization in force: never shared between organizations."""
    return f"{context.current().schema}.{kind}.{key}"


def session_group(session_key: str) -> str:
    """The channel group of the pages of one signed-in browser; by a digest, because the key opens the door."""
    return group_name("session", hashlib.sha256(session_key.encode()).hexdigest()[:32])


def _header(scope: Scope, name: bytes) -> str:
    """One header. Not out of a dictionary of all, because that would live in our frame as long as the socket."""
    return next((value for key, value in reversed(scope.get("headers", [])) if key == name), b"").decode("latin-1")


def _same_origin(origin: str, host: str) -> bool:
    return urlsplit(origin).netloc.lower() == host.lower()
