"""What the outbox does for the brand: publish a draft when its time has come, and write the proxy's pages."""

from branding import proxy_pages
from branding.actions import publish_scheduled
from branding.outbox_names import PUBLISH_DRAFT, RENEW_PROXY_PAGES
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from tenants.absolute_urls import path_of


def _page(message: OutboxMessage) -> str:
    branch = message.payload.get("branch")
    return path_of("settings:branch", branch) if branch else path_of("settings:brand")


@outbox.handler(PUBLISH_DRAFT, label=gettext_noop("Publication of the brand"), page=_page)
def publish_draft(message: OutboxMessage) -> None:
    """Publish it, unless it is gone or has another time."""
    publish_scheduled(draft_id=message.payload["draft"], at=message.payload["at"], now=clock.now())


@outbox.handler(RENEW_PROXY_PAGES, label=gettext_noop("Pages for when nothing answers"), page=_page)
def renew_proxy_pages(message: OutboxMessage) -> None:
    """Write them as the brand and the hosts are now."""
    proxy_pages.renew()
