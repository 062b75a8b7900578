"""The schedule of reminders, what was sent, and what staff have noted against it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice
from billing.reminders.rules.dunning import Schedule
from core.kernel import clock
from core.kernel.ids import new_id
from core.people.models import User


class ReminderSettings(models.Model):
    """Whether overdue invoices are reminded of, and when. One row per schema; without it nothing leaves by itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    is_on = models.BooleanField(default=False)
    first_days = models.PositiveSmallIntegerField(default=3, null=True, blank=True)
    second_days = models.PositiveSmallIntegerField(default=10, null=True, blank=True)
    third_days = models.PositiveSmallIntegerField(default=21, null=True, blank=True)

    class Meta:
        verbose_name_plural = "reminder settings"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="reminder_settings_once")
        ]

    def __str__(self) -> str:
        return "reminder settings"

    @property
    def schedule(self) -> Schedule:
        """The days as the rule takes them."""
        return Schedule((self.first_days, self.second_days, self.third_days))


class Reminder(models.Model):
    """One mail to one payer about what is overdue. It says what the firmest of its levels says."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    level = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    leaves_at = models.DateTimeField()
    leaves_on = models.DateField()  # where the payer is
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"reminder {self.level}"

    @property
    def key(self) -> str:
        """Under which its promise stands in the outbox."""
        return f"invoice-reminder:{self.pk}"


class RemindedInvoice(models.Model):
    """An invoice in a reminder. Each level of an invoice is sent once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="items")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="reminded")
    level = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["level"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["invoice", "level"], name="reminder_level_once")]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.level}"


class ReminderHold(models.Model):
    """What staff have noted on an invoice: payment is promised until a day, or it is not to be reminded of. One at a time; lifted ones stay."""

    class Kind(models.TextChoices):
        PROMISED = "promised", _("Payment is promised")
        STOPPED = "stopped", _("Do not remind")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="reminder_holds")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    until = models.DateField(null=True)
    note = models.CharField(max_length=200)
    noted_at = models.DateTimeField(default=clock.now)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-noted_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice"], condition=Q(lifted_at=None), name="reminder_hold_once"),
            models.CheckConstraint(
                condition=Q(kind="promised", until__isnull=False) | Q(kind="stopped", until=None),
                name="reminder_hold_is_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.kind}"
