"""Measuring what organizations use: numbers only, kept in the public schema."""

from datetime import datetime, timedelta

from django.apps import apps

from core.people.models import Client, StaffMember, User
from portal.operator.models import OrganizationUsage
from tenants import context, storage
from tenants.models import Organization

SESSIONS_WITHIN = timedelta(days=30)


def measure(organization: Organization, *, now: datetime) -> OrganizationUsage:
    """Count one organization's people, files and live sessions, and keep the numbers."""
    with context.organization_context(organization):
        numbers = {
            "people": User.objects.filter(is_active=True).count(),
            "staff": StaffMember.objects.filter(status=StaffMember.Status.ACTIVE).count(),
            "clients": Client.objects.filter(status=Client.Status.ACTIVE).count(),
            "storage_bytes": storage.used_bytes(),
            "sessions": _sessions_since(now - SESSIONS_WITHIN),
        }
    with context.public_context():
        usage, _ = OrganizationUsage.objects.update_or_create(
            organization=organization, defaults={**numbers, "measured_at": now}
        )
    return usage


def _sessions_since(since: datetime) -> int:
    """Live sessions that began since then; none where live sessions are not installed."""
    if not apps.is_installed("sessions_live"):
        return 0
    return apps.get_model("sessions_live", "Room").objects.filter(created_at__gte=since).count()
