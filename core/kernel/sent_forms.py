"""Each form is carried out once, however often it is sent: a double click, a slow line, the back button, two tabs.

A page gives every form a key of its own (`new_key()`). Whoever receives a form holds `one_at_a_time()` while looking for an `earlier()`
sending and acting, and writes a `SentForm` by `note()` in the transaction of the act.

An act that asks a system outside has no one transaction. It is written down by `note_begun()` before it begins, and closed by `note()` or
`forget_begun()`: what is found open by whoever holds the lock was broken off, and nobody can say how far it came.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db import connection

from core.kernel import clock, turns
from core.kernel.errors import ConflictError
from core.kernel.models import SentForm, SentFormModel
from core.kernel.translation import translate

BEGUN = ""  # where a form led that is not known to have led anywhere
LONGEST_ACT = timedelta(minutes=15)
KEPT = timedelta(days=30)  # longer than any session, so that no page outlives its row
WAIT = 15  # seconds for which a second sending waits for the first one
_PAUSE = 0.05
Row = TypeVar("Row", bound=SentFormModel)


@dataclass(frozen=True, slots=True)
class Sending:
    """One arrival of a form: by whom, at which address, under which key, with which content, from a page made when."""

    sender: str
    address: str
    key: str
    digest: str
    made_at: datetime | None


def new_key() -> str:
    """A key for one form on one page: when it was made (milliseconds, in base 16), and a random part."""
    return f"{int(clock.now().timestamp() * 1000):x}-{secrets.token_urlsafe(16)}"


def made_at(key: str) -> datetime | None:
    """When the page with this key was made; None for a key that a script made up."""
    stamp = key.partition("-")[0]
    try:
        return datetime.fromtimestamp(int(stamp, 16) / 1000, UTC) if len(stamp) == 11 else None
    except (ValueError, OverflowError, OSError):
        return None


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Let whoever else asks for this name in this schema wait. ConflictError `sending_busy` after 15 seconds.

    The lock belongs to the session and not to a transaction, because acts that ask the payment processor have several.
    """
    number = turns.number_in_schema(name)
    _acquire(number)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def one_writer_at_a_time(address: str) -> None:
    """Let everybody else who sends a form to this address wait until the end of the transaction."""
    turns.hold_until_commit(f"edit:{address}")


def _try(number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def _acquire(number: int) -> None:
    given_up_at = time.monotonic() + WAIT
    while not _try(number):
        if time.monotonic() > given_up_at:
            raise ConflictError(
                "sending_busy",
                translate(
                    "This was sent already and is still being done. Look whether it is there before you try again."
                ),
            )
        time.sleep(_PAUSE)


def earlier(model: type[Row], sending: Sending) -> Row | None:
    """The sending of the same form with the same content that was carried out."""
    return model.objects.filter(sender=sending.sender, key=sending.key, digest=sending.digest).first()


def earlier_with_other_content(model: type[Row], sending: Sending) -> Row | None:
    """The sending of the same form, carried out with another content: somebody went back and changed it."""
    theirs = model.objects.filter(sender=sending.sender, key=sending.key).exclude(led_to=BEGUN)
    return theirs.exclude(digest=sending.digest).first()


def earlier_from_other_tab(model: type[Row], sending: Sending) -> Row | None:
    """The same content, carried out from another tab after this page was made: this page could not show it."""
    if sending.made_at is None:
        return None
    same = model.objects.filter(sender=sending.sender, address=sending.address, digest=sending.digest)
    return same.filter(at__gt=sending.made_at).order_by("-at").first()


def note(model: type[SentFormModel], sending: Sending, *, led_to: str, now: datetime) -> None:
    """Write down that the form was carried out. In the transaction of the act."""
    same = {"sender": sending.sender, "key": sending.key, "digest": sending.digest}
    values = {"address": sending.address, "led_to": led_to, "at": now}
    model.objects.update_or_create(**same, defaults=values)


def note_begun(model: type[SentFormModel], sending: Sending, *, now: datetime) -> None:
    """Write down that it begins to be carried out."""
    note(model, sending, led_to=BEGUN, now=now)


def forget_begun(model: type[SentFormModel], sending: Sending) -> None:
    """It was refused: nothing was done, and it may be sent again."""
    model.objects.filter(sender=sending.sender, key=sending.key, digest=sending.digest, led_to=BEGUN).delete()


def broken_off(*, now: datetime) -> list[SentForm]:
    """Forms that were begun long ago, and neither carried out nor refused."""
    return list(SentForm.objects.filter(led_to=BEGUN, at__lt=now - LONGEST_ACT).order_by("at"))


def forget_old(*, now: datetime, model: type[SentFormModel] = SentForm) -> None:
    """Remove what no page can ask for any more. Every night."""
    model.objects.filter(at__lt=now - KEPT).delete()
