"""Whoever carries text messages: the demo's own receiver, which speaks Twilio's form, behind a port of its own."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from core.kernel import clock
from core.notifications.models import TextNumber
from core.people import actions
from deploy.local.mailcatcher.catcher import MailCatcher
from deploy.local.mailcatcher.mailbox import Mailbox

MOBILE, LAND_LINE = "+4915123456789", "+493012345678"


@contextmanager
def text_service(folder: Path) -> Iterator[tuple[str, Any]]:
    """Its address, and what it has been given (`kept`, the newest first)."""
    catcher = MailCatcher(Mailbox(folder))
    server = uvicorn.Server(uvicorn.Config(catcher.application(), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", catcher.texts
    finally:
        server.should_exit = True
        thread.join(10)


def open_account(cast: Any, **more: Any) -> None:
    """The organization's account, switched on."""
    values = {
        "has_texts": True,
        "account": "AC1",
        "token": "key",
        "sender": "+4915199999999",
        "texts_a_day": 100,
        **more,
    }
    actions.set_text_account(**values, by=cast.nora, now=clock.now())


def agreed(user: Any, number: str = MOBILE) -> TextNumber:
    """Somebody who has agreed already."""
    return TextNumber.objects.create(user_id=user.pk, number=number, agreed_at=clock.now())
