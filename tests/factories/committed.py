"""An organization of its own with committed rows, for tests in which several connections must see them; gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections
from django.test import override_settings

from tenants import schema_script
from tenants.context import as_database_owner, organization_context, public_context
from tenants.models import DueWork, Organization
from tenants.provisioning import provision_organization


@contextmanager
def committed_organization(*, slug: str, host: str, blocker: object) -> Iterator[Organization]:
    """Provision it outside of any test's transaction, enter it, and drop it with everything in it.

    The platform's domain is the one above `host`, because browsers find hosts below `localhost` by themselves.
    """
    with override_settings(PLATFORM_DOMAIN=host.partition(".")[2]), blocker.unblock():  # type: ignore[attr-defined]
        organization = provision_organization(
            name=f"{slug.title()} Clinic", slug=slug, host=host, plan="enterprise", owner_email=f"olive@{slug}.test",
            owner_name="Olive Owner", blueprint="clinic", by="Tests", time_zone="Europe/Berlin",
        )  # fmt: skip
        try:
            with organization_context(organization):
                yield organization
        finally:
            schema_script.drop(organization.schema_name)
            _forget(organization)
            connections.close_all()


def _forget(organization: Organization) -> None:
    """Take it out of the public schema, its append-only events and what it has promised too."""
    with as_database_owner(), public_context(), connection.cursor() as cursor:
        DueWork.objects.filter(schema_name=organization.schema_name).delete()
        cursor.execute("ALTER TABLE tenants_organizationevent DISABLE TRIGGER USER")
        for table, column in (
            ("tenants_organizationevent", "organization_id"), ("tenants_domain", "tenant_id"), ("tenants_organization", "id")
        ):  # fmt: skip
            cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [organization.pk])
        cursor.execute("ALTER TABLE tenants_organizationevent ENABLE TRIGGER USER")
