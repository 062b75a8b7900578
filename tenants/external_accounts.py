"""Accounts at outside systems: which organization they belong to."""

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from tenants import context
from tenants.models import ExternalAccount, Organization


def link_account(kind: str, external_id: str) -> None:
    """Tie an outside account (kind "stripe", id "acct_…") to the organization in force.

    Error `account_taken` when it belongs to another organization; linking one's own again changes nothing.
    """
    organization = context.current_organization()
    with context.public_context():
        account, _ = ExternalAccount.objects.get_or_create(
            kind=kind,
            external_id=external_id,
            defaults={"organization": organization, "created_at": clock.now()},
        )
    if account.organization_id != organization.pk:
        raise DomainError("account_taken", translate("This account is in use by another organization."))


def find_organization(kind: str, external_id: str) -> Organization | None:
    """Return the organization that the outside account belongs to, or None."""
    with context.public_context():
        account = (
            ExternalAccount.objects.select_related("organization__plan")
            .filter(kind=kind, external_id=external_id)
            .first()
        )
    return account.organization if account else None
