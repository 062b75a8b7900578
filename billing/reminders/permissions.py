"""Who may see and do what about reminders: whoever manages billing, and nobody else."""

from typing import Any

from django.db.models import QuerySet

from billing.permissions import can_manage_billing, check_manages, invoices_visible_to
from billing.reminders.models import Reminder
from core.people.models import User

__all__ = ["can_manage_billing", "check_manages", "invoices_visible_to", "reminders_visible_to"]


def reminders_visible_to(user: User) -> "QuerySet[Reminder, Any]":
    """Every reminder, for whoever bills."""
    return Reminder.objects.all() if can_manage_billing(user) else Reminder.objects.none()
