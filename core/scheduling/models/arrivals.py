"""Who has come, as the front desk notes it."""

from typing import ClassVar

from django.db import models

from core.kernel.ids import new_id


class Arrival(models.Model):
    """A client is here for the appointment at this start. Moved, it says nothing any more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    participant = models.ForeignKey("scheduling.Participant", on_delete=models.CASCADE, related_name="arrivals")
    starts_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    noted_by_id = models.UUIDField(null=True)
    noted_by_name = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["arrived_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["participant", "starts_at"], name="arrival_once")]

    def __str__(self) -> str:
        return f"{self.participant} arrived"
