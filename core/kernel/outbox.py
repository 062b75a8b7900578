"""The outbox: what must happen is a row written in the same transaction as the act that promised it.

`enqueue()` writes it, a handler registered under its name does it, `deliver_due()` leases due rows (FOR UPDATE SKIP LOCKED), runs each in
one transaction with its mark, and retries with back-off. A handler looks again at the moment of sending and raises `Obsolete` when the
promise no longer holds. Whatever leaves the organization carries the row's id (Message-ID, idempotency key), so that a repeat is recognisable.

Names are constants in each app's `outbox_names.py`; a system check finds those without a handler. Their values stand in stored rows.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from core.kernel import clock
from core.kernel.errors import GatewayError
from core.kernel.models import OutboxMessage
from core.kernel.signals import work_enqueued

logger = logging.getLogger(__name__)

Handler = Callable[[OutboxMessage], None]
LEASE = timedelta(minutes=2)
BACK_OFF = [timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 3 * 3600, 12 * 3600)]

AT_ONCE = datetime.min.replace(tzinfo=UTC)

_handlers: dict[str, Handler] = {}


class Obsolete(Exception):
    """Raised by a handler: what was promised is no longer wanted (cancelled, moved, not allowed any more)."""


def handler(name: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as the one that fulfils promises called `name` ("scheduling.remind")."""

    def register(function: Handler) -> Handler:
        if name in _handlers:
            raise RuntimeError(f"two handlers for {name}")
        _handlers[name] = function
        return function

    return register


def handler_names() -> frozenset[str]:
    return frozenset(_handlers)


def enqueue(name: str, *, due_at: datetime = AT_ONCE, key: str | None = None, **payload: Any) -> OutboxMessage:
    """Promise that `name` happens at `due_at`, by default as soon as this transaction is committed. Payload: primitives only.

    What shall never happen is not promised: there is no moment that means it. LookupError when nobody handles `name`.
    With a `key`, the promise is made once: a second call with the same key returns the first row unchanged.
    """
    if name not in _handlers:
        raise LookupError(f"no handler for {name}")
    now = clock.now()
    values = {"name": name, "payload": payload, "due_at": now if due_at == AT_ONCE else due_at, "created_at": now}
    if key is None:
        message = OutboxMessage.objects.create(**values)
    else:
        message, created = OutboxMessage.objects.get_or_create(key=key, defaults=values)
        if not created:
            return message
    work_enqueued.send(OutboxMessage, due_at=message.due_at)
    return message


def withdraw(*, key: str, outcome: str) -> int:
    """Void the waiting promise with this key; returns how many there were (0 or 1)."""
    waiting = OutboxMessage.objects.filter(key=key, state=OutboxMessage.State.WAITING)
    return waiting.update(state=OutboxMessage.State.VOID, outcome=outcome, finished_at=clock.now())


def deliver_due(*, limit: int = 50) -> int:
    """Fulfil up to `limit` due promises of the present organization; returns how many were tried."""
    tried = 0
    while tried < limit and (message := _lease_one()) is not None:
        tried += 1
        _deliver(message)
    return tried


def next_due_at() -> datetime | None:
    """When the next waiting promise of the present organization falls due; None when none is waiting."""
    return (
        OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )


def _lease_one() -> OutboxMessage | None:
    now = clock.now()
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(Q(leased_until=None) | Q(leased_until__lt=now), state=OutboxMessage.State.WAITING, due_at__lte=now)
            .order_by("due_at")
            .first()
        )
        if message is None:
            return None
        message.leased_until = now + LEASE
        message.attempts += 1
        message.save(update_fields=["leased_until", "attempts"])
    return message


def _deliver(message: OutboxMessage) -> None:
    try:
        with transaction.atomic():
            _handlers[message.name](message)
            _finish(message, OutboxMessage.State.DONE, message.outcome)
    except Obsolete as reason:
        _finish(message, OutboxMessage.State.VOID, str(reason))
    except GatewayError as error:
        _retry(message, error, permanent=error.permanent)
    except Exception as error:  # noqa: BLE001 because one broken promise must not stop the others; it is logged and kept
        logger.exception("outbox message failed", extra={"outbox_name": message.name, "outbox_id": str(message.pk)})
        _retry(message, error, permanent=False)


def _finish(message: OutboxMessage, state: OutboxMessage.State, outcome: str) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=state, outcome=outcome[:2000], finished_at=clock.now(), leased_until=None
    )


def _retry(message: OutboxMessage, error: Exception, *, permanent: bool) -> None:
    outcome = f"{type(error).__name__}: {error}"
    if permanent or message.attempts > len(BACK_OFF):
        _finish(message, OutboxMessage.State.DEAD, outcome)
        return
    due_at = clock.now() + BACK_OFF[message.attempts - 1]
    OutboxMessage.objects.filter(pk=message.pk).update(due_at=due_at, outcome=outcome[:2000], leased_until=None)
    work_enqueued.send(OutboxMessage, due_at=due_at)
