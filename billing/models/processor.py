"""What is kept about the payment processor: ids and the few facts of a card that a person recognises; never a card number."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.people.models import User


class PaymentAccount(models.Model):
    """The organization's own account at the processor. One at a time; an earlier one is kept, disconnected."""

    class State(models.TextChoices):
        PENDING = "pending", _("Details missing")
        ACTIVE = "active", _("Ready for payments")
        RESTRICTED = "restricted", _("Held back by the processor")
        DISCONNECTED = "disconnected", _("Disconnected")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    external_id = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    missing = models.JSONField(default=list)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    connected_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.Value(1), condition=~Q(state="disconnected"), name="payment_account_one_connected"
            )
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.ACTIVE


class Customer(models.Model):
    """A login as the processor knows it on one account: its customer, with the cards saved there.

    `linked_at`: staff said that it is a customer whom the account had before.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="processor_customers")
    account = models.ForeignKey(PaymentAccount, on_delete=models.CASCADE, related_name="customers")
    external_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    linked_at = models.DateTimeField(null=True)
    linked_by = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "account"], name="customer_once")]

    def __str__(self) -> str:
        return self.external_id


class SavedCard(models.Model):
    """A card that its owner chose to save: a reference at the processor, brand, last digits, expiry."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="cards")
    external_id = models.CharField(max_length=120, unique=True)
    brand = models.CharField(max_length=20)
    last4 = models.CharField(max_length=4)
    fingerprint = models.CharField(max_length=40, blank=True, default="", db_default="")
    expires_month = models.PositiveSmallIntegerField()
    expires_year = models.PositiveSmallIntegerField()
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-saved_at"]

    def __str__(self) -> str:
        return f"{self.brand.title()} •••• {self.last4}"

    def is_expired(self, today: date) -> bool:
        """A card is valid until the end of its month."""
        return (self.expires_year, self.expires_month) < (today.year, today.month)


class WebhookEvent(models.Model):
    """An event of the processor that was taken in: its id makes a repeat recognisable."""

    event_id = models.CharField(primary_key=True, max_length=120)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=120)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
