"""That an appointment takes longer than it was booked for: who said so, and why where somebody else waits."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from core.kernel.ids import new_id

if TYPE_CHECKING:
    from core.scheduling.models.appointments import Appointment


class Extension(models.Model):
    """One extension; `taken_back_at` says that it holds no more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.ForeignKey("scheduling.Appointment", on_delete=models.CASCADE, related_name="extensions")
    starts_at = models.DateTimeField(null=True)  # of the appointment then; not kept by earlier releases
    previous_end = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)  # why it runs into what comes next
    extended_by_id = models.UUIDField(null=True)
    extended_by_name = models.CharField(max_length=150)
    extended_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["extended_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("previous_end")), name="extension_adds_time")
        ]

    def __str__(self) -> str:
        return f"{self.appointment} + {self.minutes} min"

    def is_of(self, appointment: "Appointment") -> bool:
        """Whether the appointment has still the time that it got by this, so that its end can be again what it was."""
        is_where_it_was = self.starts_at in (None, appointment.starts_at) and self.previous_end > appointment.starts_at
        return is_where_it_was and self.ends_at == appointment.ends_at

    @property
    def minutes(self) -> int:
        """How many were added."""
        return int((self.ends_at - self.previous_end).total_seconds() // 60)
