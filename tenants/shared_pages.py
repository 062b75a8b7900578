"""ASGI wrapper around the pages: a request begins once it is there whole and its organization has a place for it (`tenants/shares.py`)."""

from typing import Any

from django.conf import settings

from tenants import hosts, shares
from tenants.middleware import NEUTRAL_429

Scope = dict[str, Any]


class SharedPages:
    """Holds back what exceeds an organization's share. Files that are the same for everybody, and cost nothing, pass by."""

    def __init__(self, application: Any, places: shares.Shares) -> None:
        self.application = application
        self.places = places

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"].startswith(settings.STATIC_URL):
            await self.application(scope, receive, send)
            return
        is_sent = scope.get("method", "GET") not in ("GET", "HEAD", "OPTIONS")
        turn = _Turn(self.places, _who(scope), receive, send, is_sent=is_sent)
        try:
            await self.application(scope, turn.receive, turn.send)
        except shares.TooMuchError:
            await _refuse(send)
        finally:
            turn.end()


class _Turn:
    """One request: takes its place with the last byte of its body, because a slow upload needs no thread, and gives it back with the
    first of the answer, because a slow download needs none either.
    """

    def __init__(self, places: shares.Shares, who: str, receive: Any, send: Any, *, is_sent: bool) -> None:
        self._places, self._who, self._receive, self._send, self._is_sent = places, who, receive, send, is_sent
        self._place: shares.Place | None = None
        self._is_in = False

    async def receive(self) -> Any:
        message = await self._receive()
        if not self._is_in and message["type"] == "http.request" and not message.get("more_body", False):
            self._is_in = True
            self._place = await self._places.enter(self._who, is_sent=self._is_sent)
        return message

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.end()
        await self._send(message)

    def end(self) -> None:
        place, self._place = self._place, None
        if place is not None:
            self._places.leave(place)


def _who(scope: Scope) -> str:
    """The organization, as far as it is known without asking; all unknown hosts are one, so that invented ones gain nothing."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    return hosts.known_schema(host)


async def _refuse(send: Any) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"retry-after", b"2"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": NEUTRAL_429.encode()})
