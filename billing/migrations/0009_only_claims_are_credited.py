from collections import defaultdict

from django.db import migrations
from django.utils import timezone

# Said here as it was then: rules change, and this history does not.
CLAIM = {"invoiced": 1, "voided": -1, "credited": -1, "credit_reversed": 1}
KEPT = {"paid": 1, "payment_reversed": -1, "refunded": -1, "refund_reversed": 1}


def correct(apps, schema_editor):
    """Refunds credited claims that there were not: of void invoices, and of what was paid twice. Rows reverse the excess.

    Then every refunded invoice takes the amounts and the state that follow from its rows; one that was called refunded while something of
    it was due is open again. A draft whose payer somebody chose keeps that payer.
    """
    invoice_model, entry_model = apps.get_model("billing", "Invoice"), apps.get_model("billing", "LedgerEntry")
    audit = apps.get_model("kernel", "AuditEvent")
    refunded = invoice_model.objects.filter(ledger_entries__kind="refunded").distinct()
    for invoice in refunded.iterator():
        _correct_invoice(apps, invoice, list(entry_model.objects.filter(invoice=invoice).order_by("at", "id")))
    chosen = audit.objects.filter(action="invoice.payer_chosen").values_list("subject_id", flat=True)
    for subject in set(chosen):
        invoice_model.objects.filter(pk=subject, state="draft").update(has_chosen_payer=True)


def _correct_invoice(apps, invoice, entries):
    claim = kept = 0
    sums = defaultdict(int)
    overpaid = {}  # of each refund, before it
    credits = defaultdict(int)
    for entry in entries:
        amount = abs(entry.amount)
        if entry.kind == "refunded":
            overpaid[entry.refund_id] = max(0, kept - claim)
        allowed = amount
        if entry.kind == "credited" and entry.refund_id:
            allowed = max(0, min(amount, amount - overpaid.get(entry.refund_id, 0), claim))
            credits[entry.refund_id] += allowed
            if allowed < amount:
                _reverse(apps, entry, amount - allowed)
        claim += CLAIM.get(entry.kind, 0) * allowed
        kept += KEPT.get(entry.kind, 0) * amount
        sums[entry.kind] += allowed
    for refund, credited in credits.items():
        apps.get_model("billing", "Refund").objects.filter(pk=refund).update(credited_amount=credited)
    invoice.credited_amount = sums["credited"] - sums["credit_reversed"]
    if invoice.state != "void":
        invoice.state = _state(claim, kept, invoice)
    if invoice.state == "open":
        invoice.paid_at = None
    invoice.save(update_fields=["credited_amount", "state", "paid_at"])


def _state(claim, kept, invoice):
    if claim > kept:
        return "open"
    if not (invoice.refunded_amount and invoice.credited_amount):
        return "paid"
    return "partly_refunded" if claim else "refunded"


def _reverse(apps, entry, amount):
    apps.get_model("billing", "LedgerEntry").objects.create(
        at=timezone.now(),
        kind="credit_reversed",
        client_id=entry.client_id,
        invoice_id=entry.invoice_id,
        payment_id=entry.payment_id,
        refund_id=entry.refund_id,
        amount=amount,
        currency=entry.currency,
        reverses_id=entry.pk,
        reason_code="credit.without_claim",
        by="The system",
    )


class Migration(migrations.Migration):
    """A refund is no credit note: only what reduced a claim was credited."""

    dependencies = [("billing", "0008_claims_and_payers"), ("kernel", "0003_audit_reason_codes")]
    operations = [migrations.RunPython(correct, migrations.RunPython.noop)]
