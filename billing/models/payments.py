"""Money that came in and went back."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.failures import FailingModel
from billing.reasons import BillingReason
from billing.rules.payment_progress import FINAL, PaymentState
from core.kernel import search_keys
from core.kernel.ids import new_id
from core.kernel.models import ReasonedModel
from core.kernel.money import Money
from core.people.models import Client, User
from core.people.rules.client_status import is_paid_for


class Payment(FailingModel):
    """One attempt to pay one or several invoices: by card through the processor, or by other means, noted by staff."""

    class Means(models.TextChoices):
        CARD = "card", _("Card")
        TRANSFER = "transfer", _("Bank transfer")
        CASH = "cash", _("Cash")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        STARTED = PaymentState.STARTED.value, _("Started")
        WAITING = PaymentState.WAITING.value, _("Waiting for the bank")
        PROCESSING = PaymentState.PROCESSING.value, _("Processing")
        REFUSED = PaymentState.REFUSED.value, _("Refused")
        CANCELLED = PaymentState.CANCELLED.value, _("Cancelled")
        SUCCEEDED = PaymentState.SUCCEEDED.value, _("Paid")
        REVERSED = PaymentState.REVERSED.value, _("Reversed")

    WITHOUT_CODE = BillingReason.CARD_REFUSED

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    means = models.CharField(max_length=10, choices=Means.choices)
    state = models.CharField(max_length=12, choices=State.choices)
    payer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="payments")
    payer_name = models.CharField(max_length=150)
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    invoices = models.ManyToManyField("billing.Invoice", through="PaymentShare", related_name="payments")
    account_id = models.CharField(max_length=80, blank=True)
    external_id = models.CharField(max_length=120, null=True, unique=True)
    saves_card = models.BooleanField(default=False)
    card_brand = models.CharField(max_length=20, blank=True)
    card_last4 = models.CharField(max_length=4, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    received_on = models.DateField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    reversed_at = models.DateTimeField(null=True)
    reverse_reason = models.CharField(max_length=200, blank=True)
    recorded_by = models.CharField(max_length=200, blank=True)
    search_key = search_keys.search_key("payer_name", "reference")

    class Meta:
        ordering: ClassVar = ["-started_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "-started_at"], name="payments_by_state"),
            search_keys.search_index("payment_search"),
        ]

    def __str__(self) -> str:
        return f"payment of {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def progress(self) -> PaymentState:
        return PaymentState(self.state)

    @property
    def is_live(self) -> bool:
        """Whether the payer can still finish it."""
        return self.progress not in FINAL

    @property
    def is_due(self) -> bool:
        """Whether it is for what is due of each of its invoices now."""
        return all(share.is_due for share in self.shares.select_related("invoice"))

    @property
    def is_allowed(self) -> bool:
        """Whether somebody may pay here for each of its clients now."""
        clients = Client.objects.filter(invoices__shares__payment=self)
        return all(is_paid_for(status) for status in clients.values_list("status", flat=True))

    @property
    def words(self) -> str:
        """How it was paid, in a reader's words: “Visa •••• 4242”."""
        if self.card_last4:
            return f"{self.card_brand.title() or self.get_means_display()} •••• {self.card_last4}"
        return self.get_means_display()


class PaymentShare(models.Model):
    """How much of a payment is for which invoice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="shares")
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="shares")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    refunded_amount = models.PositiveBigIntegerField(default=0)
    disputed_amount = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment", "invoice"], name="payment_share_once"),
            models.CheckConstraint(
                condition=models.Q(refunded_amount__lte=models.F("amount")), name="payment_share_refund_within"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=models.F("refunded_amount") + models.F("disputed_amount")),
                name="payment_share_dispute_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} for {self.invoice_id}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def is_due(self) -> bool:
        """Whether it is what is due of the invoice now."""
        return self.money == self.invoice.due

    @property
    def refundable(self) -> Money:
        """What is left of it: neither given back, or about to be, nor withdrawn by a bank."""
        return Money(self.amount - self.refunded_amount - self.disputed_amount, self.currency)


class Refund(ReasonedModel, FailingModel):
    """Money given back for one invoice, in whole or in part, with the reason.

    With `keeps_claim` it takes nothing of the claim: it is still due afterwards, or its credit note has taken it; else
    `credited_amount` of the claim went with it.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("On its way")
        SUCCEEDED = "succeeded", _("Refunded")
        FAILED = "failed", _("Failed")

    WITHOUT_CODE = BillingReason.REFUND_REFUSED

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="refunds")
    credit_note = models.ForeignKey("billing.CreditNote", on_delete=models.PROTECT, null=True, related_name="refunds")
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    keeps_claim = models.BooleanField(default=False, db_default=False)
    credited_amount = models.PositiveBigIntegerField(default=0, db_default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    external_id = models.CharField(max_length=120, null=True, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"refund of {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def credited(self) -> Money:
        """How much of the claim went with the money; nothing until the refund has succeeded."""
        return Money(self.credited_amount, self.currency)
