"""A link to the records of one host, for whoever sets them and has no login here: signed, for two weeks, and ended at any time."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction

from core.kernel.errors import ConflictError, NotFound
from core.kernel.translation import translate
from tenants import context, domains
from tenants.audit_codes import DomainAudit, PlatformAudit
from tenants.domain_events import Author, note
from tenants.domain_rules import DomainState
from tenants.models import Domain

VALID = timedelta(days=14)


def make_link(organization_id: UUID, domain_id: int, *, by: Author, now: datetime) -> Domain:
    """Make a new link; one that was made before opens nothing any more. Error: `state_wrong` for a host that needs no records."""
    with context.public_context(), transaction.atomic():
        domain = domains.find(organization_id, domain_id)
        if domain.is_the_platforms or domain.state == DomainState.BLOCKED:
            raise ConflictError("state_wrong", translate("This web address needs no records."))
        domain.share_key, domain.share_until = secrets.token_hex(16), now + VALID
        domain.save(update_fields=["share_key", "share_until"])
        note(domain, PlatformAudit.DOMAIN_SHARED, DomainAudit.HOST_SHARED, by=by, now=now, changes={})
    return domain


def end_link(organization_id: UUID, domain_id: int, *, by: Author, now: datetime) -> Domain:
    """Let the link open nothing from now on. Again changes nothing."""
    with context.public_context(), transaction.atomic():
        domain = domains.find(organization_id, domain_id)
        if domain.share_key:
            domain.share_key, domain.share_until = "", None
            domain.save(update_fields=["share_key", "share_until"])
            note(domain, PlatformAudit.DOMAIN_SHARE_ENDED, DomainAudit.HOST_SHARE_ENDED, by=by, now=now, changes={})
    return domain


def token_of(domain: Domain, *, now: datetime) -> str:
    """The part of the link that opens the page; empty when there is no link in force."""
    if not domain.share_key or domain.share_until is None or domain.share_until <= now:
        return ""
    return signing.dumps([domain.pk, domain.share_key], salt=_salt(domain.tenant.schema_name))


def open_link(token: str, *, now: datetime) -> Domain:
    """The host of a link, of the organization in force; NotFound for one that is forged, ended, too old, or another organization's."""
    organization = context.current_organization()
    try:
        pk, key = signing.loads(token, salt=_salt(organization.schema_name))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    domain = domains.find(organization.pk, pk)
    if not secrets.compare_digest(domain.share_key, key) or not token_of(domain, now=now):
        raise NotFound
    return domain


def _salt(schema: str) -> str:
    return f"domain-records:{schema}"
