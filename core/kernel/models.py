"""The ledgers that every app writes to: what was done (audit), what must still happen (outbox), which forms were carried out."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.ids import new_id
from core.kernel.reasons import Reason, stored_reason


class ReasonedModel(models.Model):
    """Why, in one of two ways: `reason` is a person's own words; `reason_code` with `reason_values` is a reason that the product gives."""

    reason = models.TextField(blank=True)
    reason_code = models.CharField(max_length=60, blank=True)
    reason_values = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def reason_sentence(self) -> str:
        """The reason as somebody reads it now: the product's in their language, else the words as they were written."""
        given = stored_reason(self.reason_code, self.reason_values)
        return given.sentence() if given else self.reason or self.reason_code

    def give_reason(self, reason: str | Reason) -> None:
        """Fill the three fields, without saving."""
        for name, value in reason_fields(reason).items():
            setattr(self, name, value)


REASON_FIELDS = ("reason", "reason_code", "reason_values")


def reason_fields(reason: str | Reason) -> dict[str, Any]:
    """The three fields of a `ReasonedModel` for a reason of either kind: `Charge.objects.create(…, **reason_fields(price.reason))`."""
    if isinstance(reason, Reason):
        return {"reason": "", "reason_code": reason.code.value, "reason_values": reason.stored_values()}
    return {"reason": reason, "reason_code": "", "reason_values": {}}


class AuditEvent(ReasonedModel):
    """One act or one reading, by one person, append-only (a trigger refuses UPDATE and DELETE).

    No foreign keys: the history outlives what it tells of.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=40, blank=True)
    actor_label = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id", "-at"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.actor_label}: {self.action} {self.subject_label}".strip()


class OutboxMessage(models.Model):
    """A promise: something that must happen at `due_at`, written in the transaction of the act that promised it."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        DONE = "done", "done"
        VOID = "void", "no longer wanted"
        DEAD = "dead", "given up"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True, null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.TextField(blank=True)
    # Of the last failure that is not made good: what kind of error, without its words. Empty when there is none.
    error = models.CharField(max_length=80, blank=True, db_default="")
    failures = models.PositiveIntegerField(default=0, db_default=0)
    failed_at = models.DateTimeField(null=True)
    author_id = models.CharField(max_length=40, blank=True, db_default="")
    about_kind = models.CharField(max_length=60, blank=True, db_default="")
    about_id = models.CharField(max_length=40, blank=True, db_default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="outbox_due"),
            models.Index(
                fields=["about_kind", "about_id", "-failed_at"],
                condition=Q(state__in=["waiting", "dead"]) & ~Q(error=""),
                name="outbox_failing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    @property
    def is_unkept(self) -> bool:
        """Whether it waits, or was given up."""
        return self.state in (self.State.WAITING, self.State.DEAD)


class SentFormModel(models.Model):
    """A form that was sent and carried out: sent once more, it leads to where the first sending led."""

    sender = models.CharField(max_length=40)
    address = models.CharField(max_length=300)
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    led_to = models.CharField(max_length=500)
    at = models.DateTimeField(db_index=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "key", "digest"], name="%(app_label)s_form_sent_once")
        ]
        indexes: ClassVar = [models.Index(fields=["sender", "address", "digest"], name="%(app_label)s_form_by_content")]

    def __str__(self) -> str:
        return f"{self.address} at {self.at:%Y-%m-%d %H:%M}"


class SentForm(SentFormModel):
    """A form of the organization's pages."""


class LimitCount(models.Model):
    """How often something was tried under one limit, until it counts anew (`core.kernel.limits`)."""

    key = models.CharField(primary_key=True, max_length=120)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
