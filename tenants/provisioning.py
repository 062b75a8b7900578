"""A new organization: row, domain, schema from the template, then whatever the rooms above want to put in, in one transaction."""

import secrets
import string
from functools import lru_cache

from django.db import IntegrityError, connection, transaction

from core.kernel import clock
from core.kernel.errors import DomainError
from tenants import context, hosts, schema_script
from tenants.models import Domain, Organization, OrganizationEvent, Plan
from tenants.signals import organization_created

_ALPHABET = string.ascii_lowercase + string.digits


def provision_organization(
    *,
    name: str,
    slug: str,
    host: str,
    plan: str,
    owner_email: str,
    owner_name: str,
    blueprint: str,
    by: str,
    **extra: object,
) -> Organization:
    """Create an organization that is usable at once: all of it, or nothing.

    `blueprint` names the brand and words to start from; receivers of `organization_created` fill the new schema (brand, site, owner's
    invitation) in the same transaction. Called again for an organization that exists under this slug and host, it returns that one.
    Errors: `plan_unknown`, `slug_taken`, `domain_taken`, `host_invalid`.
    """
    domain = hosts.normalize(host)
    with context.public_context():
        found_plan = Plan.objects.filter(code=plan).first()
        if found_plan is None:
            raise DomainError("plan_unknown", f"There is no plan “{plan}”.", field="plan")
        existing = Organization.objects.filter(slug=slug, domains__domain=domain).first()
        if existing is not None:
            return existing
        try:
            with transaction.atomic():
                organization = _create_rows(name, slug, domain, found_plan, owner_email, by)
                schema_script.replay(_template_script(_template_digest()), organization.schema_name)
                with context.organization_context(organization):
                    organization_created.send(
                        Organization,
                        organization=organization,
                        owner_email=owner_email,
                        owner_name=owner_name,
                        blueprint=blueprint,
                        **extra,
                    )
        except IntegrityError as error:
            raise _taken(error, slug, domain) from error
    hosts.forget_all()
    return organization


def _create_rows(name: str, slug: str, domain: str, plan: Plan, owner_email: str, by: str) -> Organization:
    now = clock.now()
    organization = Organization.objects.create(
        schema_name=new_schema_name(),
        name=name,
        slug=slug,
        plan=plan,
        owner_email=owner_email,
        state=Organization.State.ACTIVE,
        created_at=now,
        activated_at=now,
        migration_digest=_template_digest(),
    )
    Domain.objects.create(tenant=organization, domain=domain, is_primary=True, verified_at=now)
    OrganizationEvent.objects.create(organization=organization, at=now, action="organization.provisioned", actor=by)
    return organization


def new_schema_name() -> str:
    return "t_" + "".join(secrets.choice(_ALPHABET) for _ in range(10))


def _taken(error: IntegrityError, slug: str, domain: str) -> DomainError:
    if "domain" in str(error):
        return DomainError("domain_taken", f"The host {domain} belongs to another organization.", field="host")
    if "slug" in str(error):
        return DomainError("slug_taken", f"The short name “{slug}” is taken.", field="slug")
    raise error


def _template_digest() -> str:
    """A digest of the migrations applied to the template: the key under which its script is kept."""
    with context.schema_context(context.TEMPLATE), connection.cursor() as cursor:
        cursor.execute("SELECT md5(string_agg(app || '.' || name, ',' ORDER BY app, name)) FROM django_migrations")
        return cursor.fetchone()[0]


@lru_cache(maxsize=2)
def _template_script(digest: str) -> str:
    return schema_script.compile_schema(context.TEMPLATE)
