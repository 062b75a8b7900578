"""A very small ASGI kit for the programs beside this file: request, response, router, application.

It exists because those programs must start in a blink, must not need Django, and answer a handful of addresses each.
Handlers run one at a time on the event loop, so the state they change needs no further lock.
"""

import hashlib
import html
import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qsl

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Hook = Callable[[], Awaitable[None]]

BODY_LIMIT = 6_000_000  # bytes; nothing these programs accept is larger


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, its body already read."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes = b""

    def asked(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), default)

    def form(self) -> list[tuple[str, str]]:
        """The pairs of an urlencoded body, in order, blank values kept; of one with files, those as `name;size;sha256`."""
        kind = self.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            return [_part(part) for part in _parts(kind, self.body)]
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)


def _parts(kind: str, body: bytes) -> list[Message]:
    whole = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    return [part for part in whole.walk() if part is not whole]


def _part(part: Message) -> tuple[str, str]:
    content = part.get_payload(decode=True) or b""
    assert isinstance(content, bytes)
    name = str(part.get_param("name", "", header="content-disposition"))
    if (file := part.get_filename()) is None:
        return name, content.decode("utf-8", "replace")
    return name, f"{file};{len(content)};{hashlib.sha256(content).hexdigest()}"


@dataclass(slots=True)
class Response:
    """One HTTP answer."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def json_response(value: Any, status: int = 200, **headers: str) -> Response:
    body = json.dumps(value, indent=2, ensure_ascii=False).encode()
    named = {name.replace("_", "-"): content for name, content in headers.items()}
    return Response(body, status, {"content-type": "application/json", "cache-control": "no-store", **named})


def redirect(location: str) -> Response:
    return Response(status=303, headers={"location": location})


class Markup(str):
    """Text that is already HTML and must not be escaped again."""

    __slots__ = ()


def fill(template: Path, **values: object) -> Markup:
    """Fills `$name` places of a template file; every value is escaped unless it is `Markup`."""
    safe = {key: value if isinstance(value, Markup) else html.escape(str(value)) for key, value in values.items()}
    return Markup(Template(template.read_text("utf-8")).substitute(safe))


def join(pieces: Iterable[str]) -> Markup:
    """Pieces of markup, one after another; plain strings among them are escaped."""
    return Markup("\n".join(piece if isinstance(piece, Markup) else html.escape(piece) for piece in pieces))


def page(body: str, status: int = 200, policy: str = "default-src 'self'; frame-ancestors 'self'") -> Response:
    """An HTML page under a content security policy."""
    headers = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
    return Response(body.encode(), status, {**headers, "content-security-policy": policy})


KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def static_file(path: Path, **headers: str) -> Response:
    """A script or stylesheet that belongs to the program."""
    named = {name.replace("_", "-"): content for name, content in headers.items()}
    kind = f"{KINDS[path.suffix]}; charset=utf-8"
    return Response(path.read_bytes(), headers={"content-type": kind, "cache-control": "no-cache", **named})


Handler = Callable[..., Response | Awaitable[Response]]


class Router:
    """Addresses with `{name}` places, each bound to a handler that receives them as keyword arguments."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, address: str, handler: Handler) -> None:
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", address)
        self._routes.append((method, re.compile(f"^{pattern}$"), handler))

    def find(self, method: str, path: str) -> tuple[Handler | None, dict[str, str], bool]:
        """The handler and its arguments, and whether the path is known at all (405 rather than 404)."""
        known = False
        for verb, pattern, handler in self._routes:
            if match := pattern.match(path):
                if verb == method or (verb == "GET" and method == "HEAD"):
                    return handler, match.groupdict(), True
                known = True
        return None, {}, known

    async def answer(self, request: Request) -> Response:
        handler, arguments, known = self.find(request.method, request.path)
        if handler is None:
            return json_response({"error": "Method not allowed." if known else "Not found."}, 405 if known else 404)
        response = handler(request, **arguments)
        return response if isinstance(response, Response) else await response


class Application:
    """ASGI application around one answering function, with hooks for start and stop."""

    def __init__(self, answer: Callable[[Request], Awaitable[Response]], started: Hook, stopped: Hook) -> None:
        self._answer, self._started, self._stopped = answer, started, stopped

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._started()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stopped()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        more = True
        while more and len(body) <= BODY_LIMIT:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        response = await self._respond(scope, body) if len(body) <= BODY_LIMIT else Response(b"Too large.", 413)
        headers = [(name.encode(), value.encode("latin-1")) for name, value in response.headers.items()]
        headers.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else response.body})

    async def _respond(self, scope: Scope, body: bytes) -> Response:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        request = Request(scope["method"], scope["path"], query, headers, body)
        try:
            return await self._answer(request)
        except Exception:  # noqa: BLE001 - because one broken request must not take the program down
            log.exception("%s %s failed", request.method, request.path)
            return json_response({"error": "The program failed; its terminal says why."}, 500)
