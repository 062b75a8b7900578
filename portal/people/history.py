"""What the audit tells of a person, as sentences for their page."""

from typing import Any

from core.kernel import audit
from core.kernel.models import AuditEvent
from core.kernel.translation import labelled


def history_rows(events: list[AuditEvent]) -> list[dict[str, Any]]:
    """History as sentences: who, what, when; never more than the audit holds."""
    return [{"at": event.at, "by": event.actor_label, "title": _title(event)} for event in events]


def _title(event: AuditEvent) -> str:
    title = audit.sentence_of(event)
    old_new = event.changes.get("status") or event.changes.get("role")
    return labelled(title, f"{old_new[0]} → {old_new[1]}") if old_new and old_new[0] else title
