"""A new organization gets its brand, and the proxy's pages follow its hosts."""

from typing import Any

from django.dispatch import receiver

from branding.actions import create_brand
from branding.outbox_names import RENEW_PROXY_PAGES
from core.kernel import outbox
from tenants.models import Organization
from tenants.signals import domain_state_changed, host_branch_changed, host_released, organization_created


@receiver(organization_created, dispatch_uid="brand_of_new_organization")
def give_brand(*, organization: Organization, blueprint: str, **wishes: Any) -> None:
    """Wishes: time_zone, currency, country, languages; neutral defaults where the operator said nothing."""
    create_brand(
        name=organization.name,
        blueprint=blueprint,
        time_zone=wishes.get("time_zone") or "UTC",
        currency=wishes.get("currency") or "EUR",
        country=wishes.get("country") or "DE",
        languages=wishes.get("languages") or ["en"],
    )
    renew_proxy_pages()


@receiver([domain_state_changed, host_branch_changed, host_released], dispatch_uid="renew_proxy_pages")
def renew_proxy_pages(**_: Any) -> None:
    """Promise it in the same transaction."""
    outbox.enqueue(RENEW_PROXY_PAGES)
