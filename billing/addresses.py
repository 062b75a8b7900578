"""Where the pages about money are, on an organization's host."""

from uuid import UUID

from tenants.absolute_urls import path_of


def invoice_page(pk: UUID) -> str:
    """The path of an invoice's page."""
    return path_of("billing:invoice", pk)


def credit_note_page(pk: UUID) -> str:
    """The path of a credit note's page."""
    return path_of("billing:credit-note", pk)


def payment_page(pk: UUID) -> str:
    """The path of a payment's page."""
    return path_of("billing:payment", pk)


def payer_cards_page(client: UUID) -> str:
    """The path of the cards of those who pay for a client."""
    return path_of("billing:payer-cards", client)


def card_link_page(token: str) -> str:
    """The path of the page where a payer saves a card without signing in."""
    return path_of("billing:card-link", token)


def pay_link_page(token: str) -> str:
    """The path of the page where an invoice is paid without signing in."""
    return path_of("billing:pay-link", token)


def prepay_page(token: str) -> str:
    """The path of the page where something is paid in advance without signing in."""
    return path_of("billing:prepay-link", token)


def charges_page() -> str:
    """The path of the charges that await an invoice."""
    return path_of("billing:charges")


def dispute_page(pk: UUID) -> str:
    """The path of a dispute's page, for whoever bills."""
    return path_of("billing:dispute", pk)


def account_page() -> str:
    """The path of the page about the organization's account at the processor."""
    return path_of("billing:account")
