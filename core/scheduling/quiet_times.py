"""Until when somebody's quiet hours last, for whoever would disturb them (`core.notifications.waiting`)."""

from datetime import datetime
from typing import Any

from core.people.models import User
from core.scheduling.reminder_queries import ReminderWords
from core.scheduling.rules import quiet_hours, wall_time


def held_until(user_id: Any, happens_at: datetime | None, now: datetime) -> datetime | None:
    """The end of the login's quiet hours, by its own clock, where it can wait until then; None when nothing holds it."""
    quiet = ReminderWords([user_id]).quiet_hours(user_id)
    if quiet is None:
        return None
    zone = wall_time.zone(User.objects.values_list("time_zone", flat=True).get(pk=user_id))
    if happens_at is None:
        return quiet_hours.quiet_until(quiet, zone, now=now)
    return quiet_hours.held_until(quiet, zone, starts_at=happens_at, now=now)
