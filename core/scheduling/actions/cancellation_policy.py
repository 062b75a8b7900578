"""Decide what late cancellations cost: the cancellation policy, and whether clients cancel themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import CancellationPolicy, CompletionType, PolicyLevel, SchedulingSettings
from core.scheduling.models.cancellations import MOST_LEVELS
from core.scheduling.permissions import can_change_policy
from core.scheduling.rules import completion

MOST_HOURS = 24 * 28


def check_may_change_policy(by: Any) -> None:
    """PermissionDenied unless `by` decides how appointments end."""
    if not can_change_policy(by):
        raise PermissionDenied("You do not have permission to change how appointments end.")


@transaction.atomic
def adopt_policy(*, levels: Sequence[tuple[int, CompletionType]], by: Any, now: datetime) -> CancellationPolicy:
    """Put a new cancellation policy in force: up to three pairs of hours and completion type; none means that cancelling is free.

    Appointments that are booked already keep the policy of their booking.
    """
    check_may_change_policy(by)
    _check_levels(levels)
    policy = CancellationPolicy.objects.create(adopted_at=now, adopted_by_name=str(by))
    ordered = sorted(levels, key=lambda pair: -pair[0])
    PolicyLevel.objects.bulk_create(
        PolicyLevel(
            policy=policy,
            position=position,
            hours_before=hours,
            completion_type=kind,
            client_share=kind.client_share,
            wage_share=kind.wage_share,
        )
        for position, (hours, kind) in enumerate(ordered, start=1)
    )
    changes = {"levels": [None, [[hours, kind.name, kind.client_share, kind.wage_share] for hours, kind in ordered]]}
    audit.record(SchedulingAudit.CANCELLATION_POLICY_ADOPTED, by=by, subject=policy, changes=changes)
    return policy


@transaction.atomic
def allow_client_cancellations(allowed: bool, *, by: Any, now: datetime) -> SchedulingSettings:
    """Open or close the first gate: whether clients may cancel at all. The second is a permission of each client."""
    check_may_change_policy(by)
    settings, _ = SchedulingSettings.objects.get_or_create(is_current=True)
    if settings.clients_may_cancel != allowed:
        audit.record(
            SchedulingAudit.SCHEDULING_SETTINGS_CHANGED,
            by=by,
            subject=settings,
            changes={"clients_may_cancel": [settings.clients_may_cancel, allowed]},
        )
        settings.clients_may_cancel = allowed
        settings.save(update_fields=["clients_may_cancel"])
    return settings


@transaction.atomic
def set_no_show_clock(minutes: int, *, by: Any, now: datetime) -> SchedulingSettings:
    """How many minutes after the start it is offered that somebody did not come. DomainError beyond two hours."""
    check_may_change_policy(by)
    if not 0 <= minutes <= completion.MOST_MINUTES:
        raise DomainError(
            "bad_minutes",
            translate("Minutes are between 0 and %(most_minutes)s.", most_minutes=completion.MOST_MINUTES),
            field="minutes",
        )
    SchedulingSettings.objects.get_or_create(is_current=True)
    settings = SchedulingSettings.objects.select_for_update().get(is_current=True)
    if settings.no_show_minutes != minutes:
        changes = {"no_show_minutes": [settings.no_show_minutes, minutes]}
        audit.record(SchedulingAudit.SCHEDULING_SETTINGS_CHANGED, by=by, subject=settings, changes=changes)
        settings.no_show_minutes = minutes
        settings.save(update_fields=["no_show_minutes"])
    return settings


def _check_levels(levels: Sequence[tuple[int, CompletionType]]) -> None:
    if len(levels) > MOST_LEVELS:
        raise DomainError(
            "too_many_levels", translate("A policy has at most %(most_levels)s levels.", most_levels=MOST_LEVELS)
        )
    hours = [hour for hour, _ in levels]
    if len(set(hours)) != len(hours):
        raise DomainError("same_hours", translate("Two levels have the same hours. Each needs its own."))
    if any(not 1 <= hour <= MOST_HOURS for hour in hours):
        raise DomainError(
            "bad_hours", translate("Hours are between 1 and %(most_hours)s (four weeks).", most_hours=MOST_HOURS)
        )
    if any(kind.outcome == CompletionType.Outcome.HELD or not kind.is_active for _, kind in levels):
        raise DomainError(
            "unusable_type", translate("A level needs an active completion type for what is missed or cancelled.")
        )
