"""A push service of our own and the devices that it knows: what arrives is decrypted with the device's keys, as a browser would."""

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_bytes
from typing import Any

import http_ece
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.backends.db import SessionStore

from core.kernel import clock
from core.notifications import push_keys
from core.notifications.models import PushSubscription
from core.people import actions


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Device:
    """A browser with a subscription."""

    endpoint: str
    private_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: token_bytes(16))

    @property
    def p256dh(self) -> str:
        return encoded(self.private_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def auth(self) -> str:
        return encoded(self.secret)

    def read(self, body: bytes) -> dict[str, Any]:
        plain = http_ece.decrypt(body, private_key=self.private_key, auth_secret=self.secret, version="aes128gcm")
        return json.loads(plain)


@dataclass
class Arrived:
    """One message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """Where it listens, what came, and how it answers."""

    origin: str
    arrived: list[Arrived] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)

    def device(self, name: str = "one") -> Device:
        return Device(f"{self.origin}/{name}")


@contextmanager
def push_service() -> Iterator[PushService]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.arrived.append(Arrived(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(service.answers.get(self.path, 201))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = PushService(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def signed_in(user: Any) -> UserSession:
    """A session of the person, on another device than any before."""
    session = SessionStore()
    session.create()
    return UserSession.objects.create(
        user=user, session_key=session.session_key, ip="127.0.0.1", created_at=clock.now(), last_seen_at=clock.now()
    )


def add_device(user: Any, device: Device, *, key: str = "") -> PushSubscription:
    """The person's device, on which they have signed in, switched on by the product's own action."""
    return actions.add_push_device(
        endpoint=device.endpoint,
        p256dh=device.p256dh,
        auth=device.auth,
        key=key or push_keys.public_key(),
        expires_at=None,
        device="Firefox · Linux",
        device_id=signed_in(user).pk,
        by=user,
        now=clock.now(),
    )
