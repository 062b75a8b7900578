"""LiveKit's server API as published: Twirp over HTTP with JSON, and access tokens (JWT, HS256, with grants)."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from .engine import EngineError, Message

ANSWER_SECONDS = 10
ADMIN_LIFETIME = 60  # seconds
LIFETIME = 600  # of a participant's token; LiveKit renews those of who is connected
MIN_SECRET = 32
CODES = {"not_found": "unknown_peer", "permission_denied": "not_allowed", "unauthenticated": "config",
         "resource_exhausted": "worker_full", "unavailable": "unreachable"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where LiveKit is. `url` is its HTTP address; `key` and `secret` are one of its key pairs."""

    url: str
    key: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise EngineError("config", "LiveKit's address must begin with http:// or https://.", permanent=True)
        if not self.key or len(self.secret) < MIN_SECRET:
            cure = f"LiveKit needs an API key and a secret of {MIN_SECRET} characters or more."
            raise EngineError("config", cure, permanent=True)

    @property
    def socket_url(self) -> str:
        """What a LiveKit client connects to."""
        return "ws" + self.url.removeprefix("http")


def token(server: Server, *, grants: Message, now: float, lifetime: int, identity: str = "", metadata: str = "") -> str:
    """Return an access token with video `grants`, good for `lifetime` seconds from `now`."""
    claims: Message = {"iss": server.key, "nbf": int(now), "exp": int(now) + lifetime, "video": grants}
    claims |= {"sub": identity} if identity else {}
    claims |= {"metadata": metadata} if metadata else {}
    head = _b64(json.dumps({"alg": "HS256", "typ": "JWT"}, separators=(",", ":")).encode())
    text = f"{head}.{_b64(json.dumps(claims, separators=(',', ':')).encode())}"
    return f"{text}.{_b64(hmac.new(server.secret.encode(), text.encode(), hashlib.sha256).digest())}"


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


async def call(server: Server, service: str, method: str, body: Message, *, grants: Message) -> Message:
    """Call one method with a token that allows only that; raise EngineError with a code of ours."""
    return await asyncio.to_thread(_call, server, f"/twirp/livekit.{service}/{method}", body, grants)


def _call(server: Server, path: str, body: Message, grants: Message) -> Message:
    bearer = token(server, grants=grants, now=time.time(), lifetime=ADMIN_LIFETIME)
    headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
    request = Request(server.url.rstrip("/") + path, json.dumps(body).encode(), headers)  # noqa: S310 because Server checks the scheme
    try:
        with urlopen(request, timeout=ANSWER_SECONDS) as response:  # noqa: S310
            answer = json.load(response)
    except HTTPError as error:
        raise _refusal(error) from error
    except (URLError, TimeoutError, OSError, ValueError) as error:
        raise EngineError("unreachable", "The media server cannot be reached. Try again in a moment.") from error
    return answer if isinstance(answer, dict) else {}


def _refusal(error: HTTPError) -> EngineError:
    """Twirp's errors are JSON: `{"code", "msg"}`."""
    try:
        told: dict[str, Any] = json.load(error)
    except ValueError:
        told = {}
    code = CODES.get(str(told.get("code")), "internal")
    return EngineError(
        code, f"The media server refused: {told.get('msg') or error.reason}.", permanent=code == "config"
    )
