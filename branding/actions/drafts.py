"""A look that is tried out, of the organization or of a branch: changed, shown by a link, thrown away. What is published stays as it is."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from branding.actions.branch_facts import label_taken, put_on_branch
from branding.actions.looks import forget_pictures, hold, pictures_of, put_on
from branding.audit_codes import BrandingAudit
from branding.models import LOOK, Branch, BranchDraft, BrandDraft
from branding.queries import begun_draft, draft_of
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate

SHARED_FOR = timedelta(days=7)


@transaction.atomic
def change_draft(
    *, by: Any, now: datetime, branch: Branch | None = None, **wanted: Any
) -> BrandDraft | BranchDraft | None:
    """Change the draft; without one, begin it from what is published. None when nothing differs from that any more.

    Errors: `color_invalid` for what is no colour, `address_unsafe` for an address that is not a plain one with https; of a branch `label_taken`,
    and those of `put_on_branch`.
    """
    published = hold(branch)
    draft = draft_of(branch) or begun_draft(published)
    before = pictures_of(draft)
    changes = _put_on(draft, wanted) if isinstance(draft, BrandDraft) else _put_on_branch(draft, wanted)
    if not changes:
        return None if draft._state.adding else draft
    draft.author_id, draft.author_name, draft.changed_at = str(by.pk or ""), str(by)[:150], now
    draft.save()
    code = BrandingAudit.BRANCH_DRAFT_CHANGED if branch else BrandingAudit.BRAND_DRAFT_CHANGED
    audit.record(code, by=by, subject=branch or draft, changes=changes)
    forget_pictures(before)
    if draft.differences(published):
        return draft
    draft.delete()
    return None


@transaction.atomic
def discard_draft(*, mark: str, by: Any, branch: Branch | None = None) -> None:
    """Throw the draft away as it was seen. Errors: `draft_gone`, `draft_changed`."""
    hold(branch)
    draft = draft_as_seen(mark, branch=branch)
    names = pictures_of(draft)
    code = BrandingAudit.BRANCH_DRAFT_DISCARDED if branch else BrandingAudit.BRAND_DRAFT_DISCARDED
    audit.record(code, by=by, subject=branch or draft)
    draft.delete()
    forget_pictures(names)


@transaction.atomic
def share_draft(*, by: Any, now: datetime, branch: Branch | None = None) -> BrandDraft | BranchDraft:
    """Make a link that shows the draft to whoever has it; an earlier one opens nothing any more. Error `draft_gone`."""
    hold(branch)
    draft = draft_as_seen("", branch=branch)
    draft.share_key, draft.share_until = secrets.token_urlsafe(24), now + SHARED_FOR
    draft.save(update_fields=["share_key", "share_until"])
    code = BrandingAudit.BRANCH_DRAFT_SHARED if branch else BrandingAudit.BRAND_DRAFT_SHARED
    audit.record(code, by=by, subject=branch or draft)
    return draft


@transaction.atomic
def end_share(*, by: Any, branch: Branch | None = None) -> None:
    """Let the link open nothing from now on. Again changes nothing."""
    hold(branch)
    draft = draft_of(branch)
    if draft is not None and draft.share_key:
        draft.share_key, draft.share_until = "", None
        draft.save(update_fields=["share_key", "share_until"])
        code = BrandingAudit.BRANCH_DRAFT_SHARE_ENDED if branch else BrandingAudit.BRAND_DRAFT_SHARE_ENDED
        audit.record(code, by=by, subject=branch or draft)


def draft_as_seen(mark: str, *, branch: Branch | None = None) -> BrandDraft | BranchDraft:
    """The draft, if it still is as somebody saw it; an empty mark asks for no particular state."""
    draft = draft_of(branch)
    if draft is None:
        raise ConflictError("draft_gone", translate("There is no draft any more: it was published or thrown away."))
    if mark and draft.mark != mark:
        raise ConflictError(
            "draft_changed",
            translate(
                "%(who)s has changed the draft meanwhile. Look at it as it is now, then decide.", who=draft.author_name
            ),
        )
    return draft


def _put_on(draft: BrandDraft, wanted: Mapping[str, Any]) -> dict[str, list[str]]:
    if unknown := wanted.keys() - set(LOOK):
        raise TypeError(f"{', '.join(unknown)}: no facts of a look")
    if wanted.get("exit_url"):
        _check_address(wanted["exit_url"])
    return put_on(draft, wanted)


def _put_on_branch(draft: BranchDraft, wanted: Mapping[str, Any]) -> dict[str, list[str]]:
    changes = put_on_branch(draft, wanted)
    if Branch.objects.filter(label__iexact=draft.label).exclude(pk=draft.branch_id).exists():
        raise label_taken()
    return changes


def _check_address(address: str) -> None:
    """Clients are led there: a whole address with https, and nothing in it that makes it look like another."""
    try:
        URLValidator(schemes=["https"])(address)
        is_plain = "@" not in urlsplit(address).netloc
    except (ValidationError, ValueError):
        is_plain = False
    if not is_plain:
        sentence = translate("Write a whole address that begins with https://.")
        raise DomainError("address_unsafe", sentence, field="exit_url")
