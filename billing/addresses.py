"""Where the pages about money are, on an organization's host."""

from uuid import UUID

from tenants.absolute_urls import path_of


def invoice_page(pk: UUID) -> str:
    """The path of an invoice's page."""
    return path_of("billing:invoice", pk)


def payment_page(pk: UUID) -> str:
    """The path of a payment's page."""
    return path_of("billing:payment", pk)


def charges_page() -> str:
    """The path of the charges that await an invoice."""
    return path_of("billing:charges")
