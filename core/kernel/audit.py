"""Who did or read what: `record()` writes one row in the transaction of the act."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models

from core.kernel import clock
from core.kernel.models import AuditEvent


class Actor(Protocol):
    """Whoever can act: a user, or `SYSTEM`."""

    pk: Any

    def __str__(self) -> str: ...


@dataclass(frozen=True)
class System:
    """The product itself: reminders, webhooks, jobs."""

    name: str = "System"
    pk: None = None
    audit_kind: str = "system"

    def __str__(self) -> str:
        return self.name


SYSTEM = System()


@dataclass(frozen=True)
class Origin:
    """Where the present request came from."""

    address: str | None = None
    request_id: str = ""


_origin: ContextVar[Origin | None] = ContextVar("audit_origin", default=None)


@contextmanager
def origin(address: str | None, request_id: str) -> Iterator[None]:
    """Stamp every event recorded inside with the request's address and id."""
    token = _origin.set(Origin(address, request_id))
    try:
        yield
    finally:
        _origin.reset(token)


def record(
    action: str,
    *,
    by: Any,
    subject: models.Model | None = None,
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Append one event. `action` is `<noun>.<past participle>` ("appointment.booked"); `changes` maps a field to [old, new].

    Personal content (notes, messages) never goes into `changes`: name the field, not the text.
    """
    where = _origin.get() or Origin()
    return AuditEvent.objects.create(
        at=clock.now(),
        action=action,
        actor_kind=getattr(by, "audit_kind", "user"),
        actor_id=str(by.pk) if by.pk is not None else "",
        actor_label=str(by)[:200],
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_label=str(subject)[:200] if subject is not None else "",
        changes=changes or {},
        reason=reason,
        address=where.address,
        request_id=where.request_id,
    )
