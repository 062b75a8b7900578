"""Addresses on an organization's own host, for notices, mail and files: alike from wherever they are asked for."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from tenants import context
from tenants.models import Domain


def primary_host() -> str:
    """Return the host that links lead to: of the branch in force, where it has one that is served, else the organization's primary one.

    Kept on the organization object after the first look.
    """
    known, branch = _known_hosts(), context.current().branch
    return (branch and known.get(branch)) or known.get(None) or "localhost"


def organization_host() -> str:
    """Return the primary host of the organization itself, whatever branch is in force: for what must never become another."""
    return _known_hosts().get(None) or "localhost"


def _known_hosts() -> dict[UUID | None, str]:
    organization = context.current_organization()
    known: dict[UUID | None, str] | None = organization.__dict__.get("_primary_host")
    if known is None:
        with context.public_context():
            held = sorted(Domain.objects.filter(tenant=organization, verified_at__isnull=False), key=_preference)
        known = {}
        for domain in held:
            if domain.serves_branch:
                known.setdefault(domain.branch_id, domain.domain)
            else:
                known.setdefault(None, domain.domain)
        organization.__dict__["_primary_host"] = known
    return known


def path_of(name: str, *args: object, **kwargs: object) -> str:
    """Return the path of an organization's page by the name of its URL.

    Not Django's `reverse` alone: that goes by the host of the request at hand, and webhooks and the console are served under the operator's.
    """
    return reverse(name, args=args, kwargs=kwargs, urlconf=settings.ROOT_URLCONF)


def absolute_url(path: str) -> str:
    """Return the address of `path` on the host that links lead to: `/invoices/` -> `https://clinic.example/invoices/`."""
    return host_url(primary_host(), path)


def host_url(host: str, path: str) -> str:
    """Return the address of `path` on a host."""
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{host}{port}{path}"


def _preference(domain: Domain) -> tuple[bool, bool, bool, bool, str]:
    """The primary host; while nobody knows whose it is now, or another trouble keeps it away, one that works, first the platform's own."""
    return (
        not domain.is_served,
        not domain.is_primary,
        domain.redirects_at is not None,
        not domain.is_the_platforms,
        domain.domain,
    )
