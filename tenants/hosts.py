"""Host name -> organization, from a cache in the process that a change to a domain, organization or plan clears in every process.

With the database away, what was known stays known; with the cache server away, changes made elsewhere arrive when entries expire.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.db import transaction

from core.kernel import clock
from tenants import context, outages
from tenants.host_names import normalize
from tenants.models import Domain, Organization

KNOWN_SECONDS = 30.0
UNKNOWN_SECONDS = 5.0
MOST_HOSTS = 20_000
_GENERATION_KEY = "hosts:generation"
_GENERATION_SECONDS = 1.0


@dataclass(slots=True)
class Known:
    """What is known of a host: whose it is, where it leads instead and from when on, whether search engines may list it, and of which branch
    it is."""

    expires: float
    organization: Organization | None
    leads_to: str = ""
    leads_from: datetime | None = None
    is_listed: bool = True
    branch: UUID | None = None

    @property
    def state(self) -> context.State:
        """What is in force for whoever comes by this host."""
        assert self.organization is not None
        return context.State(self.organization.schema_name, self.organization, self.branch)

    def canonical_host(self) -> str:
        """The primary host, when this one leads there by now; else empty."""
        return self.leads_to if self.leads_from is not None and self.leads_from <= clock.now() else ""


_entries: dict[str, Known] = {}
_epoch = 0  # counts what was forgotten, so that a row read before a change is not kept after it
_seen_generation: Any = None
_next_look = 0.0


def is_operator_host(host: str) -> bool:
    return normalize(host) == normalize(settings.OPERATOR_HOST)


def find_organization(host: str) -> Organization | None:
    """Return the organization served under `host`, or None: see `find`."""
    return find(host).organization


def find(host: str) -> Known:
    """Return what is known of `host`. No database round trip while the entry is warm.

    A closed organization is not found. With the database away, an entry that has expired still answers; a host never seen raises.
    """
    name = normalize(host)
    now = time.monotonic()
    _follow_generation(now)
    entry = _entries.get(name)
    if entry is not None and entry.expires >= now:
        return entry
    try:
        return _load(name, now)
    except outages.DATABASE_ERRORS:
        if entry is None or entry.organization is None:
            raise
        entry.expires = now + UNKNOWN_SECONDS
        return entry


def known_schema(host: str) -> str:
    """The schema of the organization under `host` as far as this process remembers it, the console's, or nobody's: asks nothing and nobody."""
    try:
        name = normalize(host.partition(":")[0])
    except UnicodeError:
        return context.NOBODY
    if is_operator_host(name):
        return context.PUBLIC
    entry = _entries.get(name)
    return entry.organization.schema_name if entry and entry.organization else context.NOBODY


def forget_all(**_: Any) -> None:
    """Clear the cache here at once, and everywhere within a second of the commit."""
    _forget_here()
    transaction.on_commit(_forget_everywhere)


def _forget_here() -> None:
    """Entries are overdue, not gone: with the database away an old answer is better than none."""
    global _epoch
    _epoch += 1
    for entry in list(_entries.values()):
        entry.expires = 0.0


def _forget_everywhere() -> None:
    _forget_here()
    with context.public_context():
        caches["default"].set(_GENERATION_KEY, time.time_ns(), timeout=None)


def _load(name: str, now: float) -> Known:
    epoch = _epoch
    with context.public_context():
        rows = Domain.objects.select_related("tenant__plan").prefetch_related(
            "tenant__plan__entitlements", "tenant__entitlement_overrides"
        )
        domain = rows.filter(domain=name, verified_at__isnull=False).first()
        known = _known(domain) if domain is not None and domain.is_served else Known(0, None)
    known.expires = now + (KNOWN_SECONDS if known.organization else UNKNOWN_SECONDS)
    if epoch == _epoch:
        if len(_entries) >= MOST_HOSTS:
            _entries.clear()
        _entries[name] = known
    return known


def _known(domain: Domain) -> Known:
    organization = domain.tenant
    if organization.state == Organization.State.CLOSED:
        return Known(0, None)
    organization.known_allowances = {held.code: held.limit for held in organization.plan.entitlements.all()}
    organization.known_overrides = list(organization.entitlement_overrides.all())
    if domain.is_primary:
        return Known(0, organization)
    if domain.serves_branch:
        return Known(0, organization, branch=domain.branch_id)
    primary = organization.domains.filter(is_primary=True, verified_at__isnull=False).first()
    if primary is None or not primary.is_served:
        return Known(0, organization)
    is_listed = not domain.is_the_platforms and domain.redirects_at is None
    return Known(0, organization, primary.domain, domain.redirects_at, is_listed)


def _follow_generation(now: float) -> None:
    """Drop everything when another process has changed a domain; asked at most once a second."""
    global _seen_generation, _next_look
    if now < _next_look:
        return
    _next_look = now + _GENERATION_SECONDS
    with context.public_context():
        generation = caches["default"].get(_GENERATION_KEY, _seen_generation)
    if generation != _seen_generation:
        _forget_here()
        _seen_generation = generation
