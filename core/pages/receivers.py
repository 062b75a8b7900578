"""A new organization gets its site."""

from typing import Any

from django.dispatch import receiver
from django.utils import translation

from branding.queries import current_brand
from core.pages.actions import create_site
from tenants.models import Organization
from tenants.signals import organization_created


@receiver(organization_created, dispatch_uid="site_of_new_organization")
def give_site(*, organization: Organization, **_: Any) -> None:
    with translation.override(current_brand().language):
        create_site(name=organization.name)
