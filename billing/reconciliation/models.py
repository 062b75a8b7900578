"""Comparisons of the ledger with the processor, and the differences that each has found."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, Payment
from billing.reconciliation.rules.comparison import TAKEN_OVER, Kind, Subject
from core.kernel.ids import new_id
from core.kernel.money import Money


class Reconciliation(models.Model):
    """One comparison: of everything that moved since a moment, or since the account was connected. One runs at a time."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being compared")
        DONE = "done", _("Compared")
        FAILED = "failed", _("Could not be compared")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    account_id = models.CharField(max_length=80)
    since = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True)
    payments = models.PositiveIntegerField(default=0)
    refunds = models.PositiveIntegerField(default=0)
    disputes = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(models.Value(1), condition=Q(state="waiting"), name="reconciliation_one_waiting")
        ]

    def __str__(self) -> str:
        return f"reconciliation of {self.asked_at:%Y-%m-%d}"


class Difference(models.Model):
    """One difference, as it was found. `taken_over_at`: the processor's side was taken over afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="differences")
    subject = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Subject])
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Kind])
    key = models.CharField(max_length=120)
    words = models.CharField(max_length=200, blank=True)  # what the processor calls it
    payment = models.ForeignKey(Payment, on_delete=models.SET_NULL, null=True, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.SET_NULL, null=True, related_name="+")
    ours_amount = models.BigIntegerField(null=True)
    ours_currency = models.CharField(max_length=3, blank=True)
    theirs_amount = models.BigIntegerField(null=True)
    theirs_currency = models.CharField(max_length=3, blank=True)
    taken_over_at = models.DateTimeField(null=True)
    taken_over_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["subject", "kind", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reconciliation", "subject", "key"], name="difference_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.key}: {self.kind}"

    @property
    def ours(self) -> Money | None:
        return None if self.ours_amount is None else Money(self.ours_amount, self.ours_currency)

    @property
    def theirs(self) -> Money | None:
        return None if self.theirs_amount is None else Money(self.theirs_amount, self.theirs_currency)

    @property
    def can_be_taken_over(self) -> bool:
        """Whether the processor's side can be entered here: it is about a payment of ours, and the processor knows it."""
        is_known = self.payment_id is not None and self.taken_over_at is None
        is_there = self.subject != Subject.PAYMENT or self.kind != Kind.MISSING_THERE
        return is_known and is_there and Subject(self.subject) in TAKEN_OVER
