"""What the organization in force may use, by its plan and what an operator has decided beside it: the one check, without a query when warm.

White label comprises the items of `WHITE_LABEL_ITEMS`; docs/white-label.md says of each what holds without it. Not to meet the vendor is none of
them: that holds for everybody.
"""

from datetime import datetime

from django.conf import settings

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from tenants import host_names
from tenants.context import current_organization, public_context
from tenants.models import Entitlement, EntitlementOverride, Organization

WHITE_LABEL = "white_label"
OWN_HOST = "own_host"
OWN_SENDER = "own_sender"
OWN_FONTS = "own_fonts"
OWN_CSS = "own_css"
OWN_BACKGROUNDS = "own_backgrounds"
BRANCHES = "branches"
BILLING = "billing"
GROUP = "group"  # how many people fit into one session
STAFF = "staff"  # how many may work in it
STORAGE = "storage"  # how many gigabytes of files
RESOURCES = "resources"  # how many resources each of those who work in it may own
WHITE_LABEL_ITEMS = (OWN_HOST, OWN_SENDER, OWN_FONTS, OWN_CSS, OWN_BACKGROUNDS, BRANCHES)
LIMITS = (STAFF, GROUP, STORAGE, RESOURCES)
OVERRIDABLE = (*WHITE_LABEL_ITEMS, BILLING, *LIMITS)


def allowances(organization: Organization, *, in_use: bool = False) -> dict[str, int | None]:
    """What `organization` may begin: entitlement -> limit, None for no limit; with `in_use`, what goes on that is there already.

    Asked of the database once per object.
    """
    if organization.known_allowances is None:
        with public_context():
            held = Entitlement.objects.filter(plan=organization.plan_id)
            organization.known_allowances = dict(held.values_list("code", "limit"))
            organization.known_overrides = list(organization.entitlement_overrides.all())
    return effective(organization.known_allowances, organization.known_overrides or [], now=clock.now(), in_use=in_use)


def effective(
    plan: dict[str, int | None], overrides: list[EntitlementOverride], *, now: datetime, in_use: bool = False
) -> dict[str, int | None]:
    """The plan with white label taken apart, and what was decided beside it."""
    found = dict(plan)
    if WHITE_LABEL in plan:
        found |= dict.fromkeys(WHITE_LABEL_ITEMS)
    for override in overrides:
        if override.until is not None and override.until <= now:
            continue
        if override.is_on or (in_use and override.kept_until is not None and override.kept_until > now):
            found[override.code] = override.limit
        else:
            found.pop(override.code, None)
    return found


def allows(code: str) -> bool:
    """Whether the organization in force may begin something with the entitlement `code`."""
    return code in allowances(current_organization())


def keeps(code: str) -> bool:
    """Whether what the organization in force has with `code` goes on: so for a while after it was taken away."""
    return code in allowances(current_organization(), in_use=True)


def limit(code: str) -> int | None:
    """How much is allowed of `code` ("staff"): None for no limit, 0 when there is none of it."""
    return allowances(current_organization()).get(code, 0)


def require(code: str, refusal: str, *, field: str | None = None) -> None:
    """Raise `not_in_plan` with the sentence `refusal` unless `code` is allowed."""
    if not allows(code):
        raise DomainError("not_in_plan", refusal, field=field)


def check_hosts(organization: Organization, *hosts: str) -> None:
    """Raise `plan_too_small` for hosts of the organization's own without white label: those live below the platform's domain."""
    own = [host for host in hosts if not host_names.is_below(host, settings.PLATFORM_DOMAIN)]
    if own and OWN_HOST not in allowances(organization):
        message = translate(
            "%(hosts)s: a domain of one's own needs a plan with white label. %(plan)s has hosts below %(domain)s.",
            hosts=", ".join(own), plan=organization.plan.name, domain=settings.PLATFORM_DOMAIN,
        )  # fmt: skip
        raise DomainError("plan_too_small", message, field="host")


def check_keeps_host(organization: Organization, host: str) -> None:
    """Raise `plan_too_small` for a host of the organization's own that its plan no longer keeps."""
    if not host_names.is_below(host, settings.PLATFORM_DOMAIN) and OWN_HOST not in allowances(
        organization, in_use=True
    ):
        raise DomainError("plan_too_small", translate("A web address of your own needs another plan."))
