"""Add, change and remove rooms and equipment."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.scheduling.actions import calendar_locks
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import BookableResource
from core.scheduling.permissions import can_manage_resources

FIELDS = ("name", "kind", "description", "is_active")


@transaction.atomic
def save_resource(resource: BookableResource, *, by: Any, now: datetime) -> BookableResource:
    """Add a room or equipment, change it, or bring it back from the archive. Errors: `name_taken`, `kind_used`."""
    _check_may(by)
    before = BookableResource.objects.filter(pk=resource.pk).first()
    if before is not None and before.kind != resource.kind and before.reservations.exists():
        raise DomainError("kind_used", translate("It was booked as what it is. Add another one instead."), field="kind")
    try:
        with transaction.atomic():
            resource.save()
    except IntegrityError as error:
        if "bookableresource_name_unique" not in str(error):
            raise
        raise DomainError(
            "name_taken", translate("There is a room or equipment of that name already."), field="name"
        ) from error
    pairs = {field: [getattr(before, field, None), getattr(resource, field)] for field in FIELDS}
    changes = {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}
    audit.record(SchedulingAudit.BOOKABLE_RESOURCE_SAVED, by=by, subject=resource, changes=changes)
    return resource


@calendar_locks.calendar_transaction()
def remove_resource(resource: BookableResource, *, by: Any, now: datetime) -> bool:
    """Delete what was never booked, archive what was. Returns whether it was deleted; what is booked there already stays."""
    _check_may(by)
    calendar_locks.lock_calendars([resource.pk])  # so that nobody books it meanwhile
    is_used = resource.reservations.exists()
    changes = {"is_active": [resource.is_active, False]} if is_used else {"name": [resource.name, None]}
    audit.record(SchedulingAudit.BOOKABLE_RESOURCE_REMOVED, by=by, subject=resource, changes=changes)
    if is_used:
        resource.is_active = False
        resource.save(update_fields=["is_active"])
    else:
        resource.delete()
    return not is_used


def _check_may(by: Any) -> None:
    if not can_manage_resources(by):
        raise PermissionDenied("You do not have permission to change rooms and equipment.")
