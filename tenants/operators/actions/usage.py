"""Measuring what organizations use: numbers only, kept in the public schema."""

from datetime import datetime, timedelta

from tenants import context, storage
from tenants.models import Organization
from tenants.operators.models import OrganizationUsage
from tenants.signals import usage_requested

SESSIONS_WITHIN = timedelta(days=30)


def measure(organization: Organization, *, now: datetime) -> OrganizationUsage:
    """Count one organization's people, files and live sessions, and keep the numbers."""
    with context.organization_context(organization):
        numbers = {"storage_bytes": storage.used_bytes()}
        for _, counted in usage_requested.send(Organization, since=now - SESSIONS_WITHIN):
            numbers |= counted
    with context.public_context():
        usage, _ = OrganizationUsage.objects.update_or_create(
            organization=organization, defaults={**numbers, "measured_at": now}
        )
    return usage
