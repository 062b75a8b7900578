"""Packages on offer, those that were sold, and the ledger of their units."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Charge, Invoice, Service
from billing.packages.rules.package_terms import Period, Validity
from billing.packages.rules.unit_use import Unit
from core.kernel import clock
from core.kernel.ids import new_id
from core.kernel.models import ReasonedModel
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.kernel.search_keys import Sorted
from core.people.models import Client


class PackageSettings(models.Model):
    """How packages work here. One row per schema; without it, the defaults here hold."""

    class Usable(models.TextChoices):
        PAID = "paid", _("When it is paid")
        ISSUED = "issued", _("At once, when the %(invoice)s is issued")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    usable_when = models.CharField(max_length=10, choices=Usable.choices, default=Usable.PAID)
    notice_days = models.PositiveSmallIntegerField(default=14)

    class Meta:
        verbose_name_plural = "package settings"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="package_settings_once")
        ]

    def __str__(self) -> str:
        return "package settings"


class CountedModel(models.Model):
    """What a package counts, at which price, under which terms: as it is offered, and as it was sold."""

    class Counts(models.TextChoices):
        APPOINTMENT = Unit.APPOINTMENT.value, _("%(Appointments)s")
        HOUR = Unit.HOUR.value, _("Hours")
        MONEY = Unit.MONEY.value, _("Money")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    other_names = models.JSONField(default=dict, db_default={}, blank=True)  # by language; see OwnText
    unit = models.CharField(max_length=12, choices=Counts.choices, default=Counts.APPOINTMENT)
    units = models.PositiveBigIntegerField()  # hundredths of appointments, minutes, or minor units
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    weekly_limit = models.PositiveBigIntegerField(null=True)
    covers_all = models.BooleanField(default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.own_name)

    @property
    def own_name(self) -> OwnText:
        return OwnText(self.name, self.other_names)

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def counts(self) -> Unit:
        return Unit(self.unit)


class Package(CountedModel):
    """One package on offer."""

    class Counted(models.TextChoices):
        DAYS = Period.DAYS.value, _("days")
        MONTHS = Period.MONTHS.value, _("months")

    services = models.ManyToManyField(Service, related_name="packages", blank=True)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    valid_count = models.PositiveSmallIntegerField(null=True)
    valid_period = models.CharField(max_length=6, choices=Counted.choices, default=Counted.MONTHS)
    is_online = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-is_active", Sorted("name"), "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], condition=Q(is_active=True), name="package_name_once"),
            models.CheckConstraint(condition=Q(units__gt=0, amount__gt=0), name="package_is_worth_something"),
        ]

    @property
    def validity(self) -> Validity:
        return Validity(self.valid_count, Period(self.valid_period))


class Purchase(CountedModel):
    """A package that was sold for one client, on the terms of that day. What is left of it is the sum of its entries.

    Of one that is made by a transfer, `units` and `amount` are what came over.
    """

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="purchases")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="packages")
    # Only a draft is ever deleted, and nothing of a draft can be used.
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="packages")
    transferred_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="transfers")
    services = models.ManyToManyField(Service, related_name="+", blank=True)
    usable_when = models.CharField(max_length=10, choices=PackageSettings.Usable.choices)
    is_released = models.BooleanField(default=False)
    bought_on = models.DateField()
    expires_on = models.DateField(null=True)
    frozen_from = models.DateField(null=True)
    frozen_until = models.DateField(null=True)
    expiry_told_on = models.DateField(null=True)
    sold_at = models.DateTimeField()
    sold_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["-sold_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["client", "-sold_at"], name="purchases_by_client"),
            models.Index(fields=["expires_on"], condition=Q(is_released=True), name="purchases_by_expiry"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(units__gt=0), name="purchase_has_units"),
            models.CheckConstraint(
                condition=Q(frozen_from=None, frozen_until=None)
                | Q(frozen_from__isnull=False, frozen_until__gte=models.F("frozen_from")),
                name="purchase_frozen_from_until",
            ),
        ]


class UnitEntry(ReasonedModel):
    """Where units went: one row for each event with its sign, append-only. `value`: what the units are worth at the price per unit.

    The appointment is named by its id, without a foreign key, because books outlive calendars.
    """

    class Kind(models.TextChoices):
        BOUGHT = "bought", _("Bought")
        USED = "used", _("Used")
        RETURNED = "returned", _("Given back to the package")
        EXPIRED = "expired", _("Expired")
        FROZEN = "frozen", _("Frozen")
        TRANSFERRED = "transferred", _("Transferred")
        REFUNDED = "refunded", _("Refunded")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    units = models.BigIntegerField()
    value = models.BigIntegerField()
    days = models.IntegerField(default=0)  # of a freeze
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, null=True, related_name="unit_entries")
    met_amount = models.BigIntegerField(default=0)  # how much of the charge they meet, in its currency
    appointment_id = models.UUIDField(null=True, db_index=True)
    happened_on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["purchase", "position"]
        verbose_name_plural = "unit entries"
        constraints: ClassVar = [
            # The net under the lock: of two who wrote without it, the second would take the same position.
            models.UniqueConstraint(fields=["purchase", "position"], name="unit_entry_position_once"),
            models.UniqueConstraint(
                fields=["purchase", "charge", "kind"],
                condition=Q(charge__isnull=False),
                name="unit_entry_once_a_charge",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["used", "expired", "refunded"], units__lt=0)
                | Q(kind__in=["bought", "returned"], units__gt=0)
                | Q(kind="frozen", units=0)
                | Q(kind="transferred"),
                name="unit_entry_sign_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.units}"

    @property
    def worth(self) -> Money:
        return Money(self.value, self.purchase.currency)
