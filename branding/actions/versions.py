"""What is published: a draft at once or at a set time, or an earlier version again. Each is one version and one row of the audit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from branding.actions.drafts import draft_as_seen
from branding.actions.looks import announce, forget_pictures, hold_brand, note_version, pictures_of, told
from branding.audit_codes import BrandingAudit
from branding.models import Brand, BrandDraft, BrandVersion, Look
from branding.outbox_names import PUBLISH_DRAFT
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
def publish_draft(*, mark: str, over: int, by: Any, now: datetime) -> BrandVersion:
    """Publish the draft as it was seen, over the version that was seen. Errors: `draft_gone`, `draft_changed`, `version_changed`."""
    brand = hold_brand()
    draft = draft_as_seen(mark)
    _refuse_unless_newest(over)
    return _published(brand, draft, by=by, now=now)


@transaction.atomic
def schedule_draft(*, mark: str, over: int, at: datetime, by: Any, now: datetime) -> BrandDraft:
    """Promise to publish the draft, as it is by then, at a moment. Errors: those of `publish_draft`, `moment_past`, `moment_far`."""
    if at <= now:
        raise DomainError("moment_past", translate("Choose a moment that is still to come."), field="publish_at")
    if at > now + FARTHEST:
        raise DomainError("moment_far", translate("Choose a moment within a year."), field="publish_at")
    hold_brand()
    draft = draft_as_seen(mark)
    _refuse_unless_newest(over)
    changes = {"publish_at": [_written(draft.publish_at), _written(at)]}
    draft.publish_at, draft.scheduled_by_id, draft.scheduled_by_name = at, str(by.pk or ""), str(by)[:150]
    draft.save(update_fields=["publish_at", "scheduled_by_id", "scheduled_by_name"])
    audit.record(BrandingAudit.BRAND_DRAFT_SCHEDULED, by=by, subject=draft, changes=changes)
    outbox.enqueue(PUBLISH_DRAFT, due_at=at, by=by, draft=str(draft.pk), at=at.isoformat())
    return draft


@transaction.atomic
def unschedule_draft(*, by: Any) -> None:
    """The draft is not published by itself any more. Again changes nothing."""
    hold_brand()
    draft = BrandDraft.objects.filter(publish_at__isnull=False).first()
    if draft is not None:
        _call_off(draft, by=by)


@transaction.atomic
def publish_scheduled(*, draft_id: str, at: str, now: datetime) -> BrandVersion:
    """Publish the draft whose time has come. `outbox.Obsolete` when it is gone, or has another time or none."""
    brand = hold_brand()
    draft = BrandDraft.objects.filter(pk=draft_id).first()
    if draft is None or _written(draft.publish_at) != at:
        raise outbox.Obsolete("the draft is gone, or is published at another time")
    return _published(brand, draft, by=_Scheduler(draft.scheduled_by_id, draft.scheduled_by_name), now=now)


@transaction.atomic
def restore_version(*, number: int, over: int, by: Any, now: datetime) -> BrandVersion:
    """Publish an earlier version again, over the one that was seen. A draft stays as it is, but is not published by itself any more.

    Errors: `version_changed`, `version_same`; NotFound for a number that there is not.
    """
    brand = hold_brand()
    version = BrandVersion.objects.filter(number=number).first()
    if version is None:
        raise NotFound
    _refuse_unless_newest(over)
    if not version.differences(brand):
        raise ConflictError("version_same", translate("What is published looks exactly like this version."))
    changes = {"published": [str(over), str(over + 1)], **_put_in_force(brand, version, now=now)}
    audit.record(BrandingAudit.BRAND_RESTORED, by=by, subject=brand, changes=changes)
    draft = BrandDraft.objects.filter(publish_at__isnull=False).first()
    if draft is not None:
        _call_off(draft, by=by)
    return note_version(brand, author=by, now=now, restores=number)


def _published(brand: Brand, draft: BrandDraft, *, by: Any, now: datetime) -> BrandVersion:
    changes, names = _put_in_force(brand, draft, now=now), pictures_of(draft)
    version = note_version(brand, author=by, now=now)
    draft.delete()
    forget_pictures(names)
    changes = {"published": [str(version.number - 1), str(version.number)], **changes}
    audit.record(BrandingAudit.BRAND_PUBLISHED, by=by, subject=brand, changes=changes)
    return version


def _put_in_force(brand: Brand, look: Look, *, now: datetime) -> dict[str, list[str]]:
    changes = {field: [told(getattr(brand, field)), told(getattr(look, field))] for field in brand.differences(look)}
    brand.wear(look)
    brand.changed_at = now
    brand.save()
    announce()
    return changes


def _refuse_unless_newest(over: int) -> None:
    newest = BrandVersion.objects.first()
    if newest is not None and newest.number != over:
        raise ConflictError(
            "version_changed",
            translate(
                "%(who)s has published version %(number)s meanwhile. Look at what is published now, then decide.",
                who=newest.author_name or translate("Somebody"),
                number=newest.number,
            ),
        )


def _call_off(draft: BrandDraft, *, by: Any) -> None:
    changes = {"publish_at": [_written(draft.publish_at), ""]}
    draft.publish_at, draft.scheduled_by_id, draft.scheduled_by_name = None, "", ""
    draft.save(update_fields=["publish_at", "scheduled_by_id", "scheduled_by_name"])
    audit.record(BrandingAudit.BRAND_DRAFT_UNSCHEDULED, by=by, subject=draft, changes=changes)


def _written(at: datetime | None) -> str:
    return at.isoformat() if at else ""
