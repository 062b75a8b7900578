"""Files of a client: what belongs to their record, brought by whoever keeps it or by the client's own logins."""

from typing import ClassVar

from django.db import models

from core.files.models import StoredFile
from core.kernel.ids import new_id
from core.people.models import Client
from core.records.models.shared_by_hand import SharedByHand


class ClientFile(SharedByHand):
    """One file of a client's record. What a login of theirs has brought they see as long as it is there; anything else once it is shared."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="client_file")
    is_from_client = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta(SharedByHand.Meta):
        ordering: ClassVar = ["-added_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["client", "-added_at"], name="file_of_client")]

    def __str__(self) -> str:
        return f"{self.client}, {self.added_at:%Y-%m-%d}"
