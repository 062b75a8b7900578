"""What goals and files have in common: held for whoever keeps the record, shared with the client, and taken back."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied

from core.kernel import audit
from core.kernel.errors import ConflictError, NotFound
from core.records.audit_codes import RecordsAudit
from core.records.models import SharedByHand
from core.records.permissions import can_keep_records

Kept = TypeVar("Kept", bound=SharedByHand)


def held_for(kind: type[Kept], pk: UUID, *, by: Any, with_also: tuple[str, ...] = ()) -> Kept:
    """As it is now, held until the end of the transaction. NotFound when it is gone, PermissionDenied."""
    rows = kind._default_manager.select_for_update(of=("self",), no_key=True).select_related("client", *with_also)
    held = rows.filter(pk=pk).first()
    if held is None:
        raise NotFound(f"{kind._meta.model_name} {pk}")
    if not can_keep_records(by, held.client):  # type: ignore[attr-defined]
        raise PermissionDenied("not allowed to keep this client's records")
    return held


def share(held: SharedByHand, *, code: RecordsAudit, by: Any, now: datetime) -> bool:
    """Whether it was not shared before."""
    if held.is_shared:
        return False
    held.shared_at, held.shared_by = now, by
    held.save(update_fields=["shared_at", "shared_by"])
    audit.record(code, by=by, subject=held)
    return True


def withdraw(held: SharedByHand, *, code: RecordsAudit, by: Any, otherwise: ConflictError) -> None:
    """Share it no longer; `otherwise` where it is not shared."""
    if not held.is_shared:
        raise otherwise
    held.shared_at = held.shared_by = None
    held.save(update_fields=["shared_at", "shared_by"])
    audit.record(code, by=by, subject=held)
