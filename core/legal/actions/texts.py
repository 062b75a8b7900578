"""Writing: drafts in every language, consents of the organization's own, who is asked."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from core.kernel import audit, sent_forms
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.kernel.unseen import one_line
from core.legal.audit_codes import LegalAudit
from core.legal.models import LONGEST, TITLE, LegalText, LegalVersion, VersionText
from core.legal.permissions import can_manage_texts
from core.legal.queries import forget_live_texts
from core.pages import rich_text
from core.people.actions.changes import is_system, require, write_changes

_NOT_A_SLUG = {*LegalText.Kind.values, "new"}  # where the three are, and where the form of a new one is
MOST = 40  # texts, so that nobody is asked without end


@transaction.atomic
def add_consent(*, title: str, language: str, by: Any, now: datetime) -> LegalText:
    """Begin a consent text of the organization's own, with its title in one language. Error `too_many_texts`."""
    require(is_system(by) or can_manage_texts(by))
    sent_forms.one_writer_at_a_time("legal")
    if LegalText.objects.count() >= MOST:
        sentence = translate("There are %(most)s legal texts; that is as many as fit.", most=MOST)
        raise DomainError("too_many_texts", sentence)
    text = LegalText.objects.create(
        kind=LegalText.Kind.CONSENT, slug=_free_slug(title), is_asked_of_clients=True, is_linked=False, created_at=now
    )
    write_draft(text=text, language=language, title=title, body="", by=by, now=now)
    return text


@transaction.atomic
def write_draft(*, text: LegalText, language: str, title: str, body: str, by: Any, now: datetime) -> VersionText:
    """Write a text in one language; readers see nothing of it until it is published. Errors `title_missing`, `text_too_long`."""
    require(is_system(by) or can_manage_texts(by))
    title, body = one_line(title)[:TITLE], rich_text.clean(body)
    if not title:
        raise DomainError("title_missing", translate("This field is required."), field="title")
    if len(body) > LONGEST:
        raise DomainError(
            "text_too_long", translate("The text is too long. Shorten it, or make two of it."), field="body"
        )
    held = _held(text, now)
    words, _is_new = VersionText.objects.get_or_create(
        version=_draft(held, now), language=language, defaults={"title": title, "body": body, "changed_at": now}
    )
    words.title, words.body, words.changed_at = title, body, now
    words.save(update_fields=["title", "body", "changed_at"])
    audit.record(LegalAudit.LEGAL_TEXT_WRITTEN, by=by, subject=held, changes={"language": [None, language]})
    return words


@transaction.atomic
def change_asking(
    *, text: LegalText, by: Any, now: datetime, is_asked_of_clients: bool, is_asked_of_staff: bool, is_per_client: bool = False,
    is_linked: bool = True,
) -> None:  # fmt: skip
    """Decide who is asked about a text, and whether the foot of pages and mails leads to it. An imprint is asked of nobody."""
    require(is_system(by) or can_manage_texts(by))
    held = _held(text, now)
    is_imprint = held.kind == LegalText.Kind.IMPRINT
    values = {
        "is_asked_of_clients": is_asked_of_clients and not is_imprint,
        "is_asked_of_staff": is_asked_of_staff and not is_imprint and not (held.is_consent and is_per_client),
        "is_per_client": is_per_client and held.is_consent,
        "is_linked": is_linked,
    }
    if changes := write_changes(held, values):
        audit.record(LegalAudit.LEGAL_TEXT_CHANGED, by=by, subject=held, changes=changes)
        forget_live_texts()


@transaction.atomic
def discard_draft(*, text: LegalText, by: Any) -> None:
    """Throw the draft away; what is published stays. Again changes nothing."""
    require(can_manage_texts(by))
    draft = LegalVersion.objects.select_for_update().filter(text=text.pk, number=None).first()
    if draft is None or text.current_number is None:
        return
    draft.delete()
    audit.record(LegalAudit.LEGAL_TEXT_DISCARDED, by=by, subject=text)


@transaction.atomic
def delete_text(*, text: LegalText, by: Any) -> None:
    """Delete a text that was never published. Error `text_published`."""
    require(can_manage_texts(by))
    held = LegalText.objects.select_for_update().get(pk=text.pk)
    if held.current_number is not None:
        sentence = translate(
            "Somebody may have read or accepted it. Take it out instead; its versions and answers stay."
        )
        raise DomainError("text_published", sentence)
    audit.record(LegalAudit.LEGAL_TEXT_DELETED, by=by, subject=held)
    held.delete()


def _held(text: LegalText, now: datetime) -> LegalText:
    """The row, locked; made where one of the three is written for the first time."""
    if text._state.adding:
        asked = text.kind != LegalText.Kind.IMPRINT
        made = LegalText(
            kind=text.kind,
            slug=text.slug,
            is_asked_of_clients=asked and text.kind == LegalText.Kind.TERMS,
            created_at=now,
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            pass  # somebody else began it at the same moment
        return LegalText.objects.select_for_update().get(slug=text.slug)
    return LegalText.objects.select_for_update().get(pk=text.pk)


def _draft(text: LegalText, now: datetime) -> LegalVersion:
    """The draft; a new one says what the version in force says."""
    draft, is_new = LegalVersion.objects.get_or_create(text=text, number=None)
    if is_new and text.current_number is not None:
        rows = VersionText.objects.filter(version__text=text, version__number=text.current_number)
        VersionText.objects.bulk_create(
            VersionText(version=draft, language=row.language, title=row.title, body=row.body, changed_at=now)
            for row in rows
        )
    return draft


def _free_slug(title: str) -> str:
    wanted = slugify(title)[:50] or "consent"
    taken = _NOT_A_SLUG | set(LegalText.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(
        name for number in range(1, MOST + 10) if (name := wanted if number == 1 else f"{wanted}-{number}") not in taken
    )
