"""Where the pages about money are, on an organization's host: also for code that runs for another host, like webhooks."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse


def invoice_page(pk: UUID) -> str:
    """The path of an invoice's page."""
    return reverse("billing:invoice", args=[pk], urlconf=settings.ROOT_URLCONF)


def payment_page(pk: UUID) -> str:
    """The path of a payment's page."""
    return reverse("billing:payment", args=[pk], urlconf=settings.ROOT_URLCONF)


def charges_page() -> str:
    """The path of the charges that await an invoice."""
    return reverse("billing:charges", urlconf=settings.ROOT_URLCONF)
