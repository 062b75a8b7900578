"""Whether what a notice speaks of is still so when its push leaves. The apps above say here how each finds out about its own things."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

Check = Callable[[str, Any, datetime | None], None]
_checks: dict[str, Check] = {}


def register(kind: str, check: Check) -> None:
    """Ask this function about things of `kind` (a model's label) from now on: id, login, when it begins (or None). At start-up.

    It raises `outbox.Obsolete` when the login need not hear of it any more.
    """
    _checks[kind] = check


def check(kind: str, pk: str, *, user_id: Any, happens_at: datetime | None) -> None:
    """Obsolete when it is no longer so."""
    known = _checks.get(kind)
    if known is None:
        raise LookupError(f"nobody knows whether {kind} is still so")
    known(pk, user_id, happens_at)
