"""A look that is tried out: changed, shown to somebody by a link, thrown away. What is published stays as it is."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from branding.actions.looks import forget_pictures, hold_brand, pictures_of, put_on
from branding.audit_codes import BrandingAudit
from branding.models import LOOK, BrandDraft
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate

SHARED_FOR = timedelta(days=7)


@transaction.atomic
def change_draft(*, by: Any, now: datetime, **wanted: Any) -> BrandDraft | None:
    """Change the draft; without one, begin it from what is published. None when nothing differs from that any more.

    Errors: `color_invalid` for what is no colour, `address_unsafe` for an address that is not a plain one with https.
    """
    brand = hold_brand()
    draft = BrandDraft.objects.first()
    if draft is None:
        draft = BrandDraft()
        draft.wear(brand)
    if unknown := wanted.keys() - set(LOOK):
        raise TypeError(f"{', '.join(unknown)}: no facts of a look")
    if wanted.get("exit_url"):
        _check_address(wanted["exit_url"])
    before = pictures_of(draft)
    changes = put_on(draft, wanted)
    if not changes:
        return None if draft._state.adding else draft
    draft.author_id, draft.author_name, draft.changed_at = str(by.pk or ""), str(by)[:150], now
    draft.save()
    audit.record(BrandingAudit.BRAND_DRAFT_CHANGED, by=by, subject=draft, changes=changes)
    forget_pictures(before)
    if draft.differences(brand):
        return draft
    draft.delete()
    return None


@transaction.atomic
def discard_draft(*, mark: str, by: Any) -> None:
    """Throw the draft away as it was seen. Errors: `draft_gone`, `draft_changed`."""
    hold_brand()
    draft = draft_as_seen(mark)
    names = pictures_of(draft)
    audit.record(BrandingAudit.BRAND_DRAFT_DISCARDED, by=by, subject=draft)
    draft.delete()
    forget_pictures(names)


@transaction.atomic
def share_draft(*, by: Any, now: datetime) -> BrandDraft:
    """Make a link that shows the draft to whoever has it; an earlier one opens nothing any more. Error `draft_gone`."""
    hold_brand()
    draft = draft_as_seen("")
    draft.share_key, draft.share_until = secrets.token_urlsafe(24), now + SHARED_FOR
    draft.save(update_fields=["share_key", "share_until"])
    audit.record(BrandingAudit.BRAND_DRAFT_SHARED, by=by, subject=draft)
    return draft


@transaction.atomic
def end_share(*, by: Any) -> None:
    """Let the link open nothing from now on. Again changes nothing."""
    hold_brand()
    draft = BrandDraft.objects.exclude(share_key="").first()
    if draft is not None:
        draft.share_key, draft.share_until = "", None
        draft.save(update_fields=["share_key", "share_until"])
        audit.record(BrandingAudit.BRAND_DRAFT_SHARE_ENDED, by=by, subject=draft)


def draft_as_seen(mark: str) -> BrandDraft:
    """The draft, if it still is as somebody saw it; an empty mark asks for no particular state."""
    draft = BrandDraft.objects.first()
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
