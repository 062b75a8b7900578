"""How much of a request's body is taken in, decided before the first byte of it is read: Django would lay all of it into a file first.

| who asks                                 | taken in                                                     |
|------------------------------------------|--------------------------------------------------------------|
| a host that belongs to nobody            | nothing: answered at the headers                             |
| nobody signed in; the operator console   | 64 kB                                                        |
| a machine whose headers show a password  | 1 MB                                                         |
| somebody signed in                       | 1 MB, or what the page says that its form needs (`body_limit`) |

Whether somebody is signed in is looked up only when more than 64 kB are announced, or when they come unannounced.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.asgi import ASGIRequest
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext

from core.kernel.errors import TOO_LARGE
from tenants import certificates, context, hosts, outages
from tenants.models import Organization

ANONYMOUS_BYTES = 64 * 1024
SIGNED_IN_BYTES = 1024 * 1024
LINGER_BYTES = 40 * 1024 * 1024  # a busy proxy sends on for a while before it reads
LINGER_SECONDS = 5.0
LINGER_PAUSE = 0.3

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class BoundedBodies:
    """ASGI wrapper around the pages: ends a request at its headers, or while its body comes in, when it is more than is taken."""

    def __init__(self, pages: Application) -> None:
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        announced = _announced(scope)
        if announced == 0:
            await self.pages(scope, receive, send)
            return
        async with ThreadSensitiveContext():
            limit, answer = await database_sync_to_async(allowance)(scope, announced)
        if limit is None or (announced is not None and announced > limit):
            await _end(receive, send, answer)
            return
        body = _Body(limit, answer, receive, send)
        await self.pages(scope, body.receive, body.send)


class _Body:
    """Counts what comes in. When it is too much the sender is answered, and the pages hear that the client has gone."""

    def __init__(self, limit: int, answer: tuple[int, str], receive: Receive, send: Send) -> None:
        self.left = limit
        self.answer = answer
        self.is_over = False
        self._receive, self._send = receive, send

    async def receive(self) -> Message:
        message = await self._receive()
        self.left -= len(message.get("body", b""))
        if self.left >= 0 or self.is_over:
            return message
        self.is_over = True
        await _end(self._receive, self._send, self.answer)
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if not self.is_over:
            await self._send(message)


def allowance(scope: Scope, announced: int | None) -> tuple[int | None, tuple[int, str]]:
    """How many bytes are taken in (None: not even a first one), and status and sentence for whoever sends more."""
    if scope["path"] == certificates.PATH:
        return ANONYMOUS_BYTES, _too_large()
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    if hosts.is_operator_host(host):
        return _of_machine(scope), _too_large()
    try:
        organization = hosts.find_organization(host)
        if organization is None:
            return None, (404, "There is nothing at this address.")
        if announced is not None and announced <= ANONYMOUS_BYTES:
            return ANONYMOUS_BYTES, _too_large()
        return _of_person(scope, organization)
    except outages.DATABASE_ERRORS:
        return None, (503, "This address is not available at the moment.")


def _of_machine(scope: Scope) -> int:
    """On the operator host only machines send much: those whose headers show already who they are."""
    try:
        view = resolve(scope["path"], settings.OPERATOR_URLCONF).func
    except Resolver404:
        return ANONYMOUS_BYTES
    shows_password = getattr(view, "shows_password", None)
    shown = dict(scope["headers"]).get(b"authorization", b"")
    return SIGNED_IN_BYTES if shows_password is not None and shows_password(shown) else ANONYMOUS_BYTES


def _of_person(scope: Scope, organization: Organization) -> tuple[int, tuple[int, str]]:
    request = ASGIRequest(scope, BytesIO())
    with context.entered(context.State(organization.schema_name, organization)):
        user = _signed_in(request)
        if user is None:
            return ANONYMOUS_BYTES, _too_large()
        with translation.override(getattr(user, "language", "") or settings.LANGUAGE_CODE):
            return _limit_of(scope["path"]), _too_large()


def _signed_in(request: ASGIRequest) -> Any:
    """The person whose session this is, or None."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return None
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return user if user.is_authenticated else None


def _limit_of(path: str) -> int:
    """What the page at this address needs."""
    try:
        view = resolve(path, settings.ROOT_URLCONF).func
    except Resolver404:
        return ANONYMOUS_BYTES
    return int(getattr(getattr(view, "view_class", view), "body_limit", SIGNED_IN_BYTES))


def _announced(scope: Scope) -> int | None:
    """The length of the body as the headers say; None when it comes in pieces of which nobody says how many."""
    headers = dict(scope["headers"])
    if b"transfer-encoding" in headers:
        return None
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else None


def _too_large() -> tuple[int, str]:
    return 413, gettext(TOO_LARGE)


async def _end(receive: Receive, send: Send, answer: tuple[int, str]) -> None:
    """The answer, and the end of the connection, so that nobody keeps what still comes.

    A proxy that is still sending when the connection ends loses the answer, and says 502 instead. So what comes until it has read the answer
    and hangs up is thrown away, within bounds.
    """
    status, sentence = answer
    body = sentence.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    await _linger(receive)
    await send({"type": "http.response.body", "body": b""})


async def _linger(receive: Receive) -> None:
    """Throw away what comes until the other side hangs up or pauses: for a moment, and not without end."""
    taken = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while taken <= LINGER_BYTES:
                message = await asyncio.wait_for(receive(), LINGER_PAUSE)
                taken += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
