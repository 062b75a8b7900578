"""Branches: places or lines of the organization under looks of their own, with hosts and people that belong to them (ADR 38)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from branding.actions.looks import announce, forget_pictures, hold_brand, pictures_of, told
from branding.audit_codes import BrandingAudit
from branding.branch_hosts import hosts_of
from branding.branch_uses import is_used
from branding.images import ground_of
from branding.models import BRANCH_CONTACT, BRANCH_LOOK, Branch
from branding.queries import branded
from core.kernel import audit, unseen
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from tenants import context, domains, entitlements
from tenants.domain_events import Author
from tenants.models import Domain

MOST = 50
CHANGEABLE = ("label", *BRANCH_LOOK, *BRANCH_CONTACT)


@transaction.atomic
def add_branch(*, by: Any, now: datetime, **wanted: Any) -> Branch:
    """Add a branch. Errors: `not_in_plan`, `branches_full`, and those of `change_branch`."""
    entitlements.require(entitlements.BRANCHES, translate("Branches with a look of their own need another plan."))
    hold_brand()
    if Branch.objects.count() >= MOST:
        sentence = translate("There are %(most)s branches already. Delete one that is not used.", most=MOST)
        raise DomainError("branches_full", sentence)
    branch = Branch(created_at=now)
    changes = _put_on(branch, wanted, now=now)
    audit.record(BrandingAudit.BRANCH_ADDED, by=by, subject=branch, changes=changes)
    _announce()
    return branch


@transaction.atomic
def change_branch(branch: Branch, *, by: Any, now: datetime, **wanted: Any) -> Branch:
    """Change what the branch has otherwise than the organization; it holds at once.

    Errors: `label_missing`, `label_taken`, `color_invalid`, `accent_alone` for a second colour without a main one.
    """
    _hold(branch)
    before = pictures_of(branch)
    if changes := _put_on(branch, wanted, now=now):
        audit.record(BrandingAudit.BRANCH_CHANGED, by=by, subject=branch, changes=changes)
        _announce()
        forget_pictures(before)
    return branch


@transaction.atomic
def close_branch(branch: Branch, *, by: Any, now: datetime) -> Branch:
    """Meet people as the organization again: also those of the branch, and under its hosts. Again changes nothing."""
    _hold(branch)
    if branch.is_active:
        for domain in hosts_of(branch):
            give_host(domain.pk, branch=None, by=by, now=now)
        _set_active(branch, is_active=False, by=by, now=now)
    return branch


@transaction.atomic
def open_branch(branch: Branch, *, by: Any, now: datetime) -> Branch:
    """Meet people as the branch again. Its hosts are given anew. Again changes nothing. Error `not_in_plan`."""
    entitlements.require(entitlements.BRANCHES, translate("Branches with a look of their own need another plan."))
    _hold(branch)
    if not branch.is_active:
        _set_active(branch, is_active=True, by=by, now=now)
    return branch


@transaction.atomic
def delete_branch(branch: Branch, *, by: Any, now: datetime) -> None:
    """Delete a branch to which nobody and nothing belongs. Again changes nothing. Error `branch_used`."""
    hold_brand()
    if not Branch.objects.filter(pk=branch.pk).exists():
        return
    names = pictures_of(branch)
    if is_used(branch):
        raise _used(branch)
    audit.record(BrandingAudit.BRANCH_DELETED, by=by, subject=branch, changes={"label": [branch.label, ""]})
    try:
        with transaction.atomic():
            branch.delete()
    except ProtectedError as error:
        raise _used(branch) from error
    _announce()
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
        _hold(branch)
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


def _hold(branch: Branch) -> None:
    """Hold the brand, and read the branch as it is now. NotFound for one that was deleted meanwhile."""
    hold_brand()
    try:
        branch.refresh_from_db()
    except Branch.DoesNotExist as error:
        raise NotFound from error


def _put_on(branch: Branch, wanted: Mapping[str, Any], *, now: datetime) -> dict[str, list[str]]:
    if unknown := wanted.keys() - set(CHANGEABLE):
        raise TypeError(f"{', '.join(unknown)}: no facts of a branch")
    require_plain(*(value for value in wanted.values() if isinstance(value, str)))
    changes = {}
    for field, value in wanted.items():
        if (getattr(branch, field) or "") != (value or ""):
            changes[field] = [told(getattr(branch, field) or ""), told(value or "")]
            setattr(branch, field, value)
    _check(branch)
    for field in {"logo", "logo_dark"} & changes.keys():
        file = getattr(branch, field)
        setattr(branch, f"{field}_ground", ground_of(file) if file else "")
    if changes:
        branch.changed_at = now
        try:
            with transaction.atomic():
                branch.save()
        except IntegrityError as error:
            raise ConflictError(
                "label_taken", translate("There is another branch that is called like this."), field="label"
            ) from error
    return changes


def _check(branch: Branch) -> None:
    if not unseen.one_line(branch.label):
        raise DomainError("label_missing", translate("Write a name for the branch."), field="label")
    if branch.accent_color and not branch.primary_color:
        sentence = translate("Choose a main colour, too: a second colour belongs to it.")
        raise DomainError("accent_alone", sentence, field="accent_color")
    try:
        branded(branch)
    except ValueError as error:
        sentence = translate("This cannot be used: %(error)s.", error=error)
        raise DomainError("color_invalid", sentence, field="primary_color") from error


def _set_active(branch: Branch, *, is_active: bool, by: Any, now: datetime) -> None:
    branch.is_active, branch.changed_at = is_active, now
    branch.save(update_fields=["is_active", "changed_at"])
    code = BrandingAudit.BRANCH_OPENED if is_active else BrandingAudit.BRANCH_CLOSED
    audit.record(code, by=by, subject=branch, changes={"is_active": [not is_active, is_active]})
    _announce()


def _announce() -> None:
    """Let everybody see it once it is committed, and whoever asks in the same transaction at once."""
    for remembered in ("_branches", "_branded"):
        context.current_organization().__dict__.pop(remembered, None)
    announce()


def _used(branch: Branch) -> ConflictError:
    sentence = translate("Somebody or something belongs to %(branch)s. Make it inactive instead.", branch=branch)
    return ConflictError("branch_used", sentence)
