"""Forms made and changed. What was sent stays as it was: sending makes a version (`send_forms`)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.kernel.unseen import one_line
from core.records.questionnaires.actions.checks import check_definition, hold_form
from core.records.questionnaires.audit_codes import QuestionnaireAudit
from core.records.questionnaires.models import Questionnaire
from core.records.questionnaires.permissions import can_write_forms
from core.records.questionnaires.rules.questionnaires import Definition

MOST_FORMS = 300


@transaction.atomic
def create_form(definition: Definition, *, by: Any, now: datetime) -> Questionnaire:
    """A form of the organization's own: empty, or with what a ready-made one or another one asks."""
    if not can_write_forms(by):
        raise PermissionDenied("not allowed to make forms")
    if Questionnaire.objects.count() >= MOST_FORMS:
        raise DomainError("many_forms", translate("There are too many forms. Change one that is there."))
    definition = replace(definition, title=one_line(definition.title), intro=definition.intro.strip())
    check_definition(definition)
    form = Questionnaire.objects.create(title=definition.title, kept=definition.kept(), changed_by=by, changed_at=now)
    audit.record(QuestionnaireAudit.FORM_CREATED, by=by, subject=form)
    return form


@transaction.atomic
def change_words(
    form: Questionnaire, *, title: str, intro: str, is_scored: bool, by: Any, now: datetime
) -> Questionnaire:
    """Its title, what stands above it, and whether it counts points."""
    held = hold_form(form, by=by)
    words = {"title": one_line(title), "intro": intro.strip(), "is_scored": is_scored}
    return _save(held, replace(held.definition, **words), by=by, now=now)


@transaction.atomic
def change_items(
    form: Questionnaire, change: Callable[[Definition], Definition], *, seen: int | None = None, by: Any, now: datetime
) -> Questionnaire:
    """What it asks. `seen`: the revision from which the change was made, where it says the whole order; ConflictError `form_moved_on`."""
    held = hold_form(form, by=by)
    if seen is not None and held.revision != seen:
        raise ConflictError(
            "form_moved_on", translate("Somebody has changed this form meanwhile. Look at it as it is now.")
        )
    return _save(held, change(held.definition), by=by, now=now)


def _save(held: Questionnaire, definition: Definition, *, by: Any, now: datetime) -> Questionnaire:
    check_definition(definition)
    before = held.definition
    if definition == before:
        return held
    words = {
        name: [getattr(before, name), getattr(definition, name)]
        for name in ("title", "intro", "is_scored")
        if getattr(before, name) != getattr(definition, name)
    }
    held.title, held.kept, held.revision = definition.title, definition.kept(), held.revision + 1
    held.changed_by, held.changed_at = by, now
    held.save(update_fields=["title", "kept", "revision", "changed_by", "changed_at"])
    changes: dict[str, Any] = {**words, **({"items": ["…", "…"]} if before.items != definition.items else {})}
    audit.record(QuestionnaireAudit.FORM_CHANGED, by=by, subject=held, changes=changes)
    return held


@transaction.atomic
def archive_form(form: Questionnaire, *, by: Any, now: datetime) -> Questionnaire:
    """Offered for sending no longer. What was sent stays, and can be filled in."""
    held = hold_form(form, by=by)
    if held.archived_at is None:
        held.archived_at = now
        held.save(update_fields=["archived_at"])
        audit.record(QuestionnaireAudit.FORM_ARCHIVED, by=by, subject=held)
    return held


@transaction.atomic
def restore_form(form: Questionnaire, *, by: Any, now: datetime) -> Questionnaire:
    """Offered again."""
    held = hold_form(form, by=by)
    if held.archived_at is not None:
        held.archived_at = None
        held.save(update_fields=["archived_at"])
        audit.record(QuestionnaireAudit.FORM_RESTORED, by=by, subject=held)
    return held
