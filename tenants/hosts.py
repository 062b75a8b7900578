"""Host name -> organization, from a cache in the process that a change to a domain or organization clears in every process."""

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches

from tenants import context
from tenants.models import Domain, Organization

KNOWN_SECONDS = 30.0
UNKNOWN_SECONDS = 5.0
MOST_HOSTS = 20_000
_GENERATION_KEY = "hosts:generation"
_GENERATION_SECONDS = 1.0


@dataclass(slots=True)
class _Entry:
    expires: float
    organization: Organization | None


_entries: dict[str, _Entry] = {}
_seen_generation: Any = None
_generation_checked = 0.0


def normalize(host: str) -> str:
    """Return the host as domains are stored: no port, lower case, no trailing dot, punycode."""
    name = host.rsplit(":", 1)[0] if host.count(":") == 1 else host
    name = name.strip().lower().rstrip(".")
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    return name


def is_operator_host(host: str) -> bool:
    return normalize(host) == normalize(settings.OPERATOR_HOST)


def find_organization(host: str) -> Organization | None:
    """Return the organization served under `host`, or None. No database round trip while the entry is warm."""
    name = normalize(host)
    now = time.monotonic()
    _follow_generation(now)
    entry = _entries.get(name)
    if entry is None or entry.expires < now:
        entry = _load(name, now)
    return entry.organization


def forget_all(**_: Any) -> None:
    """Clear the cache here and, through the shared generation, in every other process within a second."""
    _entries.clear()
    with context.public_context():
        caches["default"].set(_GENERATION_KEY, time.time_ns(), timeout=None)


def _load(name: str, now: float) -> _Entry:
    with context.public_context():
        domain = Domain.objects.select_related("tenant__plan").filter(domain=name, verified_at__isnull=False).first()
    organization = domain.tenant if domain else None
    if organization is not None and organization.state == Organization.State.CLOSED:
        organization = None
    if len(_entries) >= MOST_HOSTS:
        _entries.clear()
    entry = _Entry(now + (KNOWN_SECONDS if organization else UNKNOWN_SECONDS), organization)
    _entries[name] = entry
    return entry


def _follow_generation(now: float) -> None:
    """Drop everything when another process has changed a domain; asked at most once a second."""
    global _seen_generation, _generation_checked
    if now - _generation_checked < _GENERATION_SECONDS:
        return
    _generation_checked = now
    with context.public_context():
        generation = caches["default"].get(_GENERATION_KEY)
    if generation != _seen_generation:
        _entries.clear()
        _seen_generation = generation
