"""Where sessions are kept: Django's own table. A session's end is told to the open pages of that browser, wherever and by whomever it ended.

`SESSION_ENGINE` names this module.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete
from django.dispatch import receiver

from core.notifications import notices

_is_renewing: ContextVar[bool] = ContextVar("a session only changes its key", default=False)


class SessionStore(DatabaseStore):
    """Tells a new key from an end."""

    def cycle_key(self) -> None:
        with _renewing():
            super().cycle_key()


@receiver(post_delete, sender=Session, dispatch_uid="pages_of_ended_session")
def tell_pages(*, instance: Session, **ignored: Any) -> None:
    """By the row and not by signing out, because a session also ends from another device, or because it has run out."""
    notices.session_ended(instance.session_key, renewed=_is_renewing.get())


@contextmanager
def _renewing() -> Iterator[None]:
    token = _is_renewing.set(True)
    try:
        yield
    finally:
        _is_renewing.reset(token)
