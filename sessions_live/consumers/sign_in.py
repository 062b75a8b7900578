"""Who opens a socket: the session of the cookie, and its user.

Channels' own stack says the same in three wrappers. Each keeps a copy of the scope and a frame of its own as long as the socket is open, and there
are thousands.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from channels.auth import get_user
from django.conf import settings
from django.http.cookie import parse_cookie

from core.people.sessions import SessionStore

ASGIApplication = Callable[
    [dict[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]
]


class SignInSocket:
    """ASGI wrapper around the socket routes, inside the organization: `scope` gets a `session` and a `user`, who may be nobody.

    A socket reads its session and never writes it: nothing is saved at its end.
    """

    def __init__(self, application: ASGIApplication) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        scope["session"] = SessionStore(_session_key(scope))
        scope["user"] = await get_user(scope)
        await self.application(scope, receive, send)


def _session_key(scope: dict[str, Any]) -> str | None:
    sent = b"; ".join(value for name, value in scope.get("headers", []) if name == b"cookie")
    return parse_cookie(sent.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
