"""A new organization: row, domain, schema from the template, then whatever the apps above want to put in, in one transaction."""

import re
import secrets
import string
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from core.kernel import clock, unseen
from core.kernel.errors import ConflictError, DomainError
from core.kernel.plain_text import require_plain
from tenants import context, events, host_names, look_alikes, rights
from tenants.audit_codes import PlatformAudit
from tenants.models import Domain, Organization, Plan
from tenants.signals import organization_created

_SLUG = re.compile(r"^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$")
_ALPHABET = string.ascii_lowercase + string.digits


def provision_organization(
    *,
    name: str,
    host: str,
    plan: str,
    owner_email: str,
    owner_name: str,
    blueprint: str,
    by: str,
    slug: str = "",
    now: datetime | None = None,
    is_meant: bool = False,
    **extra: object,
) -> Organization:
    """Create an organization that is usable at once: all of it, or nothing.

    `blueprint` names the brand and words to start from; receivers of `organization_created` fill the new schema (brand, site, owner's
    invitation) in the same transaction. Called again for an organization that exists under this slug and host, it returns that one.
    The host is served at once, so it lies below the platform's domain: any other is added afterwards, and proved. `is_meant` confirms letters
    in it that look like others.
    Errors: `name_invalid`, `slug_invalid`, `email_invalid`, `host_invalid`, `host_reserved`, `host_foreign`, `host_look_alike`, `plan_unknown`,
    `slug_taken`, `domain_taken`.
    """
    wanted = _read(name=name, slug=slug, host=host, owner_email=owner_email, owner_name=owner_name)
    with context.public_context():
        if (existing := _existing(wanted)) is not None:
            return existing
        found_plan = Plan.objects.filter(code=plan).first()
        if found_plan is None:
            raise DomainError("plan_unknown", f"There is no plan “{plan}”.", field="plan")
        _check_host(wanted.host, is_meant)
        try:
            with transaction.atomic():
                organization = _create(wanted, found_plan, by, now or clock.now())
                with context.organization_context(organization):
                    organization_created.send(
                        Organization,
                        organization=organization,
                        owner_email=wanted.owner_email,
                        owner_name=wanted.owner_name,
                        blueprint=blueprint,
                        **extra,
                    )
        except IntegrityError as error:
            # Somebody may have asked for the same a moment ago: then theirs is ours.
            if (existing := _existing(wanted)) is not None:
                return existing
            raise _taken(error, wanted) from error
    return organization


@dataclass(frozen=True)
class _Wanted:
    """What was asked for, checked."""

    name: str
    slug: str
    host: str
    owner_email: str
    owner_name: str


def _read(*, name: str, slug: str, host: str, owner_email: str, owner_name: str) -> _Wanted:
    require_plain(name, owner_name)
    name, owner_email = " ".join(unseen.one_line(name).split()), unseen.address(owner_email)
    if not 2 <= len(name) <= 120:
        raise DomainError("name_invalid", "Give the organization a name of 2 to 120 characters.", field="name")
    slug = slug.strip() or slugify(name)[:60].strip("-")
    if not _SLUG.match(slug):
        message = "A short name has 2 to 60 lower-case letters, digits and hyphens, like river-clinic."
        raise DomainError("slug_invalid", message, field="slug")
    try:
        validate_email(owner_email)
    except ValidationError as error:
        message = f"“{owner_email}” is not an e-mail address."
        raise DomainError("email_invalid", message, field="owner_email") from error
    domain = host_names.read(host, reserved=host_names.normalize(settings.OPERATOR_HOST))
    return _Wanted(name, slug, domain, owner_email, " ".join(unseen.one_line(owner_name).split()))


def _check_host(host: str, is_meant: bool) -> None:
    if not host_names.is_below(host, settings.PLATFORM_DOMAIN):
        message = (
            f"{host_names.shown(host)} is not below {settings.PLATFORM_DOMAIN}. Begin with a host below it; the organization's own host is "
            "added on its page, and served once its DNS record proves whose it is."
        )
        raise DomainError("host_foreign", message, field="host")
    look_alikes.check_meant(host, is_meant)


def _existing(wanted: _Wanted) -> Organization | None:
    return Organization.objects.select_related("plan").filter(slug=wanted.slug, domains__domain=wanted.host).first()


def _create(wanted: _Wanted, plan: Plan, by: str, now: datetime) -> Organization:
    organization = Organization.objects.create(
        schema_name=new_schema_name(),
        name=wanted.name,
        slug=wanted.slug,
        plan=plan,
        owner_email=wanted.owner_email,
        state=Organization.State.ACTIVE,
        created_at=now,
        activated_at=now,
    )
    Domain.objects.create(tenant=organization, domain=wanted.host, is_primary=True, verified_at=now)
    changes = {"host": [None, wanted.host], "plan": [None, plan.code]}
    events.record(PlatformAudit.ORGANIZATION_PROVISIONED, organization=organization, by=by, now=now, changes=changes)
    organization.migration_digest = rights.create_schema(organization.schema_name)
    organization.save(update_fields=["migration_digest"])
    return organization


def new_schema_name() -> str:
    return "t_" + "".join(secrets.choice(_ALPHABET) for _ in range(10))


def _taken(error: IntegrityError, wanted: _Wanted) -> DomainError:
    if "domain" in str(error):
        host = host_names.shown(wanted.host)
        return ConflictError("domain_taken", f"The host {host} belongs to another organization.", field="host")
    if "slug" in str(error):
        return ConflictError("slug_taken", f"The short name “{wanted.slug}” is taken.", field="slug")
    raise error
