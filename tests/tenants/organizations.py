"""New organizations for tests of provisioning and of the fleet."""

from tenants.models import Organization
from tenants.provisioning import provision_organization

WANTED = {
    "name": "River Clinic",
    "slug": "river",
    "host": "river.test",
    "plan": "practice",
    "owner_email": "rita@river.test",
    "owner_name": "Rita River",
    "blueprint": "clinic",
    "by": "operator@vendor.test",
}


def provision(**changes: str) -> Organization:
    """River Clinic, with whatever is wanted otherwise."""
    return provision_organization(**{**WANTED, **changes})
