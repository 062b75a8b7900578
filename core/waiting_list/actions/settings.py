"""Decide how times are offered."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.waiting_list.audit_codes import WaitingListAudit
from core.waiting_list.models import WaitingListSettings, values_of
from core.waiting_list.permissions import can_change_waiting_list

SHORTEST, LONGEST = 5, 2880


@transaction.atomic
def change_waiting_settings(*, by: Any, now: datetime, **values: Any) -> WaitingListSettings:
    """What is offered already stays as it is. DomainError for minutes that nobody can keep."""
    if not can_change_waiting_list(by):
        raise PermissionDenied("not allowed to change the waiting list")
    settings = WaitingListSettings.objects.select_for_update().filter(is_current=True).first() or WaitingListSettings()
    before = values_of(settings)
    for name, value in values.items():
        setattr(settings, name, value)
    if not SHORTEST <= settings.minutes <= LONGEST:
        raise DomainError(
            "bad_minutes",
            translate("Between %(least)s minutes and two days.", least=SHORTEST),
            field="minutes",
        )
    settings.save()
    changes = {name: [before[name], value] for name, value in values_of(settings).items() if before[name] != value}
    if changes:
        audit.record(WaitingListAudit.WAITING_SETTINGS_CHANGED, by=by, subject=settings, changes=changes)
    return settings
