"""The outbox: what must happen is a row written in the same transaction as the act that promised it.

`enqueue()` writes it, a handler registered under its name does it, `deliver_due()` leases due rows (FOR UPDATE SKIP LOCKED), runs each in
one transaction with its mark, and retries with back-off. A handler looks again at the moment of sending and raises `Obsolete` when the
promise no longer holds. Whatever leaves the organization carries the row's id (Message-ID, idempotency key), so that a repeat is recognisable.

The lease bridges only the moment between two transactions: whoever keeps a promise holds its row locked until the mark is written, so that
nobody else takes it however long that lasts, and a worker that dies lets go of it with its connection.

A promise that could not be kept stays visible: how often, since when, for which kind of error, and who answers for it
(`promise_failed` tells the apps, `core.kernel.failures` reads and repeats them).

Names are constants in each app's `outbox_names.py`; system checks find those without a handler, and handlers without one. Their values stand
in stored rows.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q

from core.kernel import clock
from core.kernel.errors import GatewayError
from core.kernel.models import OutboxMessage
from core.kernel.signals import promise_failed, promise_void, work_enqueued

logger = logging.getLogger(__name__)

Handler = Callable[[OutboxMessage], None]
LEASE = timedelta(seconds=20)
BACK_OFF = [timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 3 * 3600, 12 * 3600)]

AT_ONCE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kind:
    """What people are told about promises of one name: `label` is a msgid, `page` the path of what it is about, `answerable` the ids of
    the logins that hear of a failure when the promise has no author. A mail also stands in the delivery log."""

    label: str = ""
    is_mail: bool = False
    page: Callable[[OutboxMessage], str] = lambda message: ""
    answerable: Callable[[OutboxMessage], Iterable[Any]] = lambda message: ()


_handlers: dict[str, Handler] = {}
_kinds: dict[str, Kind] = {}


class Obsolete(Exception):
    """Raised by a handler: what was promised is no longer wanted (cancelled, moved, not allowed any more)."""


def handler(name: str, **kind: Any) -> Callable[[Handler], Handler]:
    """Register the decorated function as the one that fulfils promises called `name` ("scheduling.remind"); `kind`: the fields of `Kind`."""

    def register(function: Handler) -> Handler:
        if name in _handlers:
            raise RuntimeError(f"two handlers for {name}")
        _handlers[name] = function
        _kinds[name] = Kind(**kind)
        return function

    return register


def handler_names() -> frozenset[str]:
    return frozenset(_handlers)


def kind_of(name: str) -> Kind:
    """What people are told about promises of this name; of one that nobody handles any more, nothing."""
    return _kinds.get(name, Kind())


def enqueue(
    name: str,
    *,
    due_at: datetime = AT_ONCE,
    key: str | None = None,
    by: Any = None,
    author: str = "",
    about: models.Model | None = None,
    **payload: Any,
) -> OutboxMessage:
    """Promise that `name` happens at `due_at`, by default as soon as this transaction is committed. Payload: primitives only.

    `by` is whoever made the promise and hears of it when it cannot be kept (`author`: their id, where a promise follows from another one);
    `about` is the object on whose page that is shown.
    What shall never happen is not promised: there is no moment that means it. LookupError when nobody handles `name`.
    With a `key`, the promise is made once: a second call with the same key returns the first row unchanged.
    """
    values = _values(name, due_at=due_at, by=by, author=author, about=about, payload=payload)
    if key is None:
        message = OutboxMessage.objects.create(**values)
    else:
        message, created = OutboxMessage.objects.get_or_create(key=key, defaults=values)
        if not created:
            return message
    work_enqueued.send(OutboxMessage, due_at=message.due_at)
    return message


@dataclass(frozen=True, slots=True)
class Promise:
    """What `enqueue_all` promises: the arguments of `enqueue`."""

    due_at: datetime
    key: str
    about: models.Model
    payload: dict[str, Any]


def enqueue_all(name: str, promises: Sequence[Promise], *, by: Any = None, author: str = "") -> None:
    """`enqueue` for many at once, in as few statements as for one."""
    rows = [
        OutboxMessage(
            key=each.key,
            **_values(name, due_at=each.due_at, by=by, author=author, about=each.about, payload=each.payload),
        )
        for each in promises
    ]
    if not rows:
        return
    OutboxMessage.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    first, *more = sorted(row.due_at for row in rows)
    work_enqueued.send(OutboxMessage, due_at=first, more=more)


def _values(
    name: str, *, due_at: datetime, by: Any, author: str, about: models.Model | None, payload: dict[str, Any]
) -> dict[str, Any]:
    if name not in _handlers:
        raise LookupError(f"no handler for {name}")
    now = clock.now()
    return {
        "name": name,
        "payload": payload,
        "due_at": now if due_at == AT_ONCE else due_at,
        "created_at": now,
        "author_id": author or (str(pk) if (pk := getattr(by, "pk", None)) is not None else ""),
        "about_kind": about._meta.label_lower if about is not None else "",
        "about_id": str(about.pk) if about is not None else "",
    }


def repeat(message: OutboxMessage, *, by: Any) -> OutboxMessage:
    """Promise the same once more, now: the same row while it is not kept, else a copy that knows it is wanted `again`."""
    if message.is_unkept:
        return try_again(message)
    copy = OutboxMessage.objects.create(
        name=message.name,
        payload={**message.payload, "again": True, "repeats": str(message.pk)},
        due_at=clock.now(),
        created_at=clock.now(),
        author_id=str(by.pk or ""),
        about_kind=message.about_kind,
        about_id=message.about_id,
    )
    work_enqueued.send(OutboxMessage, due_at=copy.due_at)
    return copy


def try_again(message: OutboxMessage) -> OutboxMessage:
    """Let a promise that failed be due now, with all its attempts before it; what became of it meanwhile stays."""
    now = clock.now()
    unkept = OutboxMessage.objects.select_for_update(skip_locked=True).filter(pk=message.pk)
    with transaction.atomic():
        found = unkept.filter(state__in=[OutboxMessage.State.WAITING, OutboxMessage.State.DEAD]).first()
        if found is None:  # because it is being kept at this moment, or is kept
            return message
        found.state, found.due_at, found.attempts, found.leased_until, found.finished_at = (
            OutboxMessage.State.WAITING, now, 0, None, None,
        )  # fmt: skip
        found.save(update_fields=["state", "due_at", "attempts", "leased_until", "finished_at"])
        work_enqueued.send(OutboxMessage, due_at=now)
    return found


def deliver_due(*, limit: int = 50) -> int:
    """Fulfil up to `limit` due promises of the present organization; returns how many were tried."""
    tried = 0
    while tried < limit and (message := _lease_one()) is not None:
        tried += 1
        _deliver(message)
    return tried


def keep(message: OutboxMessage) -> None:
    """Do what was promised, and mark nothing: for promises that are taken back afterwards. Nothing when it is no longer wanted."""
    with suppress(Obsolete):
        _handlers[message.name](message)


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


def _leased(message: OutboxMessage) -> "models.QuerySet[OutboxMessage]":
    """The row, as long as nobody has leased it after us."""
    return OutboxMessage.objects.filter(
        pk=message.pk,
        state=OutboxMessage.State.WAITING,
        attempts=message.attempts,
        leased_until=message.leased_until,
    )


def _deliver(message: OutboxMessage) -> None:
    try:
        with transaction.atomic():
            # Held until the mark is written: whoever finds the lease run out meanwhile passes the row by.
            if _leased(message).select_for_update(skip_locked=True).first() is None:
                return
            _handlers[message.name](message)
            _finish(message, OutboxMessage.State.DONE, message.outcome)
    except Obsolete as reason:
        if _finish(message, OutboxMessage.State.VOID, str(reason)):
            promise_void.send(OutboxMessage, message=message, reason=str(reason))
    except GatewayError as error:
        _retry(message, error, permanent=error.permanent)
    except Exception as error:  # noqa: BLE001 because one broken promise must not stop the others; it is logged and kept
        logger.exception("outbox message failed", extra={"outbox_name": message.name, "outbox_id": str(message.pk)})
        _retry(message, error, permanent=False)


def _finish(message: OutboxMessage, state: OutboxMessage.State, outcome: str) -> int:
    return _leased(message).update(
        state=state, outcome=outcome[:2000], finished_at=clock.now(), leased_until=None, error=""
    )


def _retry(message: OutboxMessage, error: Exception, *, permanent: bool) -> None:
    """Note the failure, and when to try again, if at all; then tell the apps, whose own failure changes nothing of it."""
    now, is_final = clock.now(), permanent or message.attempts > len(BACK_OFF)
    values: dict[str, Any] = {
        "outcome": f"{type(error).__name__}: {error}"[:2000],
        "error": error.code if isinstance(error, GatewayError) else type(error).__name__[:80],
        "failures": F("failures") + 1,
        "failed_at": now,
        "leased_until": None,
    }
    if is_final:
        values |= {"state": OutboxMessage.State.DEAD, "finished_at": now}
    else:
        values["due_at"] = now + BACK_OFF[message.attempts - 1]
    if not _leased(message).update(**values):
        return
    if not is_final:
        work_enqueued.send(OutboxMessage, due_at=values["due_at"])
    _tell(message, error, is_final=is_final)


def _tell(message: OutboxMessage, error: Exception, *, is_final: bool) -> None:
    message.refresh_from_db()
    try:
        with transaction.atomic():
            promise_failed.send(OutboxMessage, message=message, error=error, is_final=is_final)
    except Exception:  # because whoever tells of it may fail too; the failure itself is noted already
        logger.exception("a failed promise could not be told", extra={"outbox_id": str(message.pk)})
