"""Reading notices."""

from typing import Any

from django.db.models import QuerySet

from core.notifications.models import Notice


def unread_count_of(user_id: Any) -> int:
    """How many notices the person has not read."""
    return Notice.objects.filter(user_id=user_id, read_at=None).count()


def notices_of(user_id: Any) -> QuerySet[Notice]:
    """The person's notices, newest first."""
    return Notice.objects.filter(user_id=user_id)
