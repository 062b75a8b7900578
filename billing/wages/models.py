"""Wage rates, what was earned, and what was paid out."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Service
from billing.wages.rules.wage import Basis, Terms
from branding.queries import term
from branding.rules.vocabulary import capitalized
from core.kernel import clock, encrypted_columns, encryption
from core.kernel.ids import new_id
from core.kernel.models import ReasonedModel
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.people.models import StaffMember

IBAN = "number of a bank account"  # what its encryption is for


class WageRate(models.Model):
    """What one practitioner earns by one service; without a service, by everything that has no rate of its own."""

    class Counts(models.TextChoices):
        APPOINTMENT = Basis.APPOINTMENT.value, _("each time")
        HOUR = Basis.HOUR.value, _("per hour")
        SHARE = Basis.SHARE.value, _("a share of the price")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="wage_rates")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, related_name="+")
    basis = models.CharField(max_length=12, choices=Counts.choices)
    amount = models.PositiveBigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    set_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practitioner", "service"], nulls_distinct=False, name="wage_rate_once"),
            models.CheckConstraint(
                condition=Q(basis="share", share__gt=0, share__lte=100, amount=None)
                | (~Q(basis="share") & Q(share=None, amount__gt=0)),
                name="wage_rate_is_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.service or _('everything else')}"

    @property
    def terms(self) -> Terms:
        """The rate as the rule takes it."""
        amount = None if self.amount is None else Money(self.amount, self.currency)
        return Terms(Basis(self.basis), amount, self.share)


class PayoutRun(models.Model):
    """Wages of several people that are paid together, of everything up to a day. Once it is paid, nothing of it changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    until = models.DateField()  # the last day where the organization is
    currency = models.CharField(max_length=3)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    paid_on = models.DateField(null=True)
    paid_by = models.CharField(max_length=200, blank=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-until", "-made_at"]

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d} {self.currency}"

    @property
    def is_paid(self) -> bool:
        return self.paid_on is not None


class Payout(models.Model):
    """One person's part of it: what all their entries in it come to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(PayoutRun, on_delete=models.CASCADE, related_name="payouts")
    practitioner = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="payouts")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        ordering: ClassVar = ["practitioner__user__sort_key", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "practitioner"], name="payout_once_in_a_run"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_is_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class WageEntry(ReasonedModel):
    """One amount that somebody has earned, or that is taken off: fixed when it was entered, corrected by another entry only.

    The appointment is named by its id, without a foreign key, because books outlive calendars; so is the client of one place of a group.
    """

    class Kind(models.TextChoices):
        APPOINTMENT = "appointment", _("%(Appointment)s")
        CANCELLATION = "cancellation", _("Cancelled late")
        BONUS = "bonus", _("Bonus")
        EXPENSES = "expenses", _("Expenses paid back")
        DEDUCTION = "deduction", _("Deduction")

    BY_HAND: ClassVar = (Kind.BONUS, Kind.EXPENSES, Kind.DEDUCTION)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="wage_entries")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    appointment_id = models.UUIDField(null=True, db_index=True)
    place_of = models.UUIDField(null=True)
    description = models.CharField(max_length=200, blank=True)
    other_descriptions = models.JSONField(default=dict, db_default={}, blank=True)  # by language; see OwnText
    happened_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=0)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, null=True, related_name="entries")
    by = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-happened_at", "-id"]
        verbose_name_plural = "wage entries"
        indexes: ClassVar = [
            models.Index(fields=["practitioner", "-happened_at"], name="wages_by_practitioner"),
            models.Index(fields=["currency", "happened_at"], condition=Q(payout=None), name="wages_not_paid"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appointment_id", "place_of"],
                nulls_distinct=False,
                condition=Q(appointment_id__isnull=False),
                name="wage_once_per_appointment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def what(self) -> str:
        """What it is for, as somebody reads it now."""
        return str(OwnText(self.description, self.other_descriptions)) or capitalized(term("appointment"))


class BankAccount(models.Model):
    """Where wages go to, or, without a practitioner, where the organization pays them from. The number is encrypted, and shown in part."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.OneToOneField(StaffMember, on_delete=models.CASCADE, null=True, related_name="bank_account")
    holder = models.CharField(max_length=70)
    encrypted_iban = models.TextField()
    shown = models.CharField(max_length=20)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(practitioner=None), name="bank_account_one_of_organization"
            )
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def iban(self) -> str:
        """The whole number. `core.kernel.encryption.InvalidToken` when SECRET_KEY is another one and no longer knows the older."""
        return encryption.decrypt(self.encrypted_iban, purpose=IBAN)


encrypted_columns.register(BankAccount, "encrypted_iban", purpose=IBAN)
