"""Which login has been reminded of which appointment at which time."""

from typing import ClassVar

from django.db import models

from core.kernel.ids import new_id
from core.people.models import User


class Reminder(models.Model):
    """One login was told of one appointment at one start time. A moved appointment has another time: the row says nothing about it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    appointment = models.ForeignKey("scheduling.Appointment", on_delete=models.CASCADE, related_name="reminders")
    starts_at = models.DateTimeField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "appointment", "starts_at"], name="reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} reminded of {self.appointment}"
