"""`manage.py resume_organization`."""

from typing import Any

from tenants import lifecycle
from tenants.management.organization_command import OrganizationCommand
from tenants.models import Organization


class Command(OrganizationCommand):
    help = "Put a suspended or closing organization back on the air; what was promised meanwhile is delivered."

    def act(self, organization: Organization, **arguments: Any) -> Organization:
        return lifecycle.resume_organization(organization.pk, **arguments)
