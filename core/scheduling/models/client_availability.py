"""When clients can come: hours of every week, as they or the staff have said."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.ids import new_id
from core.people.models import Client
from core.scheduling.models.availability import WorkingHours, hours_text, minutes_of_a_day


class ClientAvailability(models.Model):
    """That a client's times are known, on whose clock they are meant, and who said them. Without a row nothing is known."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="availability")
    time_zone = models.CharField(max_length=64)
    set_by_name = models.CharField(max_length=150)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "client availabilities"

    def __str__(self) -> str:
        return f"times of {self.client_id}"


class AvailabilityWindow(models.Model):
    """One window of each week in which a client can come. Minutes since midnight on that clock; 1440 is the midnight after."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    availability = models.ForeignKey(ClientAvailability, on_delete=models.CASCADE, related_name="windows")
    weekday = models.PositiveSmallIntegerField(choices=WorkingHours.Weekday.choices)
    starts = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["weekday", "starts", "id"]
        constraints: ClassVar = [
            minutes_of_a_day("availabilitywindow"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="availabilitywindow_weekday"),
        ]
        indexes: ClassVar = [models.Index(fields=["weekday", "starts"], name="availabilitywindow_start")]

    def __str__(self) -> str:
        return f"{self.weekday} {self.hours}"

    @property
    def hours(self) -> str:
        return hours_text(self.starts, self.ends)
