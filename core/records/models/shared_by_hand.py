"""What belongs to a record and is shown to the client once somebody shares it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.people.models import User


class SharedByHand(models.Model):
    """Since when it is shared, and by whom; shared with nobody at first."""

    shared_at = models.DateTimeField(null=True, blank=True)
    shared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(shared_at=None, shared_by=None) | Q(shared_at__isnull=False, shared_by__isnull=False),
                name="%(class)s_shared_by_somebody",
            )
        ]

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None
