"""`manage.py write_proxy_pages`: every organization's pages for the proxy, as a release says them; for the start of an installation."""

import logging
from typing import Any

from branding import proxy_pages
from tenants.context import organization_context
from tenants.management.base import PlatformCommand
from tenants.models import Organization

logger = logging.getLogger(__name__)


class Command(PlatformCommand):
    help = "Write, for every active organization, the pages that the proxy shows while the application does not answer."

    def handle(self, *args: Any, **options: Any) -> None:
        """What is in the way of one organization's pages is logged, and keeps neither the others' from being written nor anything from starting."""
        written = failed = 0
        for organization in Organization.objects.filter(state=Organization.State.ACTIVE):
            try:
                with organization_context(organization):
                    written += proxy_pages.renew()
            except Exception:
                failed += 1
                logger.exception("The pages of %s for the proxy could not be written.", organization.slug)
        gone = proxy_pages.clear()
        self.stdout.write(
            f"{written} hosts have their pages; those of {gone} others are gone; {failed} organizations failed."
        )
