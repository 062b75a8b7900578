"""Disputes: a payer tells their bank that a payment was not right, and the bank decides. And payouts that did not reach the organization's bank."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.rules.disputes import ANSWERABLE, RUNNING, DisputeState, can_be_answered
from core.files.models import StoredFile
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.people.models import User


class Dispute(models.Model):
    """One dispute of one payment, as the processor has it, what it has done to the books, and what is answered."""

    class State(models.TextChoices):
        WARNING_NEEDS_RESPONSE = DisputeState.WARNING_NEEDS_RESPONSE.value, _("Inquiry to answer")
        WARNING_UNDER_REVIEW = DisputeState.WARNING_UNDER_REVIEW.value, _("Inquiry answered")
        WARNING_CLOSED = DisputeState.WARNING_CLOSED.value, _("Inquiry closed")
        NEEDS_RESPONSE = DisputeState.NEEDS_RESPONSE.value, _("To answer")
        UNDER_REVIEW = DisputeState.UNDER_REVIEW.value, _("The bank decides")
        PREVENTED = DisputeState.PREVENTED.value, _("Settled before")
        WON = DisputeState.WON.value, _("Won")
        LOST = DisputeState.LOST.value, _("Lost")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    external_id = models.CharField(max_length=120, unique=True)
    payment = models.ForeignKey("billing.Payment", on_delete=models.PROTECT, related_name="disputes")
    state = models.CharField(max_length=30, choices=State.choices)
    reason = models.CharField(max_length=60, blank=True)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    booked_amount = models.PositiveBigIntegerField(default=0)
    unbooked_amount = models.PositiveBigIntegerField(default=0)
    fee_amount = models.PositiveBigIntegerField(default=0)
    fee_currency = models.CharField(max_length=3, blank=True)
    movements = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    told = models.PositiveSmallIntegerField(default=0)  # how often of the last day
    what_was_sold = models.TextField(blank=True)
    when_it_was = models.CharField(max_length=200, blank=True)
    explanation = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="disputes_by_state")]

    def __str__(self) -> str:
        return f"dispute of {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def booked(self) -> Money:
        """What is withdrawn now, as the ledger has it."""
        return Money(self.booked_amount, self.currency)

    @property
    def unbooked(self) -> Money:
        """What is withdrawn beyond what the payment had left: in no book."""
        return Money(self.unbooked_amount, self.currency)

    @property
    def fee(self) -> Money | None:
        """What the processor took for it, where it did."""
        return Money(self.fee_amount, self.fee_currency) if self.fee_amount else None

    @property
    def stage(self) -> DisputeState:
        return DisputeState(self.state)

    @property
    def is_running(self) -> bool:
        return self.stage in RUNNING

    @property
    def is_inquiry(self) -> bool:
        return self.state.startswith("warning_")

    @property
    def awaits_answer(self) -> bool:
        return self.stage in ANSWERABLE

    def can_be_answered(self, now: datetime) -> bool:
        return can_be_answered(self.stage, self.due_at, now)


class DisputeFile(models.Model):
    """A file that goes with the answer. The bank takes one of each kind. `sent_as`: its id at the processor, once it is there."""

    class Kind(models.TextChoices):
        SERVICE = "service_documentation", _("That it took place")
        COMMUNICATION = "customer_communication", _("What was written with the %(payer)s")
        RECEIPT = "receipt", _("Receipt")
        CANCELLATION = "cancellation_policy", _("Terms of cancellation")
        REFUNDS = "refund_policy", _("Terms of refunds")
        OTHER = "uncategorized_file", _("Something else")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="dispute_file")
    added_at = models.DateTimeField()
    sent_as = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["added_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["dispute", "kind"], name="dispute_file_of_kind_once")]

    def __str__(self) -> str:
        return self.kind


class BouncedPayout(models.Model):
    """A payout of the processor that the organization's bank did not take. `mended_at`: a later one arrived."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    external_id = models.CharField(max_length=120, unique=True)
    account_id = models.CharField(max_length=80)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    failure_code = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    bounced_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-bounced_at", "-id"]

    def __str__(self) -> str:
        return f"bounced payout of {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
