"""When practitioners work, when they are away, and when everybody is; with the explanations of what is booked all the same."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.people.models import StaffMember
from core.scheduling.models.appointments import Appointment

DAY = 24 * 60


def hours_text(starts: int, ends: int) -> str:
    """Minutes of a day as a clock shows them."""
    return " – ".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (starts, ends))


def minutes_of_a_day(name: str) -> models.CheckConstraint:
    """A window ends after it starts, on the same day."""
    return models.CheckConstraint(
        condition=Q(starts__gte=0, ends__lte=DAY, ends__gt=F("starts")), name=f"{name}_ends_after_it_starts"
    )


class ScheduleSettings(models.Model):
    """How one practitioner wants appointments to lie: their clock, minutes around each, and how many at most."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.OneToOneField(StaffMember, on_delete=models.CASCADE, related_name="schedule_settings")
    time_zone = models.CharField(max_length=64, blank=True)  # empty: that of their login
    buffer_before = models.PositiveSmallIntegerField(default=0)  # minutes
    buffer_after = models.PositiveSmallIntegerField(default=0)
    most_per_day = models.PositiveSmallIntegerField(null=True, blank=True)
    most_per_week = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"schedule of {self.practitioner}"


class WorkingHours(models.Model):
    """One window of each week. Minutes since midnight on the practitioner's clock; 1440 is the midnight after."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=10, choices=Appointment.Mode.choices, blank=True)  # empty: both
    service_ids = ArrayField(models.UUIDField(), default=list, blank=True)  # billing's; none: all

    class Meta:
        ordering: ClassVar = ["weekday", "starts", "id"]
        verbose_name_plural = "working hours"
        constraints: ClassVar = [
            minutes_of_a_day("workinghours"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="workinghours_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} on {self.weekday}"


class DayHours(models.Model):
    """Other hours on one date: a window of it, or (without minutes) that nothing is worked then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="day_hours")
    day = models.DateField()
    starts = models.PositiveSmallIntegerField(null=True)
    ends = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["day", "starts", "id"]
        verbose_name_plural = "day hours"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(starts=None, ends=None) | Q(starts__gte=0, ends__lte=DAY, ends__gt=F("starts")),
                name="dayhours_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} on {self.day}"

    @property
    def hours(self) -> str:
        """09:00 – 12:30; empty where nothing is worked."""
        return hours_text(self.starts, self.ends) if self.starts is not None and self.ends is not None else ""


class TimeOff(models.Model):
    """Away: whole days, or hours of each day in a period, on all days or on some days of the week."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="time_off")
    first_on = models.DateField()
    last_on = models.DateField()
    starts = models.PositiveSmallIntegerField(default=0)
    ends = models.PositiveSmallIntegerField(default=DAY)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    note = models.CharField(max_length=200, blank=True)  # for whoever runs the schedule

    class Meta:
        ordering: ClassVar = ["first_on", "starts", "id"]
        verbose_name_plural = "time off"
        constraints: ClassVar = [
            minutes_of_a_day("timeoff"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="timeoff_days"),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} away from {self.first_on}"

    @property
    def is_whole_day(self) -> bool:
        return (self.starts, self.ends) == (0, DAY)

    @property
    def hours(self) -> str:
        return hours_text(self.starts, self.ends)

    @property
    def weekday_names(self) -> list[str]:
        """On which days of the week, where it is not all of them."""
        return [str(WorkingHours.Weekday(day).label) for day in self.weekdays]


class Closure(models.Model):
    """Days on which nobody works here, with the name under which people know them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["first_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="closure_days",
                violation_error_message=_("The last day is before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class AvailabilityOverride(models.Model):
    """Why an appointment stands beside its practitioner's time: who said so, when, and what spoke against it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="availability_overrides")
    against = ArrayField(models.CharField(max_length=20))  # codes of the rule
    reason = models.CharField(max_length=500)
    given_by_id = models.UUIDField(null=True)
    given_by_name = models.CharField(max_length=150)
    given_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-given_at", "-id"]

    def __str__(self) -> str:
        return f"{self.appointment} in spite of {', '.join(self.against)}"
