"""A new organization gets its brand."""

from typing import Any

from django.dispatch import receiver

from branding.actions import create_brand
from tenants.models import Organization
from tenants.signals import organization_created


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
