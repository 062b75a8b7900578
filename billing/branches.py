"""To which branch money belongs: of the client for whom it is paid."""

from uuid import UUID

from billing.models import CreditNote, Dispute, Invoice, Payment, Refund
from branding import branch_uses
from branding.models import Branch
from branding.speaking import register
from core.people.branches import branch_of_clients
from core.people.models import Client


def _of_invoice(invoice: Invoice, user_id: str) -> UUID | None:
    return branch_of_clients([invoice.client])


def _of_payment(payment: Payment, user_id: str) -> UUID | None:
    return branch_of_clients(Client.objects.filter(invoices__in=payment.invoices.all()).distinct())


def _of_refund(refund: Refund, user_id: str) -> UUID | None:
    return branch_of_clients([refund.invoice.client])


def _of_dispute(dispute: Dispute, user_id: str) -> UUID | None:
    return _of_payment(dispute.payment, user_id)


def _of_credit_note(note: CreditNote, user_id: str) -> UUID | None:
    return branch_of_clients([note.invoice.client])


def _has_issued(branch: Branch) -> bool:
    """Its name and its look stand on papers that are kept."""
    those = {"issuer__branch": str(branch.pk)}
    return Invoice.objects.filter(**those).exists() or CreditNote.objects.filter(**those).exists()


def register_money() -> None:
    """Let mail and documents ask. At start-up."""
    register("billing.invoice", _of_invoice)
    register("billing.creditnote", _of_credit_note)
    register("billing.dispute", _of_dispute)
    register("billing.payment", _of_payment)
    register("billing.refund", _of_refund)
    branch_uses.register(_has_issued)
