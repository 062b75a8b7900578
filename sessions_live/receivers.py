"""What live rooms do when a login loses its access, wholly or to some of them; and their part of the platform's periodic work."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from core.people.models import User
from core.people.signals import access_changed, access_ended
from sessions_live import actions
from sessions_live.models import Room
from tenants.signals import usage_requested


@receiver(access_ended, dispatch_uid="live_rooms_of_ended_access")
def withdraw_admissions(*, user: User, now: datetime, **ignored: Any) -> None:
    """Out of every room, and every socket closed."""
    actions.withdraw_admissions(user, now=now)


@receiver(access_changed, dispatch_uid="live_rooms_of_changed_access")
def withdraw_admissions_without_role(*, user: User, now: datetime, **ignored: Any) -> None:
    """Out of those rooms in which the person has no role any more."""
    actions.withdraw_admissions(user, now=now, only_without_role=True)


@receiver(usage_requested, dispatch_uid="live_sessions_of_organization")
def count_sessions(*, since: datetime, **ignored: Any) -> dict[str, int]:
    """How many rooms were opened since then."""
    return {"sessions": Room.objects.filter(created_at__gte=since).count()}
