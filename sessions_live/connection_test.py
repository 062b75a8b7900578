"""Tests of a person's connection: how often one may begin, what its page is told, and a room of its own.

Nothing is kept: a test is a few objects in the process that holds the socket. What it costs the media server is bounded by how often a person
may begin one, and by its life.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings

from core.kernel import clock, limits
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from sessions_live import engines
from sessions_live.media.engine import EngineError
from sessions_live.media.ice_transports import relays
from tenants import context

STARTS = limits.Limit("connection-test", 20, timedelta(minutes=10))  # tests that a person may begin


def note_start(user_id: Any) -> None:
    """Count one more test of this person. DomainError `too_often` when it is one too many."""
    try:
        limits.count([(STARTS, str(user_id))], now=clock.now())
    except limits.TooOften as error:
        sentence = translate("You have tested the connection many times. Wait ten minutes, then try again.")
        raise DomainError("too_often", sentence) from error


def facts() -> dict[str, Any]:
    """What the page is told before it begins: whether there is a media server, and where the relays are."""
    try:
        has_server = bool(engines.server())
    except EngineError:
        has_server = False
    shown = [
        {"transport": relay.transport, "host": relay.host, "port": relay.port, "protocol": relay.protocol}
        for relay in relays(settings.TURN_URLS)
    ]
    return {"server": has_server, "relays": shown}


def new_room() -> str:
    """The name of a private room on the media server: opaque, and never the same twice."""
    name = f"{context.current().schema}:connection-test:{secrets.token_hex(16)}"
    return hashlib.sha256(name.encode()).hexdigest()[:40]
