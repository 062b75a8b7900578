"""The hosts of an organization: added unproven, verified by a DNS record, and only then served."""

import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import dns.exception
import dns.resolver
from django.conf import settings
from django.db import IntegrityError, transaction

from core.kernel.errors import ConflictError, DomainError, GatewayError, NotFound
from tenants import context, entitlements, events, host_names, look_alikes
from tenants.audit_codes import PlatformAudit
from tenants.lifecycle import locked
from tenants.models import Domain, Organization
from tenants.signals import primary_host_changed

LABEL = "_verify"
LOOKUP_SECONDS = 5.0
Lookup = Callable[[str], list[str]]


def add_domain(organization_id: UUID, *, host: str, by: str, now: datetime, is_meant: bool = False) -> Domain:
    """Add a host that is served once it is verified; `is_meant` confirms letters that look like others.

    Errors: `host_invalid`, `host_reserved`, `host_look_alike`, `domain_taken`, `plan_too_small`.
    """
    name = host_names.read(host, reserved=host_names.normalize(settings.OPERATOR_HOST))
    look_alikes.check_meant(name, is_meant)
    with context.public_context():
        try:
            with transaction.atomic():
                organization = locked(organization_id)
                entitlements.check_hosts(organization.plan, name)
                token = secrets.token_hex(16)
                domain = Domain.objects.create(
                    tenant=organization, domain=name, is_primary=False, verification_token=token
                )
                events.record(
                    PlatformAudit.DOMAIN_ADDED,
                    organization=organization,
                    by=by,
                    now=now,
                    changes={"host": [None, name]},
                )
        except IntegrityError as error:
            message = f"The host {host_names.shown(name)} is in use already."
            raise ConflictError("domain_taken", message, field="host") from error
    return domain


def verify_domain(
    organization_id: UUID, domain_id: int, *, by: str, now: datetime, lookup: Lookup | None = None
) -> Domain:
    """Look for the proof in the DNS: a TXT record `_verify.<host>` with the domain's token. Again for a verified one changes nothing.

    Errors: `proof_missing` with what to enter; GatewayError when the DNS does not answer.
    """
    domain = _find(organization_id, domain_id)
    if domain.verified_at is not None:
        return domain
    wanted = domain.verification_token
    if not wanted or wanted not in (lookup or look_up)(f"{LABEL}.{domain.domain}"):
        name = f"{LABEL}.{domain.domain}"
        raise DomainError("proof_missing", f"The DNS has no TXT record {name} with the value {wanted} yet.")
    return _mark_verified(domain, by=by, now=now, note="by DNS record")


def vouch_for_domain(organization_id: UUID, domain_id: int, *, reason: str, by: str, now: datetime) -> Domain:
    """Serve a host on an operator's word: one that the platform itself hands out, below its own domain. Errors: `reason_missing`, `host_foreign`."""
    if not reason.strip():
        raise DomainError("reason_missing", "Say how you know; the reason is kept in the history.", field="reason")
    domain = _find(organization_id, domain_id)
    if not can_be_vouched_for(domain):
        host = host_names.shown(domain.domain)
        raise DomainError(
            "host_foreign", f"{host} is not the platform's to give. It is served once its DNS record is found."
        )
    return domain if domain.verified_at else _mark_verified(domain, by=by, now=now, note=reason.strip())


def can_be_vouched_for(domain: Domain) -> bool:
    """Whether the host is the platform's own to hand out; whose any other is, only the DNS can say."""
    return host_names.is_below(domain.domain, settings.PLATFORM_DOMAIN)


def make_primary(organization_id: UUID, domain_id: int, *, by: str, now: datetime) -> Domain:
    """Make this the host that links in mail point to, and announce it. Again for the primary one changes nothing. Error: `domain_unverified`."""
    with context.public_context(), transaction.atomic():
        organization = locked(organization_id)
        domain = _find(organization_id, domain_id)
        if domain.verified_at is None:
            raise ConflictError("domain_unverified", "Verify the host first; links to it would lead nowhere.")
        if domain.is_primary:
            return domain
        organization.domains.filter(is_primary=True).update(is_primary=False)
        domain.is_primary = True
        domain.save()
        changes = {"primary": [None, domain.domain]}
        events.record(PlatformAudit.DOMAIN_MADE_PRIMARY, organization=organization, by=by, now=now, changes=changes)
        with context.organization_context(organization):
            primary_host_changed.send(Organization, host=domain.domain)
    return domain


def remove_domain(organization_id: UUID, domain_id: int, *, by: str, now: datetime) -> None:
    """Stop serving a host. Error: `domain_primary`, because an organization without a host cannot be reached."""
    with context.public_context(), transaction.atomic():
        organization = locked(organization_id)
        domain = _find(organization_id, domain_id)
        if domain.is_primary:
            raise ConflictError("domain_primary", "This is the primary host. Make another one primary first.")
        domain.delete()
        changes = {"host": [domain.domain, None]}
        events.record(PlatformAudit.DOMAIN_REMOVED, organization=organization, by=by, now=now, changes=changes)


def look_up(name: str) -> list[str]:
    """Return the TXT records of a DNS name; none when it does not exist."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=LOOKUP_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise GatewayError("The DNS does not answer. Try again in a minute.", permanent=False, code="dns") from error
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def _find(organization_id: UUID, domain_id: int) -> Domain:
    with context.public_context():
        domain = Domain.objects.select_related("tenant").filter(tenant=organization_id, pk=domain_id).first()
    if domain is None:
        raise NotFound
    return domain


def _mark_verified(domain: Domain, *, by: str, now: datetime, note: str) -> Domain:
    with context.public_context(), transaction.atomic():
        domain.verified_at = now
        domain.save(update_fields=["verified_at"])
        changes = {"verified": [None, domain.domain]}
        events.record(
            PlatformAudit.DOMAIN_VERIFIED, organization=domain.tenant, by=by, now=now, note=note, changes=changes
        )
    return domain
