"""What somebody has put aside in the setup guide, and the link for whoever looks after the DNS."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.ids import new_id

GUIDE = "guide"  # the key of the row that puts the whole guide away


class SkippedStep(models.Model):
    """One step that the organization does without, for now: who said so, and when. The row goes when it is taken up again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=120)  # as whoever skipped it read it
    skipped_at = models.DateTimeField()
    skipped_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.title


class RecordsLink(models.Model):
    """A link to the records to set, for somebody without a login; at most one is in force."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    key = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="records_link_one_current"
            )
        ]

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d}"
