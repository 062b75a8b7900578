"""Is a new organization really there? Each step is looked at, not assumed."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from wagtail.models import Site

from branding.models import Brand
from core.kernel.models import OutboxMessage
from core.people import outbox_names
from tenants import context, hosts
from tenants.absolute_urls import absolute_url
from tenants.models import Domain, Organization


@dataclass(frozen=True)
class Step:
    """One thing that must be true of a new organization."""

    label: str
    done: bool


def steps(organization: Organization) -> list[Step]:
    """What a new organization needs before its people can come, in the order in which it is made."""
    with context.public_context():
        host = Domain.objects.filter(tenant=organization, is_primary=True).values_list("domain", flat=True).first()
    with context.organization_context(organization):
        return [
            Step("Schema with every table", _tables(organization.schema_name) == _tables(context.TEMPLATE)),
            Step("Brand and words", Brand.objects.filter(is_current=True).exists()),
            Step("Public home page", Site.objects.filter(root_page__live=True).exists()),
            Step("Owner's invitation written", _invitations().exists()),
            Step("Owner's invitation sent", _invitations().filter(state=OutboxMessage.State.DONE).exists()),
            Step("Host answers for it", bool(host) and hosts.find_organization(host or "") == organization),
        ]


def home(organization: Organization) -> str:
    """The address of its public home page."""
    with context.organization_context(organization):
        return absolute_url("/")


def _invitations() -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(name=outbox_names.SEND_INVITATION)


def _tables(schema: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = %s", [schema])
        return cursor.fetchone()[0]
