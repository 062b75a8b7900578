"""Who did or read what: `record()` writes one row in the transaction of the act.

What can be done is named by each app in its `audit_codes.py`: a stored code with the sentence, the icon and the tone in which people read it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, Self

from django.db import models

from core.kernel import clock
from core.kernel.models import AuditEvent, reason_fields
from core.kernel.reasons import Reason
from core.kernel.translation import translate


class Tone(StrEnum):
    """How much an act weighs, as the components colour it."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


class AuditCode(StrEnum):
    """The base of each app's codes. A member is the stored code `<noun>.<past participle>`, a msgid, an icon of themes/icons.txt and a tone."""

    sentence: str
    icon: str
    tone: Tone

    def __new__(cls, code: str, sentence: str, icon: str = "circle", tone: Tone = Tone.NEUTRAL) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence, member.icon, member.tone = sentence, icon, tone
        return member


_codes: dict[str, AuditCode] = {}


def register(codes: type[AuditCode]) -> None:
    """Let the pages find the codes of an app. At start-up; two apps with one code are an error."""
    for code in codes:
        if _codes.setdefault(code.value, code) is not code:
            raise RuntimeError(f"two apps have the audit code {code.value}")


def registered() -> list[AuditCode]:
    """Every code of every app."""
    return list(_codes.values())


def code_of(event: AuditEvent) -> AuditCode | None:
    """The code under which the event was stored; None when no app has it any more."""
    return _codes.get(event.action)


def sentence_of(event: AuditEvent) -> str:
    """What was done, in the language in force; a code that no app has is shown plainly."""
    code = code_of(event)
    return translate(code.sentence) if code else event.action.replace(".", " ").replace("_", " ").capitalize()


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
    code: AuditCode,
    *,
    by: Any,
    subject: models.Model | None = None,
    changes: dict[str, Any] | None = None,
    reason: str | Reason = "",
) -> AuditEvent:
    """Append one event. `changes` maps a field to [old, new].

    `reason` is a person's own words, or one that the product gives.
    Personal content (notes, messages) never goes into `changes`: name the field, not the text.
    """
    where = _origin.get() or Origin()
    return AuditEvent.objects.create(
        at=clock.now(),
        action=code.value,
        actor_kind=getattr(by, "audit_kind", "user"),
        actor_id=str(by.pk) if by.pk is not None else "",
        actor_label=str(by)[:200],
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_label=str(subject)[:200] if subject is not None else "",
        changes=changes or {},
        **reason_fields(reason),
        address=where.address,
        request_id=where.request_id,
    )


def is_noted(code: AuditCode, *, by: Any, subject: models.Model, since: datetime) -> bool:
    """Whether the same person has done the same with it since then."""
    return AuditEvent.objects.filter(
        action=code.value, actor_id=str(by.pk), subject_kind=subject._meta.label_lower, subject_id=str(subject.pk), at__gt=since
    ).exists()  # fmt: skip


def latest_change(subjects: Sequence[models.Model], fields: Iterable[str], *, since: datetime) -> AuditEvent | None:
    """The last event about one of these since then: one that names a field, if there is one."""
    about = models.Q(pk__in=[])
    for subject in subjects:
        about |= models.Q(subject_kind=subject._meta.label_lower, subject_id=str(subject.pk))
    events = AuditEvent.objects.filter(about, at__gt=since)
    return events.filter(changes__has_any_keys=list(fields)).first() or events.exclude(changes={}).first()
