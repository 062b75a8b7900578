"""What an organization has decided about its calendar."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value

from core.kernel.ids import new_id
from core.scheduling.rules.quiet_hours import QuietHours
from core.scheduling.rules.reminders import DAY

_A_DAY_BEFORE = Value([DAY], ArrayField(models.PositiveIntegerField()))


def a_day_before() -> list[int]:
    """What every organization starts with."""
    return [DAY]


class SchedulingSettings(models.Model):
    """One row per organization."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    holiday_country = models.CharField(
        max_length=2, blank=True, default="", db_default=""
    )  # ISO 3166; empty: none are kept
    holiday_region = models.CharField(max_length=10, blank=True, default="", db_default="")
    worked_holidays = ArrayField(
        models.DateField(), default=list, blank=True, db_default=Value([], ArrayField(models.DateField()))
    )
    series_weeks = models.PositiveSmallIntegerField(default=26, db_default=26)  # how far open-ended series are made
    no_show_minutes = models.PositiveSmallIntegerField(
        default=15, db_default=15
    )  # after the start: then “missed” is offered
    clients_may_cancel = models.BooleanField(default=False)  # the first of two gates; the second is each client's

    reminder_minutes = ArrayField(
        models.PositiveIntegerField(), default=a_day_before, blank=True, db_default=_A_DAY_BEFORE
    )
    schedule_reminder_minutes = ArrayField(  # to whoever runs it
        models.PositiveIntegerField(), default=a_day_before, blank=True, db_default=_A_DAY_BEFORE
    )
    quiet_begins = models.TimeField(null=True, blank=True)
    quiet_ends = models.TimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "scheduling settings"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="schedulingsettings_one_current"
            )
        ]

    def __str__(self) -> str:
        return "scheduling settings"

    @property
    def quiet_hours(self) -> QuietHours | None:
        """When reminders wait, unless somebody has quiet hours of their own."""
        if self.quiet_begins is None or self.quiet_ends is None:
            return None
        return QuietHours(self.quiet_begins, self.quiet_ends)

    @classmethod
    def current(cls) -> "SchedulingSettings":
        """The row in force; unsaved defaults where nobody has decided yet."""
        return cls.objects.filter(is_current=True).first() or cls()
