"""What an organization sells, at which prices, and how it counts its invoices."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.rules.numbering import Counted
from core.kernel import clock
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.kernel.search_keys import Sorted
from core.people.models import Client


class BillingSettings(models.Model):
    """How this organization bills. One row per schema; without it, the defaults here hold."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    number_prefix = models.CharField(max_length=12, blank=True, default="INV")
    credit_note_prefix = models.CharField(max_length=12, blank=True, default="CN", db_default="CN")
    number_by_year = models.BooleanField(default=True)
    due_days = models.PositiveSmallIntegerField(default=14)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    prices_include_tax = models.BooleanField(default=False)
    invoice_at_completion = models.BooleanField(default=False)
    statement_descriptor = models.CharField(max_length=22, blank=True)
    invoice_note = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "billing settings"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="billing_settings_once")
        ]

    def __str__(self) -> str:
        return "billing settings"

    def prefix_of(self, counted: Counted) -> str:
        """What the numbers of these documents begin with."""
        return self.credit_note_prefix if counted == Counted.CREDIT_NOTE else self.number_prefix


class NumberSequence(models.Model):
    """The last number taken of one count; its row is the lock that keeps numbers without gaps."""

    name = models.CharField(primary_key=True, max_length=40)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class Service(models.Model):
    """One thing that is offered at a price."""

    class Unit(models.TextChoices):
        APPOINTMENT = "appointment", _("each time")
        HOUR = "hour", _("per hour")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    other_names = models.JSONField(default=dict, db_default={}, blank=True)  # by language; see OwnText
    description = models.CharField(max_length=300, blank=True)
    other_descriptions = models.JSONField(default=dict, db_default={}, blank=True)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    unit = models.CharField(max_length=12, choices=Unit.choices, default=Unit.APPOINTMENT)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    minutes = models.PositiveSmallIntegerField(default=45)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-is_active", Sorted("name"), "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], condition=Q(is_active=True), name="service_name_once")
        ]

    def __str__(self) -> str:
        return str(self.own_name)

    @property
    def own_name(self) -> OwnText:
        """Its name in each of the organization's languages."""
        return OwnText(self.name, self.other_names)

    @property
    def own_description(self) -> OwnText:
        """What else is said of it, in each of the organization's languages."""
        return OwnText(self.description, self.other_descriptions)

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)


class Rate(models.Model):
    """What one client pays for one service instead of its price."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="rates")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="rates")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["client__sort_key", "client_id", Sorted("service__name")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["client", "service"], name="rate_once")]

    def __str__(self) -> str:
        return f"{self.client}: {self.service}"

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)
