"""What new notes can begin with."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.records.actions.checks import checked_text
from core.records.audit_codes import RecordsAudit
from core.records.models import NoteTemplate
from core.records.permissions import can_change_templates

MOST_TEMPLATES = 50


@transaction.atomic
def save_template(template: NoteTemplate | None, *, name: str, body: str, by: Any, now: datetime) -> NoteTemplate:
    """Write one, or change it. Notes that have begun with it stay as they are."""
    if not can_change_templates(by):
        raise PermissionDenied("not allowed to change templates")
    text = checked_text(name, body)
    if not text.title:
        raise DomainError("no_name", translate("Give it a name."), field="name")
    if template is None and NoteTemplate.objects.count() >= MOST_TEMPLATES:
        raise DomainError(
            "many_templates", translate("At most %(most)s templates. Remove one first.", most=MOST_TEMPLATES)
        )
    row = template or NoteTemplate()
    changed = [name for name, new in (("name", text.title), ("body", text.body)) if getattr(row, name) != new]
    row.name, row.body, row.changed_at = text.title, text.body, now
    if changed or template is None:
        row.save()
        audit.record(
            RecordsAudit.NOTE_TEMPLATE_SAVED, by=by, subject=row, changes={each: ["…", "…"] for each in changed}
        )
    return row


@transaction.atomic
def remove_template(template: NoteTemplate, *, by: Any, now: datetime) -> None:
    """Offer it no longer."""
    if not can_change_templates(by):
        raise PermissionDenied("not allowed to change templates")
    audit.record(RecordsAudit.NOTE_TEMPLATE_REMOVED, by=by, subject=template)
    template.delete()
