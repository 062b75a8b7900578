"""The link for whoever looks after the DNS, as the pages offer it that speak of records."""

from typing import Any

from django.urls import reverse

from core.kernel import clock
from core.setup.queries import current_link, token_of
from tenants.absolute_urls import absolute_url


def records_link() -> dict[str, Any]:
    """The link in force and until when; empty where there is none."""
    link = current_link(now=clock.now())
    url = absolute_url(reverse("records", args=[token_of(link)])) if link else ""
    return {"records_link": link, "records_link_url": url}
