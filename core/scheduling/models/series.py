"""Appointments that repeat: the rule on the wall of one zone, what its dates have in common, and how far they are made."""

from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.kernel.ids import new_id
from core.kernel.own_texts import OwnText
from core.people.models import Client, StaffMember, User
from core.scheduling.models.appointments import Appointment, new_uid
from core.scheduling.models.cancellations import CancellationPolicy
from core.scheduling.models.resources import BookableResource
from core.scheduling.rules import series as rule
from core.scheduling.rules.series import Pattern


class AppointmentSeries(models.Model):
    """What repeats. Its dates are appointments (`occurrences`); facts and people here are those of the dates still to be made.

    One that was changed from a date on ends before that date, and another one continues it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    continues = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued_by"
    )
    rrule = models.CharField(max_length=200)  # RFC 5545, without an end
    first_on = models.DateField()
    wall_time = models.TimeField()
    time_zone = models.CharField(max_length=64)
    minutes = models.PositiveSmallIntegerField()
    until_on = models.DateField(null=True, blank=True)  # the last day; none: open-ended
    made_until = models.DateField()  # up to which day its dates are appointments
    exdates = ArrayField(models.DateField(), default=list, blank=True)  # dates of the rule that are left out
    first_number = models.PositiveSmallIntegerField(default=1)  # of its first date, counted over all that it continues
    practitioner = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="appointment_series")
    clients = models.ManyToManyField(Client, related_name="appointment_series")
    resources = models.ManyToManyField(BookableResource, related_name="+")
    mode = models.CharField(max_length=10, choices=Appointment.Mode.choices, default=Appointment.Mode.ONLINE)
    location = models.CharField(max_length=200, blank=True)
    service_id = models.UUIDField(null=True, blank=True)  # billing's Service, as with an appointment
    service_name = models.CharField(max_length=120)
    other_service_names = models.JSONField(default=dict, db_default={}, blank=True)
    is_open_group = models.BooleanField(default=False, db_default=False)  # as with an appointment
    note = models.CharField(max_length=1000, blank=True)
    override_reason = models.CharField(max_length=500, blank=True)  # why it is beside somebody's working hours
    policy = models.ForeignKey(CancellationPolicy, on_delete=models.PROTECT, null=True, related_name="+")
    uid = models.CharField(max_length=300, default=new_uid, editable=False)  # RFC 5545: of the whole series
    sequence = models.PositiveIntegerField(default=0)
    booked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    booked_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-booked_at", "id"]
        verbose_name_plural = "appointment series"
        indexes: ClassVar = [
            models.Index(fields=["made_until"], condition=Q(until_on=None), name="series_open_ended"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("first_on") - timedelta(days=1)),
                name="series_ends_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_name}, {self.rrule}"

    @property
    def what(self) -> str:
        """What it is, as somebody reads it now."""
        return str(OwnText(self.service_name, self.other_service_names))

    @property
    def pattern(self) -> Pattern:
        return rule.pattern_of(self.rrule)

    @property
    def first(self) -> datetime:
        """The first start, on the wall."""
        return datetime.combine(self.first_on, self.wall_time)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def is_open_ended(self) -> bool:
        return self.until_on is None

    def days_until(self, last: date) -> list[date]:
        """The days of its rule up to and with `last`, those that are left out among them."""
        return self.days_by_rule(min(last, self.until_on) if self.until_on else last)

    def days_by_rule(self, last: date) -> list[date]:
        """The same without its end: a date that was handed to a colleague may stay behind it."""
        return list(takewhile(lambda day: day <= last, rule.endless(self.pattern, self.first_on)))
