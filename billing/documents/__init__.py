"""Invoices, credit notes and receipts as files, in the organization's brand and the reader's language."""

from billing.documents.contents import invoice_file, receipt_file
from billing.documents.credit_notes import credit_note_file, settlement_sentence
from billing.documents.formatter import Formatter

__all__ = ["Formatter", "credit_note_file", "invoice_file", "receipt_file", "settlement_sentence"]
