"""What the console knows of an organization's branches: what they are called."""

from collections.abc import Iterable
from uuid import UUID

from branding.models import Branch
from branding.queries import active_branches
from tenants import context
from tenants.models import Domain, Organization


def branch_labels(organization: Organization) -> dict[UUID, str]:
    """The branches that people meet, by id; none while the organization is not open."""
    if not organization.is_open:
        return {}
    with context.organization_context(organization):
        return {key: branch.label for key, branch in active_branches().items()}


def labels_of(organization: Organization, hosts: Iterable[Domain]) -> dict[UUID, str]:
    """The branches that have one of these hosts, by id; no query where none has."""
    wanted = {host.branch_id for host in hosts if host.branch_id}
    if not wanted:
        return {}
    with context.organization_context(organization):
        return dict(Branch.objects.filter(pk__in=wanted).values_list("pk", "label"))
