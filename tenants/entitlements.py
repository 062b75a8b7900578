"""What the organization in force may use, by its plan: the one check, without a query on a warm request."""

from django.conf import settings

from core.kernel.errors import DomainError
from core.kernel.translation import translate
from tenants import host_names
from tenants.context import current_organization, public_context
from tenants.models import Entitlement, Organization, Plan

WHITE_LABEL = "white_label"
BILLING = "billing"
GROUP = "group"  # how many people fit into one session


def allowances(organization: Organization) -> dict[str, int | None]:
    """What the plan of `organization` allows: entitlement -> limit, None for no limit. Asked of the database once per object."""
    if organization.known_allowances is None:
        with public_context():
            held = Entitlement.objects.filter(plan=organization.plan_id)
            organization.known_allowances = dict(held.values_list("code", "limit"))
    return organization.known_allowances


def allows(code: str) -> bool:
    """Whether the plan of the organization in force has the entitlement `code` ("white_label", "billing")."""
    return code in allowances(current_organization())


def limit(code: str) -> int | None:
    """How much the plan allows of `code` ("staff"): None for no limit, 0 when the plan has none of it."""
    return allowances(current_organization()).get(code, 0)


def require(code: str, refusal: str) -> None:
    """Raise `not_in_plan` with the sentence `refusal` unless the plan allows `code`."""
    if not allows(code):
        raise DomainError("not_in_plan", refusal)


def check_hosts(plan: Plan, *hosts: str) -> None:
    """Raise `plan_too_small` for hosts of the organization's own on a plan without white label: those live below the platform's domain."""
    own = [host for host in hosts if not host_names.is_below(host, settings.PLATFORM_DOMAIN)]
    if own and not plan.entitlements.filter(code=WHITE_LABEL).exists():
        message = translate(
            "%(hosts)s: a domain of one's own needs a plan with white label. %(plan)s has hosts below %(domain)s.",
            hosts=", ".join(own), plan=plan.name, domain=settings.PLATFORM_DOMAIN,
        )  # fmt: skip
        raise DomainError("plan_too_small", message, field="host")
