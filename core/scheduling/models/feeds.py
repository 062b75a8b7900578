"""Calendars that other programs read, each by an address of its own."""

from typing import ClassVar

from django.db import models

from core.kernel.ids import new_id
from core.people.models import User


class CalendarFeed(models.Model):
    """One login's calendar, at an address that only they know. The token itself is never stored; another id makes another one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed")
    token_digest = models.CharField(max_length=64, unique=True)
    is_busy_only = models.BooleanField(default=False)  # when, and nothing else
    is_own_only = models.BooleanField(default=False)  # of those on whose schedule others are: what they hold themselves
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    content_digest = models.CharField(max_length=64, blank=True)  # of what was read last
    content_changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["made_at", "id"]

    def __str__(self) -> str:
        return f"calendar of {self.user}"
