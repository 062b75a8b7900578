"""What somebody has put aside in the setup guide."""

from django.db import models

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
