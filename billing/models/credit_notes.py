"""Credit notes: what an issued invoice is corrected by. A document of its own, with a number of its own, that never changes."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.rules.tax import RateTotal
from core.kernel import search_keys
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.people.models import User


class CreditNote(models.Model):
    """How much less is claimed of an invoice, why, and what becomes of the part of it that was paid already."""

    class Reason(models.TextChoices):
        MISTAKE = "mistake", _("A mistake on the %(invoice)s")
        DUPLICATE = "duplicate", _("It was billed twice")
        ORDER_CHANGE = "order_change", _("Something else was agreed")
        PRODUCT_UNSATISFACTORY = "product_unsatisfactory", _("It was not as it should have been")
        GOODWILL = "goodwill", _("Goodwill")

    class Settlement(models.TextChoices):
        NOTHING_PAID = "nothing_paid", _("Nothing of it was paid")
        BALANCE = "balance", _("It stays as credit on account")
        REFUND = "refund", _("It is refunded")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="credit_notes")
    reason = models.CharField(max_length=30, choices=Reason.choices)
    memo = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    total_amount = models.PositiveBigIntegerField()
    by_rate = models.JSONField()  # [rate, net, tax] each, in minor units
    settlement = models.CharField(max_length=20, choices=Settlement.choices)
    paid_amount = models.PositiveBigIntegerField()  # how much of it was paid already
    issuer = models.JSONField(default=dict)
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    search_key = search_keys.search_key("number")

    class Meta:
        ordering: ClassVar = ["-issued_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(total_amount__gt=0, paid_amount__lte=models.F("total_amount")),
                name="credit_note_amounts",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Money:
        return Money(self.total_amount, self.currency)

    @property
    def paid_part(self) -> Money:
        """What of it was paid already, and stays as credit or goes back."""
        return Money(self.paid_amount, self.currency)

    @property
    def rate_totals(self) -> list[RateTotal]:
        """Net and tax of it by rate."""
        return [
            RateTotal(Decimal(rate), Money(net, self.currency), Money(tax, self.currency))
            for rate, net, tax in self.by_rate
        ]


class CreditNoteLine(models.Model):
    """What is credited: a line of the invoice as it stands there, or a part of everything under one tax rate, with its tax."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    credit_note = models.ForeignKey(CreditNote, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    invoice_line = models.ForeignKey("billing.InvoiceLine", on_delete=models.PROTECT, null=True, related_name="credits")
    description = models.CharField(max_length=200)
    detail = models.CharField(max_length=200, blank=True)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["credit_note", "position"], name="credit_note_line_position_once"),
            models.UniqueConstraint(fields=["invoice_line"], name="invoice_line_credited_once"),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)
