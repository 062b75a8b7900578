"""What is published: a draft at once or at a set time, or an earlier version again. Each is one version and one row of the audit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from branding.actions.branch_facts import label_taken
from branding.actions.drafts import draft_as_seen
from branding.actions.looks import announce, forget_pictures, hold, hold_brand, note_version, pictures_of, told
from branding.audit_codes import BrandingAudit
from branding.models import Appearance, Branch, BranchDraft, BranchVersion, Brand, BrandDraft, BrandVersion
from branding.outbox_names import PUBLISH_DRAFT
from branding.queries import draft_of, versions_of
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.translation import translate

FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class _Scheduler:
    """Who set the time, where the person themselves cannot be asked for: apps below people know no people."""

    pk: str
    name: str

    def __str__(self) -> str:
        return self.name


@transaction.atomic
def publish_draft(
    *, mark: str, over: int, by: Any, now: datetime, branch: Branch | None = None
) -> BrandVersion | BranchVersion:
    """Publish the draft as it was seen, over the version that was seen.

    Errors: `draft_gone`, `draft_changed`, `version_changed`; of a branch `label_taken`.
    """
    published = hold(branch)
    draft = draft_as_seen(mark, branch=branch)
    _refuse_unless_newest(over, branch)
    return _published(published, draft, by=by, now=now)


@transaction.atomic
def schedule_draft(
    *, mark: str, over: int, at: datetime, by: Any, now: datetime, branch: Branch | None = None
) -> BrandDraft | BranchDraft:
    """Promise to publish the draft, as it is by then, at a moment. Errors: those of `publish_draft`, `moment_past`, `moment_far`."""
    if at <= now:
        raise DomainError("moment_past", translate("Choose a moment that is still to come."), field="publish_at")
    if at > now + FARTHEST:
        raise DomainError("moment_far", translate("Choose a moment within a year."), field="publish_at")
    hold(branch)
    draft = draft_as_seen(mark, branch=branch)
    _refuse_unless_newest(over, branch)
    changes = {"publish_at": [_written(draft.publish_at), _written(at)]}
    draft.publish_at, draft.scheduled_by_id, draft.scheduled_by_name = at, str(by.pk or ""), str(by)[:150]
    draft.save(update_fields=["publish_at", "scheduled_by_id", "scheduled_by_name"])
    code = BrandingAudit.BRANCH_DRAFT_SCHEDULED if branch else BrandingAudit.BRAND_DRAFT_SCHEDULED
    audit.record(code, by=by, subject=branch or draft, changes=changes)
    of = {"branch": str(branch.pk)} if branch else {}
    outbox.enqueue(PUBLISH_DRAFT, due_at=at, by=by, draft=str(draft.pk), at=at.isoformat(), **of)
    return draft


@transaction.atomic
def unschedule_draft(*, by: Any, branch: Branch | None = None) -> None:
    """The draft is not published by itself any more. Again changes nothing."""
    hold(branch)
    _call_off(branch, by=by)


@transaction.atomic
def publish_scheduled(*, draft_id: str, at: str, now: datetime) -> BrandVersion | BranchVersion:
    """Publish the draft whose time has come. `outbox.Obsolete` when it is gone, or has another time or none."""
    brand = hold_brand()
    of_branch = BranchDraft.objects.select_related("branch").filter(pk=draft_id).first()
    draft = of_branch or BrandDraft.objects.filter(pk=draft_id).first()
    if draft is None or _written(draft.publish_at) != at:
        raise outbox.Obsolete("the draft is gone, or is published at another time")
    published = of_branch.branch if of_branch else brand
    return _published(published, draft, by=_Scheduler(draft.scheduled_by_id, draft.scheduled_by_name), now=now)


@transaction.atomic
def restore_version(
    *, number: int, over: int, by: Any, now: datetime, branch: Branch | None = None
) -> BrandVersion | BranchVersion:
    """Publish an earlier version again, over the one that was seen. A draft stays as it is, but is not published by itself any more.

    Errors: `version_changed`, `version_same`, of a branch `label_taken`; NotFound for a number that there is not.
    """
    published = hold(branch)
    version = versions_of(branch).filter(number=number).first()
    if version is None:
        raise NotFound
    _refuse_unless_newest(over, branch)
    if not version.differences(published):
        raise ConflictError("version_same", translate("What is published looks exactly like this version."))
    changes = {"published": [str(over), str(over + 1)], **_put_in_force(published, version, now=now)}
    code = BrandingAudit.BRANCH_RESTORED if branch else BrandingAudit.BRAND_RESTORED
    audit.record(code, by=by, subject=published, changes=changes)
    _call_off(branch, by=by)
    return note_version(published, author=by, now=now, restores=number)


def _published(
    published: Brand | Branch, draft: BrandDraft | BranchDraft, *, by: Any, now: datetime
) -> BrandVersion | BranchVersion:
    if isinstance(published, Branch) and not versions_of(published).exists():
        note_version(published, author=None, now=published.changed_at)  # from before branches had versions
    changes, names = _put_in_force(published, draft, now=now), pictures_of(draft)
    version = note_version(published, author=by, now=now)
    draft.delete()
    forget_pictures(names)
    changes = {"published": [str(version.number - 1), str(version.number)], **changes}
    code = BrandingAudit.BRANCH_CHANGED if isinstance(published, Branch) else BrandingAudit.BRAND_PUBLISHED
    audit.record(code, by=by, subject=published, changes=changes)
    return version


def _put_in_force(published: Brand | Branch, look: Appearance, *, now: datetime) -> dict[str, list[str]]:
    fields = published.differences(look)
    changes = {field: [told(getattr(published, field)), told(getattr(look, field))] for field in fields}
    published.wear(look)
    published.changed_at = now
    try:
        with transaction.atomic():
            published.save()
    except IntegrityError as error:
        raise label_taken() from error
    announce()
    return changes


def _refuse_unless_newest(over: int, branch: Branch | None) -> None:
    newest = versions_of(branch).first()
    if newest is not None and newest.number != over:
        raise ConflictError(
            "version_changed",
            translate(
                "%(who)s has published version %(number)s meanwhile. Look at what is published now, then decide.",
                who=newest.author_name or translate("Somebody"),
                number=newest.number,
            ),
        )


def _call_off(branch: Branch | None, *, by: Any) -> None:
    draft = draft_of(branch)
    if draft is None or draft.publish_at is None:
        return
    changes = {"publish_at": [_written(draft.publish_at), ""]}
    draft.publish_at, draft.scheduled_by_id, draft.scheduled_by_name = None, "", ""
    draft.save(update_fields=["publish_at", "scheduled_by_id", "scheduled_by_name"])
    code = BrandingAudit.BRANCH_DRAFT_UNSCHEDULED if branch else BrandingAudit.BRAND_DRAFT_UNSCHEDULED
    audit.record(code, by=by, subject=branch or draft, changes=changes)


def _written(at: datetime | None) -> str:
    return at.isoformat() if at else ""
