"""That somebody's work was handed over to a colleague: the act as a row, which also lets the colleague see what was before."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from core.kernel.ids import new_id
from core.people.models import Client, StaffMember

UNDO = timedelta(days=7)


class HandOver(models.Model):
    """From whom to whom, which clients, and what has moved by it, by keys of each kind: `appointments`, `series`, `assigned`, `unassigned`,
    and whatever other apps add.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    former = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="handed_over")
    successor = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="taken_over")
    clients = models.ManyToManyField(Client, related_name="hand_overs")
    reason = models.CharField(max_length=300)
    moved = models.JSONField(default=dict)
    made_by_id = models.UUIDField(null=True)
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"from {self.former} to {self.successor}"

    def can_be_undone_at(self, now: datetime) -> bool:
        """Whether it is not undone, and not longer ago than that."""
        return self.undone_at is None and now <= self.made_at + UNDO
