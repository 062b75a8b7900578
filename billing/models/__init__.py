"""Services, rates, charges, invoices, payments, and the ledger that proves them."""

from billing.models.card_links import CardLink, CardMandate
from billing.models.catalogue import BillingSettings, NumberSequence, Rate, Service
from billing.models.charges import Charge, CostOverride
from billing.models.credit_notes import CreditNote, CreditNoteLine
from billing.models.disputes import BouncedPayout, Dispute, DisputeFile
from billing.models.invoices import Invoice, InvoiceLine
from billing.models.ledger import LedgerEntry
from billing.models.payments import Payment, PaymentShare, Refund
from billing.models.processor import Customer, PaymentAccount, SavedCard, WebhookEvent

__all__ = [
    "BillingSettings",
    "BouncedPayout",
    "CardLink",
    "CardMandate",
    "Customer",
    "Charge",
    "CostOverride",
    "CreditNote",
    "CreditNoteLine",
    "Dispute",
    "DisputeFile",
    "Invoice",
    "InvoiceLine",
    "LedgerEntry",
    "NumberSequence",
    "Payment",
    "PaymentAccount",
    "PaymentShare",
    "Rate",
    "Refund",
    "SavedCard",
    "Service",
    "WebhookEvent",
]
