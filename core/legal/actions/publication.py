"""What readers get to see: publishing a version, taking a text out, showing it again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.legal.audit_codes import LegalAudit
from core.legal.models import CHANGES, LegalText, LegalVersion, VersionText
from core.legal.outlines import empty_heading
from core.legal.permissions import can_manage_texts
from core.legal.queries import forget_live_texts, mark_of_draft
from core.pages import rich_text
from core.people.actions.changes import is_system, require


@transaction.atomic
def publish_text(
    *,
    text: LegalText,
    must_accept: bool,
    by: Any,
    now: datetime,
    changes: Mapping[str, str] | None = None,
    seen: str = "",
) -> LegalVersion:
    """Publish the draft as the next version. `changes`: what has changed, by language; `seen`: the draft's mark when somebody looked at it.

    Errors `nothing_to_publish`, `text_empty`, `heading_empty`, `draft_changed`.
    """
    require(is_system(by) or can_manage_texts(by))
    held = LegalText.objects.select_for_update().filter(pk=text.pk).first()
    draft = LegalVersion.objects.filter(text=held, number=None).first() if held else None
    if held is None or draft is None:
        raise DomainError("nothing_to_publish", translate("There is no draft to publish. Write one first."))
    if seen and seen != mark_of_draft(held):
        raise ConflictError(
            "draft_changed",
            translate("Somebody has changed the draft meanwhile. Look at it as it is now, then decide."),
        )
    words = list(draft.texts.all())
    _refuse_unfinished(words)
    draft.number = (held.current_number or 0) + 1
    draft.must_accept = must_accept or held.current_number is None
    draft.published_at, draft.published_by = now, str(by)[:200]
    draft.save()
    for each in words:
        each.changes = (changes or {}).get(each.language, "").strip()[:CHANGES]
        each.digest = each.made_digest()
        each.save(update_fields=["changes", "digest"])
    before = held.current_number
    held.current_number = draft.number
    held.required_number = draft.number if draft.must_accept else held.required_number
    held.withdrawn_at = None
    held.save(update_fields=["current_number", "required_number", "withdrawn_at"])
    digests = {each.language: each.digest for each in words}
    audit.record(
        LegalAudit.LEGAL_TEXT_PUBLISHED, by=by, subject=held,
        changes={"number": [before, draft.number], "must_accept": [None, draft.must_accept], "digests": [None, digests]},
    )  # fmt: skip
    forget_live_texts()
    return draft


@transaction.atomic
def withdraw_text(*, text: LegalText, by: Any, now: datetime) -> None:
    """Take a text out: nobody finds it or is asked about it. Its versions and answers stay. Again changes nothing."""
    require(can_manage_texts(by))
    held = LegalText.objects.select_for_update().get(pk=text.pk)
    if not held.is_live:
        return
    held.withdrawn_at = now
    held.save(update_fields=["withdrawn_at"])
    audit.record(LegalAudit.LEGAL_TEXT_WITHDRAWN, by=by, subject=held)
    forget_live_texts()


@transaction.atomic
def return_text(*, text: LegalText, by: Any) -> None:
    """Show a text again that was taken out, as it was. Again changes nothing."""
    require(can_manage_texts(by))
    held = LegalText.objects.select_for_update().get(pk=text.pk)
    if held.withdrawn_at is None:
        return
    held.withdrawn_at = None
    held.save(update_fields=["withdrawn_at"])
    audit.record(LegalAudit.LEGAL_TEXT_RETURNED, by=by, subject=held)
    forget_live_texts()


def _refuse_unfinished(words: list[VersionText]) -> None:
    """A version says something in each of its languages, and below each of its headings."""
    if not words:
        raise DomainError("nothing_to_publish", translate("There is no draft to publish. Write one first."))
    for each in words:
        if rich_text.is_empty(each.body):
            sentence = translate("“%(title)s” says nothing yet. Write the text, then publish it.", title=each.title)
            raise DomainError("text_empty", sentence)
        if heading := empty_heading(each.body):
            sentence = translate(
                "Nothing stands below “%(heading)s”. Write it, or take the heading out.", heading=heading
            )
            raise DomainError("heading_empty", sentence)
