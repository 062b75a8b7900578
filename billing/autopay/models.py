"""When cards are charged by themselves, what was tried, and which cards were told to expire."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.autopay.rules.charging import When
from billing.models import Invoice, Payment, SavedCard
from core.kernel.ids import new_id


class AutopaySettings(models.Model):
    """When cards on file are charged by themselves, and when again. One row per schema; without it, never."""

    class Charged(models.TextChoices):
        NEVER = When.NEVER.value, _("Only by hand")
        ISSUED = When.ISSUED.value, _("When the %(invoice)s is issued")
        DUE = When.DUE.value, _("On the day on which it is due")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    when = models.CharField(max_length=10, choices=Charged.choices, default=Charged.NEVER)
    first_days = models.PositiveSmallIntegerField(default=3, null=True, blank=True)
    second_days = models.PositiveSmallIntegerField(default=7, null=True, blank=True)
    third_days = models.PositiveSmallIntegerField(default=14, null=True, blank=True)

    class Meta:
        verbose_name_plural = "autopay settings"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="autopay_settings_once")
        ]

    def __str__(self) -> str:
        return "autopay settings"

    @property
    def plan(self) -> tuple[int | None, int | None, int | None]:
        """Days after the first try."""
        return self.first_days, self.second_days, self.third_days


class CardCharge(models.Model):
    """One try to charge the card on file for one invoice: by whom, and what came of it."""

    class Kind(models.TextChoices):
        HAND = "hand", _("By hand")
        RULE = "rule", _("By itself")

    class Outcome(models.TextChoices):
        UNDER_WAY = "under_way", _("Under way")
        PAID = "paid", _("Paid")
        REFUSED = "refused", _("Refused")
        NEEDS_PAYER = "needs_payer", _("The bank asks its holder")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="card_charges")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="card_charge")
    card = models.ForeignKey(SavedCard, on_delete=models.SET_NULL, null=True, related_name="charges")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField()  # of those that the rule has made: 1 is the first
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.UNDER_WAY)
    next_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_on = models.DateField()
    made_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invoice", "number"], condition=Q(kind="rule"), name="card_charge_each_try_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}: {self.outcome}"


class ExpiryNotice(models.Model):
    """That the holder of a card was asked for a newer one; once for each date on a card."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.ForeignKey(SavedCard, on_delete=models.CASCADE, related_name="expiry_notices")
    expires_year = models.PositiveSmallIntegerField()
    expires_month = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["card", "expires_year", "expires_month"], name="expiry_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.card} expires"
