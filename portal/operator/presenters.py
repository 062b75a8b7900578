"""What the console's templates are given: frame, tones, sizes, sentences of the history."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import localize

from branding.blueprints import BLUEPRINTS, Blueprint
from core.kernel import outbox
from tenants import domain_records, host_names, look_alikes
from tenants.audit_codes import code_of
from tenants.domain_rules import PENDING, DomainState, Problem
from tenants.entitlements import WHITE_LABEL, effective
from tenants.host_names import is_below
from tenants.models import Domain, EntitlementOverride, FailedTask, FailedWork, Organization, OrganizationEvent, Plan
from tenants.operators.models import Operator

VENDOR = "Colonnade"
TONES = {"provisioning": "info", "active": "success", "suspended": "warning", "closing": "danger", "closed": "neutral"}
_NAVIGATION = (
    ("Organizations", "building-2", "operator:organizations", "/organizations/"),
    ("Provision", "rocket", "operator:provision", "/organizations/new/"),
    ("History", "history", "operator:events", "/history/"),
    ("Workers", "server", "operator:workers", "/workers/"),
    ("Design", "palette", "operator:design", "/design/"),
)


class _Person:
    """The operator as the layouts' user menu reads people."""

    is_authenticated = True
    time_zone = "UTC"

    def __init__(self, operator: Operator) -> None:
        self.name, self.email = operator.name, operator.email

    def get_full_name(self) -> str:
        return self.name


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame of every page: name, navigation, and the operator when signed in."""
    values: dict[str, Any] = {"organization": {"name": VENDOR}, "vendor_name": f"{VENDOR} console", "home_url": "/"}
    operator = getattr(request, "operator", None)
    if operator is None:
        return values
    current = max((path for *_, path in _NAVIGATION if request.path.startswith(path)), key=len, default="")
    values["user"] = _Person(operator)
    values["user_zone"] = "UTC"
    values["user_menu"] = [{"label": "Sign out", "icon": "log-out", "url": reverse("operator:sign_out"), "post": True}]
    values["navigation"] = [
        {"label": label, "icon": icon, "url": reverse(name), "current": path == current}
        for label, icon, name, path in _NAVIGATION
    ]
    return values


def row(organization: Organization) -> dict[str, Any]:
    """One line of the list of organizations."""
    primary: Domain | None = next(iter(organization.primary_domains), None)  # type: ignore[attr-defined]
    return {
        "organization": organization,
        "url": reverse("operator:organization", args=[organization.pk]),
        "host": host_names.shown(primary.domain) if primary else "",
        "state": organization.get_state_display().capitalize(),
        "tone": TONES[organization.state],
        "usage": getattr(organization, "usage", None),
        "storage": size(organization.usage.storage_bytes) if hasattr(organization, "usage") else "",
    }


def failing(organization: Organization, counted: FailedWork) -> dict[str, Any]:
    """One line of the list of organizations in which promises fail."""
    return {
        "organization": organization,
        "url": reverse("operator:organization", args=[organization.pk]),
        "counted": counted,
        "what": failure_label(counted),
    }


def failing_task(row: FailedTask, organization: Organization | None) -> dict[str, Any]:
    """One line of the list of background work that fails."""
    return {
        "row": row,
        "whose": organization.name if organization else "The platform",
        "url": reverse("operator:organization", args=[organization.pk]) if organization else "",
        "run_again": reverse("operator:failed_task", args=[row.pk]),
    }


def failure_label(counted: FailedWork) -> str:
    """Which promise failed last, as it is called in the console."""
    return outbox.kind_of(counted.promise).label or counted.promise


def host(domain: Domain, branches: dict[UUID, str] | None = None) -> dict[str, Any]:
    """One line of an organization's hosts; `branches`: what those that have some are called."""
    return {
        "domain": domain,
        "shown": host_names.shown(domain.domain),
        "warning": look_alikes.described(domain.domain),
        "state": DomainState(domain.state),
        "problem": Problem(domain.problem).sentence if domain.problem else "",
        "records": [record for row in domain_records.needed(domain) for record in row]
        if domain.state in PENDING
        else [],
        "is_pending": domain.state in PENDING,
        "can_be_primary": domain.state == DomainState.LIVE and not domain.is_primary and domain.branch_id is None,
        "can_be_vouched_for": is_below(domain.domain, settings.PLATFORM_DOMAIN) and domain.state in PENDING,
        "branch": (branches or {}).get(domain.branch_id, "") if domain.branch_id else "",
        "can_have_branch": not domain.is_primary and domain.state not in (DomainState.DETACHING, DomainState.BLOCKED),
        "is_blocked": domain.state == DomainState.BLOCKED,
    }


def event(happened: OrganizationEvent) -> dict[str, Any]:
    """One entry of the history as a sentence with its details."""
    code = code_of(happened.action)
    return {
        "event": happened,
        "title": code.sentence if code else happened.action,
        "icon": code.icon if code else "circle",
        "tone": code.tone if code else "neutral",
        "details": [_change(field, *pair) for field, pair in happened.changes.items() if len(pair) == 2],
        "url": reverse("operator:organization", args=[happened.organization_id]) if happened.organization_id else "",
    }


def entitlements(organization: Organization, *, now: datetime) -> list[tuple[str, str]]:
    """What the organization has, as people read it: by its plan, and by what was decided beside it."""
    overrides = list(organization.entitlement_overrides.all())
    plan = {held.code: held.limit for held in organization.plan.entitlements.all()}
    held = effective(plan, overrides, now=now)
    held.pop(WHITE_LABEL, None)
    decided = {override.code: _decided(override, now) for override in overrides}
    codes = sorted({*held, *decided}, key=name_of)
    return [(name_of(code), _amount(held, code) + decided.get(code, "")) for code in codes]


def _amount(held: dict[str, int | None], code: str) -> str:
    if code not in held:
        return "not included"
    return "included" if held[code] is None else f"up to {held[code]}"


def _decided(override: EntitlementOverride, now: datetime) -> str:
    """Beside the amount: by whose decision, and until when."""
    if override.until is not None and override.until <= now:
        return ""
    parts = [f"decided by {override.set_by}"]
    if override.until:
        parts.append(f"until {override.until:%-d %B %Y}")
    if override.kept_until and override.kept_until > now:
        parts.append(f"what is there goes on until {override.kept_until:%-d %B %Y}")
    return f" ({', '.join(parts)}: {override.reason})"


def plan_labels(present: Plan | None) -> list[tuple[str, str]]:
    """The plans on offer, each with what it would switch off for who has `present` now."""
    held = {entitlement.code for entitlement in present.entitlements.all()} if present else set()
    labels = []
    for plan in Plan.objects.filter(is_offered=True).prefetch_related("entitlements"):
        lost = sorted(held - {entitlement.code for entitlement in plan.entitlements.all()})
        warning = f" Switches off: {', '.join(name_of(code).lower() for code in lost)}." if lost else ""
        labels.append((plan.code, f"{plan.name}: {plan.description}{warning}"))
    return labels


def name_of(code: str) -> str:
    names = {
        "white_label": "White label", "live": "Live sessions", "group": "People in one session", "own_host": "Web addresses of its own",
        "own_sender": "A sender of its own", "own_fonts": "Fonts of its own", "own_css": "A stylesheet of its own",
        "own_backgrounds": "Backgrounds of its own",
        "branches": "Branches", "storage": "Gigabytes of files", "resources": "Resources of each staff member",
    }  # fmt: skip
    return names.get(code, code.replace("_", " ").capitalize())


def trail(organization: Organization, *pages: str) -> list[dict[str, str]]:
    """The way from the list to a page about one organization."""
    steps = [
        {"label": "Organizations", "url": reverse("operator:organizations")},
        {"label": organization.name, "url": reverse("operator:organization", args=[organization.pk])},
    ]
    return steps + [{"label": label, "url": ""} for label in pages]


def size(number: int) -> str:
    """Bytes as people read them, in powers of 1,000."""
    value = float(number)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{localize(round(value, 1))} TB"


def swatches() -> list[dict[str, Any]]:
    """The blueprints as the form's picker shows them."""
    return [_swatch(blueprint) for blueprint in BLUEPRINTS.values()]


def is_stale(age: timedelta) -> bool:
    """Whether a worker that was last heard of so long ago is taken for dead."""
    return age > timedelta(seconds=60)


def _swatch(blueprint: Blueprint) -> dict[str, Any]:
    return {"blueprint": blueprint, "fonts": f"{blueprint.heading_font} · {blueprint.body_font}"}


def _change(field: str, before: object, after: object) -> str:
    label = field.capitalize()
    if before is None:
        return f"{label}: {after}"
    return f"{label}: {before} → {after}" if after is not None else f"{label}: {before}"
