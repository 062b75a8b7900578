"""What somebody reads before the last click: what cancelling would mean, and what happens to money."""

from dataclasses import dataclass
from datetime import datetime

from core.scheduling.models import Appointment, SchedulingSettings
from core.scheduling.queries import levels_of, policy_in_force
from core.scheduling.rules.cancellation import Level, consequence
from tenants import entitlements


@dataclass(frozen=True, slots=True)
class Terms:
    """The policy that the appointment gets, and whether a bill follows."""

    levels: tuple[Level, ...]
    free_until: datetime | None
    is_free_now: bool
    shows_costs: bool
    is_billed: bool
    may_cancel: bool

    @property
    def has_levels(self) -> bool:
        return bool(self.levels)


def terms_of(starts_at: datetime, *, group: Appointment | None = None, shows_costs: bool, now: datetime) -> Terms:
    """The policy in force is the one that a booking keeps; a group has kept its own."""
    policy = group.policy if group is not None else policy_in_force()
    levels = sorted(levels_of(policy), key=lambda level: -level.hours_before)
    found = consequence(levels, starts_at=starts_at, now=now)
    return Terms(
        levels=tuple(levels),
        free_until=found.free_until if found.free_until and found.free_until > now else None,
        is_free_now=found.is_free,
        shows_costs=shows_costs,
        is_billed=shows_costs and entitlements.allows(entitlements.BILLING),
        may_cancel=SchedulingSettings.current().clients_may_cancel,
    )
