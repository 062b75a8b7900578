"""What is owed for appointments, before it stands on an invoice."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branding.queries import term
from branding.rules.vocabulary import capitalized
from core.kernel import clock, search_keys
from core.kernel.ids import new_id
from core.kernel.models import ReasonedModel
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.people.models import Client


class CostOverride(models.Model):
    """An amount that somebody set for one client's appointment, with the reason. It comes before every rate."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment_id = models.UUIDField()
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200)
    set_by = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appointment_id", "client"], name="cost_override_once")
        ]

    def __str__(self) -> str:
        return f"amount set for {self.appointment_id}"

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)


class Charge(ReasonedModel):
    """One thing owed. The amount was fixed when the appointment ended, with the reason, and follows no later change of rates.

    The appointment is named by its id, without a foreign key, because books outlive calendars.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be billed")
        INVOICED = "invoiced", _("Billed")
        WAIVED = "waived", _("Waived")
        MET = "met", _("From a package")
        PREPAID = "prepaid", _("Paid in advance")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment_id = models.UUIDField(null=True, db_index=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="charges")
    service = models.ForeignKey("billing.Service", on_delete=models.PROTECT, null=True, related_name="charges")
    description = models.CharField(max_length=200, blank=True)
    other_descriptions = models.JSONField(default=dict, db_default={}, blank=True)  # by language; see OwnText
    practitioner_name = models.CharField(max_length=150, blank=True)
    happened_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=0)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    source = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    search_key = search_keys.search_key("description", "practitioner_name")

    class Meta:
        ordering: ClassVar = ["-happened_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "-happened_at"], name="charges_by_state"),
            search_keys.search_index("charge_search"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appointment_id", "client"],
                condition=Q(appointment_id__isnull=False),
                name="charge_once_per_appointment",
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def what(self) -> str:
        """What it is for, as somebody reads it now: the service by its name on that day, else the organization's noun."""
        return str(OwnText(self.description, self.other_descriptions)) or capitalized(term("appointment"))
