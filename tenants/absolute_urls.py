"""Addresses on an organization's own host, for notices, mail and files: alike from wherever they are asked for."""

from django.conf import settings
from django.urls import reverse

from tenants import context
from tenants.models import Domain


def primary_host() -> str:
    """Return the primary host of the organization in force; kept on the organization object after the first look."""
    organization = context.current_organization()
    known = organization.__dict__.get("_primary_host")
    if known is None:
        with context.public_context():
            held = Domain.objects.filter(tenant=organization, verified_at__isnull=False)
            known = min(held, key=_preference, default=None)
        known = known.domain if known else None
        organization.__dict__["_primary_host"] = known
    return known or "localhost"


def path_of(name: str, *args: object, **kwargs: object) -> str:
    """Return the path of an organization's page by the name of its URL.

    Not Django's `reverse` alone: that goes by the host of the request at hand, and webhooks and the console are served under the operator's.
    """
    return reverse(name, args=args, kwargs=kwargs, urlconf=settings.ROOT_URLCONF)


def absolute_url(path: str) -> str:
    """Return the address of `path` on the primary host: `/invoices/` -> `https://clinic.example/invoices/`."""
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
