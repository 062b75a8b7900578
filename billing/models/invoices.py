"""Invoices: what was issued, to whom, with whose name, as it was on that day."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from billing.rules.balances import InvoiceState, Standing
from billing.rules.tax import Line
from core.kernel import clock, search_keys
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.people.models import Agent, Client, User


class Invoice(models.Model):
    """A claim. Draft until it is issued; then numbered, with issuer and payer as they were, and never changed in its lines."""

    class State(models.TextChoices):
        DRAFT = InvoiceState.DRAFT.value, _("Draft")
        OPEN = InvoiceState.OPEN.value, _("Open")
        PAID = InvoiceState.PAID.value, _("Paid")
        VOID = InvoiceState.VOID.value, _("Void")
        PARTLY_REFUNDED = InvoiceState.PARTLY_REFUNDED.value, _("Partly refunded")
        REFUNDED = InvoiceState.REFUNDED.value, _("Refunded")
        CREDITED = InvoiceState.CREDITED.value, _("Credited")

    class PayerKind(models.TextChoices):
        LOGIN = "login", _("A login of the %(client)s")
        AGENT = "agent", _("%(agent:A|An)s %(agent)s")
        OTHER = "other", _("Somebody else")
        NOBODY = "nobody", _("Not chosen")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True, null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="invoices")
    payer_kind = models.CharField(max_length=10, choices=PayerKind.choices, default=PayerKind.NOBODY)
    payer_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="invoices_to_pay")
    payer_agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="invoices")
    has_chosen_payer = models.BooleanField(default=False, db_default=False)
    payer_name = models.CharField(max_length=150, blank=True)
    payer_email = models.EmailField(blank=True)
    payer_address = models.TextField(blank=True)
    issuer = models.JSONField(default=dict)
    currency = models.CharField(max_length=3)
    prices_include_tax = models.BooleanField(default=False)
    total_amount = models.PositiveBigIntegerField(default=0)
    paid_amount = models.PositiveBigIntegerField(default=0)
    refunded_amount = models.PositiveBigIntegerField(default=0)
    credited_amount = models.PositiveBigIntegerField(default=0, db_default=0)
    disputed_amount = models.PositiveBigIntegerField(default=0, db_default=0)  # withdrawn by banks
    is_disputed = models.BooleanField(default=False, db_default=False)  # a bank decides about a payment of it
    note = models.TextField(blank=True)
    due_on = models.DateField()
    issued_on = models.DateField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    paid_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancellation_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    search_key = search_keys.search_key(Coalesce("number", models.Value("")), "payer_name", "payer_email")

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            search_keys.search_index("invoice_search"),
            models.Index(fields=["-issued_at", "-created_at"], name="invoices_by_issue"),
            models.Index(fields=["state", "due_on"], name="invoices_by_state"),
            models.Index(fields=["client", "-created_at"], name="invoices_by_client"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="draft", number=None) | (~Q(state="draft") & Q(number__isnull=False)),
                name="invoice_numbered_when_issued",
            ),
            models.CheckConstraint(
                condition=Q(refunded_amount__lte=models.F("paid_amount")), name="invoice_refund_within_payment"
            ),
            models.CheckConstraint(
                condition=Q(credited_amount__lte=models.F("total_amount")), name="invoice_credit_within_total"
            ),
        ]

    def __str__(self) -> str:
        return self.number or "draft"

    @property
    def total(self) -> Money:
        return Money(self.total_amount, self.currency)

    @property
    def paid(self) -> Money:
        return Money(self.paid_amount, self.currency)

    @property
    def refunded(self) -> Money:
        return Money(self.refunded_amount, self.currency)

    @property
    def credited(self) -> Money:
        return Money(self.credited_amount, self.currency)

    @property
    def disputed(self) -> Money:
        """What banks have withdrawn of what was paid."""
        return Money(self.disputed_amount, self.currency)

    @property
    def standing(self) -> Standing:
        """What is claimed and was paid, as the ledger had it after the last row; a draft claims nothing yet."""
        claimed = Money.zero(self.currency) if self.state == self.State.DRAFT else self.total
        is_void = self.state == self.State.VOID
        return Standing(claimed, self.credited, self.paid, self.refunded, self.disputed, is_void=is_void)

    @property
    def claim(self) -> Money:
        """What is claimed now: the total less what was credited; nothing of a draft or a void one."""
        return self.standing.claim

    @property
    def due(self) -> Money:
        """What is still to be paid."""
        return self.standing.due

    @property
    def is_cancellable(self) -> bool:
        """Whether it can be voided: something is due, and no money was kept for it."""
        return bool(self.due) and not self.standing.kept

    @property
    def overpaid(self) -> Money:
        """What was paid beyond the claim."""
        return self.standing.overpaid


class InvoiceLine(models.Model):
    """What one amount is for, with its tax rate. A charge stands on one valid invoice at a time; a void one keeps its lines."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    charge = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, null=True, related_name="lines")
    description = models.CharField(max_length=200)
    detail = models.CharField(max_length=200, blank=True)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2, default=0)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_position_once")
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def as_taxed(self) -> Line:
        return Line(self.price, self.tax_rate)
