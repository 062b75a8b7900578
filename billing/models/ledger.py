"""The ledger: every event of money as one row, append-only in the database itself."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from billing.rules.balances import Kind
from core.kernel.ids import new_id
from core.kernel.models import ReasonedModel
from core.kernel.money import Money
from core.people.models import Client


class LedgerEntry(ReasonedModel):
    """One event with its sign: above zero is owed. A correction is a new row that names the one it reverses."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value.replace("_", " ")) for kind in Kind])
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="ledger_entries")
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="ledger_entries")
    payment = models.ForeignKey("billing.Payment", on_delete=models.PROTECT, null=True, related_name="ledger_entries")
    refund = models.ForeignKey("billing.Refund", on_delete=models.PROTECT, null=True, related_name="ledger_entries")
    credit_note = models.OneToOneField(
        "billing.CreditNote", on_delete=models.PROTECT, null=True, related_name="ledger_entry"
    )
    dispute = models.ForeignKey("billing.Dispute", on_delete=models.PROTECT, null=True, related_name="ledger_entries")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        verbose_name_plural = "ledger entries"
        indexes: ClassVar = [models.Index(fields=["client", "at"], name="ledger_by_client")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payment", "invoice"], condition=Q(kind=Kind.PAID.value), name="ledger_payment_once"
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(kind=Kind.INVOICED.value), name="ledger_issue_once"
            ),
            models.UniqueConstraint(fields=["refund", "kind"], name="ledger_refund_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
