"""Decide how live sessions work in this organization: which way the media takes, and who hears the doorbell."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.wording import say
from core.people.roles import Permission
from sessions_live.models import LiveSettings, MediaPolicy


@transaction.atomic
def decide_live_settings(*, policy: str, front_desk_hears: bool, by: Any, now: datetime) -> LiveSettings:
    """Put the organization's choices in force for every room that opens from now on. `policy_unknown` for any other word."""
    if not by.may(Permission.MANAGE_ORGANIZATION):
        raise PermissionDenied("You do not have permission to change how live sessions work.")
    if policy not in MediaPolicy.values:
        raise DomainError("policy_unknown", say("Choose one of the two ways."), field="policy")
    LiveSettings.objects.get_or_create(is_current=True)
    settings = LiveSettings.objects.select_for_update().get(is_current=True)
    wanted = {"policy": str(policy), "front_desk_hears": front_desk_hears}
    pairs = {name: [getattr(settings, name), value] for name, value in wanted.items()}
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if changes:
        for name in changes:
            setattr(settings, name, wanted[name])
        settings.save(update_fields=list(changes))
        audit.record("live_settings.changed", by=by, subject=settings, changes=changes)
    return settings
