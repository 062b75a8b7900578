"""Reports of leak walks, kept per organization."""

from typing import Any, ClassVar

from django.db import models

from core.kernel.ids import new_id
from core.leak_walk.checklist.rows import Status


class LeakReport(models.Model):
    """One walk: when, over how much, and what became of each row (`rows`: RowResult as JSON)."""

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(db_index=True)
    asked_by = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(null=True)
    host = models.CharField(max_length=255, blank=True)
    languages = models.JSONField(default=list)
    looked_at = models.PositiveIntegerField(default=0)
    rows = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"

    def count(self, *states: Status) -> int:
        """How many rows came out so."""
        return sum(row["status"] in states for row in self.rows)

    @property
    def leaks(self) -> list[dict[str, Any]]:
        """The rows with findings."""
        return [row for row in self.rows if row["status"] == Status.LEAK]
