"""Celery's work for the portal."""

from celery import shared_task

from branding import proxy_pages
from tenants.tasks import OrganizationTask


@shared_task(base=OrganizationTask, public=True)
def clear_proxy_pages() -> int:
    """Once a night: hosts that nobody is served under any more have no pages."""
    return proxy_pages.clear()
