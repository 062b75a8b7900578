"""Decide whether people can ask for times."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.booking_requests.audit_codes import BookingRequestAudit
from core.booking_requests.models import RequestSettings
from core.booking_requests.permissions import can_change_request_settings
from core.kernel import audit


@transaction.atomic
def change_request_settings(*, is_open: bool, shows_free_times: bool = True, by: Any, now: datetime) -> RequestSettings:
    """What was asked for already is still answered. `shows_free_times`: to those who ask, to choose from."""
    if not can_change_request_settings(by):
        raise PermissionDenied("not allowed to change requests")
    settings = RequestSettings.objects.select_for_update().filter(is_current=True).first() or RequestSettings()
    wanted = {"is_open": is_open, "shows_free_times": shows_free_times}
    changes = {
        name: [getattr(settings, name), value] for name, value in wanted.items() if getattr(settings, name) != value
    }
    settings.is_open, settings.shows_free_times = is_open, shows_free_times
    settings.save()
    if changes:
        audit.record(BookingRequestAudit.REQUEST_SETTINGS_CHANGED, by=by, subject=settings, changes=changes)
    return settings
