"""What the console reads. Everything is in the public schema; no page opens an organization's."""

from collections import Counter

from django.db.models import Prefetch, Q, QuerySet

from core.kernel import search_keys
from core.kernel.errors import NotFound
from core.kernel.search import Word, search
from tenants.domain_rules import DomainState
from tenants.models import Domain, Organization, OrganizationEvent, WorkerHeartbeat
from tenants.operators.models import OrganizationUsage


def organizations(*, text: str = "", state: str = "", plan: str = "") -> QuerySet[Organization]:
    """Organizations whose name, short name or host contains `text`, with plan, usage and primary domain at hand."""
    primary = Prefetch("domains", Domain.objects.filter(is_primary=True), to_attr="primary_domains")
    found = Organization.objects.select_related("plan", "usage").prefetch_related(primary)
    found = found.alias(sort_key=search_keys.Sorted("name")).order_by("sort_key", "pk")
    found = search(found.alias(search_key=search_keys.folded("name", "slug")), text, _with)
    if state:
        found = found.filter(state=state)
    return found.filter(plan=plan) if plan else found


def _with(word: Word) -> Q:
    hosts = (
        Domain.objects.exclude(state=DomainState.RELEASED)
        .alias(search_key=search_keys.folded("domain"))
        .filter(word.in_("search_key"))
    )
    return word.in_("search_key") | Q(pk__in=hosts.values("tenant"))


def get_organization(organization_id: object) -> Organization:
    """The organization with all its domains; NotFound when there is none."""
    found = Organization.objects.select_related("plan", "usage").prefetch_related("domains", "plan__entitlements")
    organization = found.filter(pk=organization_id).first()
    if organization is None:
        raise NotFound
    return organization


def counts_by_state() -> Counter[str]:
    return Counter(Organization.objects.order_by().values_list("state", flat=True))


def events(*, organization: Organization | None = None, action: str = "") -> QuerySet[OrganizationEvent]:
    """The history, newest first: of one organization, or of all and of the operators themselves."""
    found = OrganizationEvent.objects.select_related("organization")
    if organization is not None:
        found = found.filter(organization=organization)
    return found.filter(action__startswith=action) if action else found


def usage_of(organization: Organization) -> OrganizationUsage | None:
    return getattr(organization, "usage", None)


def workers() -> QuerySet[WorkerHeartbeat]:
    return WorkerHeartbeat.objects.order_by("name")
