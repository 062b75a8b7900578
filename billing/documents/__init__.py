"""Invoices and receipts as files, in the organization's brand and the reader's language."""

from billing.documents.contents import Reader, invoice_file, receipt_file

__all__ = ["Reader", "invoice_file", "receipt_file"]
