"""`manage.py suspend_organization`."""

from typing import Any

from tenants import lifecycle
from tenants.management.organization_command import OrganizationCommand
from tenants.models import Organization


class Command(OrganizationCommand):
    help = "Take an organization off the air: its people see a neutral page, sockets close, jobs and promises wait. Needs --reason."

    def act(self, organization: Organization, **arguments: Any) -> Organization:
        return lifecycle.suspend_organization(organization.pk, **arguments)
