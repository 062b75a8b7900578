"""Invoices and receipts as files, in the organization's brand and the reader's language."""

from billing.documents.contents import invoice_file, receipt_file
from billing.documents.formatter import Formatter

__all__ = ["Formatter", "invoice_file", "receipt_file"]
