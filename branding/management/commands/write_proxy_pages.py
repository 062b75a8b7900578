"""`manage.py write_proxy_pages`: every organization's pages for the proxy, as a release says them; for the start of an installation."""

from typing import Any

from branding import proxy_pages
from tenants.context import organization_context
from tenants.management.base import PlatformCommand
from tenants.models import Organization


class Command(PlatformCommand):
    help = "Write, for every active organization, the pages that the proxy shows while the application does not answer."

    def handle(self, *args: Any, **options: Any) -> None:
        written = 0
        for organization in Organization.objects.filter(state=Organization.State.ACTIVE):
            with organization_context(organization):
                written += proxy_pages.renew()
        gone = proxy_pages.clear()
        self.stdout.write(f"{written} hosts have their pages; those of {gone} others are gone.")
