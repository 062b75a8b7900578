"""Passkeys and the web addresses that they belong to: a browser offers one only where it was made."""

import hashlib
from uuid import UUID

from allauth.mfa.models import Authenticator

from core.people.models import User
from tenants import domains
from tenants.context import current_organization
from tenants.domain_rules import DomainState
from tenants.models import Domain


def passkeys_of(user_id: UUID) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user_id, type=Authenticator.Type.WEBAUTHN).order_by("pk"))


def belongs_to(passkey: Authenticator, host: str) -> bool:
    """Whether it was made at this host: it keeps the digest of the name."""
    if not passkey.data.get("credential"):
        return False
    digest: bytes = passkey.wrap().authenticator_data.rp_id_hash
    return digest == hashlib.sha256(host.encode()).digest()


def works_at(passkeys: list[Authenticator], host: str) -> bool:
    return any(belongs_to(passkey, host) for passkey in passkeys)


def hosts_where_used(passkeys: list[Authenticator], *, but: str) -> list[Domain]:
    """The organization's other hosts that are answered and where one of these works."""
    return [host for host in _answered() if host.domain != but and works_at(passkeys, host.domain)]


def left_behind(host: str) -> list[User]:
    """Those who may sign in and have passkeys, but none that works at this host."""
    return [passkeys[0].user for passkeys in _by_person() if not works_at(passkeys, host)]


def who_need(host: str) -> list[User]:
    """Those who may sign in and have passkeys that work at this host, and none at another one that is answered."""
    others = [other.domain for other in _answered() if other.domain != host]
    return [passkeys[0].user for passkeys in _by_person() if _needs(passkeys, host, others)]


def needs_host(user_id: UUID, host: str) -> bool:
    """Whether this person is one of them."""
    return _needs(passkeys_of(user_id), host, [other.domain for other in _answered() if other.domain != host])


def is_left_behind(user_id: UUID, host: str) -> bool:
    """Whether this person has passkeys, and none that works at this host."""
    passkeys = passkeys_of(user_id)
    return bool(passkeys) and not works_at(passkeys, host)


def _needs(passkeys: list[Authenticator], host: str, others: list[str]) -> bool:
    return works_at(passkeys, host) and not any(works_at(passkeys, other) for other in others)


def _answered() -> list[Domain]:
    return [host for host in domains.hosts_of(current_organization().pk) if host.is_served]


def _by_person() -> list[list[Authenticator]]:
    found: dict[UUID, list[Authenticator]] = {}
    rows = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, user__is_active=True)
    for passkey in rows.select_related("user").order_by("user"):
        found.setdefault(passkey.user_id, []).append(passkey)
    return list(found.values())


def goes(host: str) -> tuple[bool, bool]:
    """Whether the organization gives this address back, or is not reached at it any more; and whether it still takes what was made there."""
    found = next((each for each in domains.hosts_of(current_organization().pk) if each.domain == host), None)
    if found is None:
        return True, False
    return found.state == DomainState.DETACHING or not found.is_served, found.is_served
