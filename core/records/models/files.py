"""Files of a client: what belongs to their record, brought by whoever keeps it or by the client's own logins."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.files.models import StoredFile
from core.kernel.ids import new_id
from core.people.models import Client, User


class ClientFile(models.Model):
    """One file of a client's record. What a login of theirs has brought they see as long as it is there; anything else once it is shared."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="client_file")
    is_from_client = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True, blank=True)
    shared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-added_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["client", "-added_at"], name="file_of_client")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(shared_at=None, shared_by=None) | Q(shared_at__isnull=False, shared_by__isnull=False),
                name="clientfile_shared_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.client}, {self.added_at:%Y-%m-%d}"

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None
