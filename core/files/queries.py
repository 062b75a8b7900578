"""How much room there is, and what came of what somebody has sent."""

from typing import Any

from django.conf import settings
from django.db.models import Sum

from core.files.models import FileUsage, Upload
from core.files.purposes import Purpose
from core.files.rules.room import Room, room_on_plan
from tenants import entitlements

MEGABYTE = 1_000_000


def room() -> Room:
    """What is kept and what is on its way, beside the plan."""
    kept = FileUsage.objects.values_list("size", flat=True).first() or 0
    coming = Upload.objects.filter(file=None).aggregate(all=Sum("size"))["all"] or 0
    return room_on_plan(kept + coming, entitlements.limit(entitlements.STORAGE))


def most_bytes(purpose: Purpose) -> int:
    """How large one file may be."""
    most = settings.FILES_LARGEST_MEGABYTES * MEGABYTE
    return most if purpose.most_bytes is None else min(most, purpose.most_bytes)


def unfinished(user: Any) -> int:
    """How many uploads this person has begun and not brought to an end."""
    return Upload.objects.filter(user=user, file=None).count()
