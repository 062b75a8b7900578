"""What is asked for at booking, by which rule, and each prepayment with what became of it."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Charge, Invoice, Payment, Service
from billing.prepayments.rules.prepaying import Ask, Exceptional, Terms
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.people.models import Agent, Client, User


class TermsModel(models.Model):
    """What is asked for: nothing, an amount, a share, or the whole."""

    class Asks(models.TextChoices):
        NOTHING = Ask.NOTHING.value, _("Nothing")
        AMOUNT = Ask.AMOUNT.value, _("An amount")
        SHARE = Ask.SHARE.value, _("A share of the price")
        FULL = Ask.FULL.value, _("The whole price")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ask = models.CharField(max_length=10, choices=Asks.choices, default=Asks.NOTHING)
    amount = models.PositiveBigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    share = models.PositiveSmallIntegerField(default=0)
    is_for_first_visits = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def money(self) -> Money | None:
        return Money(self.amount, self.currency) if self.amount is not None else None

    @property
    def terms(self) -> Terms:
        """As the rule takes it."""
        return Terms(Ask(self.ask), self.money, self.share, self.is_for_first_visits)


class PrepaymentSettings(TermsModel):
    """The rule for everything, and how long places wait. One row per schema; without it, nothing is asked for."""

    is_current = models.BooleanField(default=True)
    hold_minutes = models.PositiveSmallIntegerField(default=60)  # after somebody booked for themselves
    hold_hours = models.PositiveSmallIntegerField(default=48)  # after staff have asked
    asks_when_staff_book = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "prepayment settings"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="prepayment_settings_once"
            )
        ]

    def __str__(self) -> str:
        return "prepayment settings"


class ServicePrepayment(TermsModel):
    """The rule of one service, instead of the rule for everything."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="prepayment")

    def __str__(self) -> str:
        return f"prepayment of {self.service}"


class PrepaymentException(models.Model):
    """That one client is asked never, or always."""

    class Rule(models.TextChoices):
        NEVER = Exceptional.NEVER.value, _("Never")
        ALWAYS = Exceptional.ALWAYS.value, _("Always")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="prepayment_exception")
    rule = models.CharField(max_length=10, choices=Rule.choices)
    set_by = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.client}: {self.rule}"


class Prepayment(models.Model):
    """What was asked for one client's place, as it was asked. `amount` counts as the price does; `total` is what is paid, with its tax.

    The appointment is named by its id, without a foreign key, because books outlive calendars.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Awaits payment")
        HELD = "held", _("Paid in advance")
        USED = "used", _("Settled")
        RETURNED = "returned", _("Given back")
        RELEASED = "released", _("Not paid in time")
        WITHDRAWN = "withdrawn", _("Not asked for any more")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment_id = models.UUIDField(db_index=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="prepayments")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+")
    description = models.CharField(max_length=200)
    other_descriptions = models.JSONField(default=dict, db_default={}, blank=True)  # by language; see OwnText
    practitioner_name = models.CharField(max_length=150, blank=True)
    happens_at = models.DateTimeField()
    payer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="prepayments")
    payer_agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+")
    price_amount = models.PositiveBigIntegerField()
    amount = models.PositiveBigIntegerField()
    total_amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    prices_include_tax = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, null=True, related_name="prepayment")
    charge = models.OneToOneField(Charge, on_delete=models.PROTECT, null=True, related_name="prepayment")
    used_amount = models.PositiveBigIntegerField(default=0)
    returned_amount = models.PositiveBigIntegerField(default=0)  # with its tax

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="prepayments_by_state")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appointment_id", "client"],
                condition=Q(state__in=["asked", "held"]),
                name="prepayment_one_open",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0, total_amount__gt=0), name="prepayment_is_something"),
            models.CheckConstraint(condition=Q(used_amount__lte=models.F("amount")), name="prepayment_used_within"),
            models.CheckConstraint(
                condition=Q(returned_amount__lte=models.F("total_amount")), name="prepayment_returned_within"
            ),
        ]

    def __str__(self) -> str:
        return f"prepayment of {self.total}"

    @property
    def what(self) -> str:
        """What it is for, as somebody reads it now."""
        return str(OwnText(self.description, self.other_descriptions))

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def price(self) -> Money:
        return Money(self.price_amount, self.currency)

    @property
    def total(self) -> Money:
        return Money(self.total_amount, self.currency)

    @property
    def used(self) -> Money:
        return Money(self.used_amount, self.currency)

    @property
    def returned(self) -> Money:
        return Money(self.returned_amount, self.currency)

    def is_payable(self, now: datetime) -> bool:
        """Whether it can be paid now."""
        return self.state == self.State.ASKED and now < self.due_at


class PrepaymentAttempt(models.Model):
    """A card payment that was begun for a prepayment. One of them succeeds; whatever else comes goes back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    prepayment = models.ForeignKey(Prepayment, on_delete=models.PROTECT, related_name="attempts")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="prepayment_attempt")

    def __str__(self) -> str:
        return f"{self.payment} for {self.prepayment_id}"
