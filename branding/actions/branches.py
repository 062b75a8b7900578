"""Branches: places or lines of the organization under looks of their own, with hosts and people that belong to them (ADR 38)."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from branding.actions.branch_facts import label_taken, put_on_branch
from branding.actions.looks import announce, forget_pictures, hold, hold_brand, note_version, pictures_of
from branding.audit_codes import BrandingAudit
from branding.branch_hosts import hosts_of
from branding.branch_uses import is_used
from branding.models import Branch
from branding.queries import draft_of, versions_of
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from tenants import context, domains, entitlements
from tenants.domain_events import Author
from tenants.models import Domain

MOST = 50


@transaction.atomic
def add_branch(*, by: Any, now: datetime, **wanted: Any) -> Branch:
    """Add a branch. Errors: `not_in_plan`, `branches_full`, `label_taken`, and those of `put_on_branch`."""
    entitlements.require(entitlements.BRANCHES, translate("Branches with a look of their own need another plan."))
    hold_brand()
    if Branch.objects.count() >= MOST:
        sentence = translate("There are %(most)s branches already. Delete one that is not used.", most=MOST)
        raise DomainError("branches_full", sentence)
    branch = Branch(created_at=now, changed_at=now)
    changes = put_on_branch(branch, wanted)
    try:
        with transaction.atomic():
            branch.save()
    except IntegrityError as error:
        raise label_taken() from error
    note_version(branch, author=by, now=now)
    audit.record(BrandingAudit.BRANCH_ADDED, by=by, subject=branch, changes=changes)
    announce()
    return branch


@transaction.atomic
def close_branch(branch: Branch, *, by: Any, now: datetime) -> Branch:
    """Meet people as the organization again: also those of the branch, and under its hosts. Again changes nothing."""
    hold(branch)
    if branch.is_active:
        for domain in hosts_of(branch):
            give_host(domain.pk, branch=None, by=by, now=now)
        _set_active(branch, is_active=False, by=by, now=now)
    return branch


@transaction.atomic
def open_branch(branch: Branch, *, by: Any, now: datetime) -> Branch:
    """Meet people as the branch again. Its hosts are given anew. Again changes nothing. Error `not_in_plan`."""
    entitlements.require(entitlements.BRANCHES, translate("Branches with a look of their own need another plan."))
    hold(branch)
    if not branch.is_active:
        _set_active(branch, is_active=True, by=by, now=now)
    return branch


@transaction.atomic
def delete_branch(branch: Branch, *, by: Any, now: datetime) -> None:
    """Delete a branch to which nobody and nothing belongs. Again changes nothing. Error `branch_used`."""
    hold_brand()
    if not Branch.objects.filter(pk=branch.pk).exists():
        return
    names = {name for look in (branch, draft_of(branch), *versions_of(branch)) if look for name in pictures_of(look)}
    if is_used(branch):
        raise _used(branch)
    audit.record(BrandingAudit.BRANCH_DELETED, by=by, subject=branch, changes={"label": [branch.label, ""]})
    try:
        with transaction.atomic():
            branch.delete()
    except ProtectedError as error:
        raise _used(branch) from error
    announce()
    forget_pictures(names)


@transaction.atomic
def give_host(domain_id: int, *, branch: Branch | None, by: Author, now: datetime) -> Domain:
    """Let a host of the organization in force lead to this branch; None: to the organization itself.

    Errors: `branch_closed`, `not_in_plan`, and those of `domains.give_to_branch`.
    """
    if branch is not None:
        entitlements.require(
            entitlements.BRANCHES, translate("Branches with a look of their own need another plan."), field="branch"
        )
        hold(branch)
        if not branch.is_active:
            raise DomainError(
                "branch_closed", translate("%(branch)s is not active.", branch=branch.label), field="branch"
            )
    return domains.give_to_branch(
        context.current_organization().pk,
        domain_id,
        branch=branch.pk if branch else None,
        by=by,
        now=now,
    )


def _set_active(branch: Branch, *, is_active: bool, by: Any, now: datetime) -> None:
    branch.is_active, branch.changed_at = is_active, now
    branch.save(update_fields=["is_active", "changed_at"])
    code = BrandingAudit.BRANCH_OPENED if is_active else BrandingAudit.BRANCH_CLOSED
    audit.record(code, by=by, subject=branch, changes={"is_active": [not is_active, is_active]})
    announce()


def _used(branch: Branch) -> ConflictError:
    sentence = translate("Somebody or something belongs to %(branch)s. Make it inactive instead.", branch=branch)
    return ConflictError("branch_used", sentence)
