"""What was put before everybody in a room, and what of it is open now."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.files.models import StoredFile
from core.kernel.ids import new_id
from core.people.models import User
from core.records.models import ClientFile
from core.resources.models import LONGEST_TITLE, Resource

STEERED = frozenset({"audio", "video"})  # what plays for everybody at the same second
DICE = "dice"  # what belongs to no resource and no file
SHOWN = STEERED | {"picture", "pdf", "text", "link", "cards"}  # kinds that a page can show by itself


class Showing(models.Model):
    """A resource or a file of the client's that a host has put before everybody in a room. It is open until it is closed, and stays as what was
    used in the session. At `at` it stood, or played, at `position` seconds. With cards and dice there is a `table`, as `core.resources.rules.games`
    knows it: its players are the ids of people and guests.

    `title` is what a resource was called; of a file it is empty, because its name is kept with it, encrypted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    room = models.ForeignKey("sessions_live.Room", on_delete=models.CASCADE, related_name="showings")
    resource = models.ForeignKey(Resource, on_delete=models.SET_NULL, null=True, related_name="+")
    client_file = models.ForeignKey(ClientFile, on_delete=models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    kind = models.CharField(max_length=10)
    is_playing = models.BooleanField(default=False)
    position = models.FloatField(default=0.0)
    at = models.DateTimeField()
    table = models.JSONField(null=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first_opened_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["first_opened_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(resource=None) | Q(client_file=None), name="showing_of_one"),
            models.UniqueConstraint(fields=["room"], condition=Q(closed_at=None), name="showing_one_open_per_room"),
            models.UniqueConstraint(fields=["room", "resource"], name="showing_resource_once"),
            models.UniqueConstraint(fields=["room", "client_file"], name="showing_client_file_once"),
            models.UniqueConstraint(fields=["room"], condition=Q(kind="dice"), name="showing_dice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.room_id}"  # because a name may say as much as the file

    @property
    def file(self) -> StoredFile | None:
        """As it is today; None for a link, and for what is gone."""
        shown = self.resource or self.client_file
        return shown.file if shown else None

    @property
    def name(self) -> str:
        """What people read: the title of today, or the one that a resource had; empty for a file that is gone."""
        if self.resource is not None:
            return self.resource.title
        return self.client_file.file.name if self.client_file is not None else self.title

    @property
    def kind_now(self) -> str:
        """A fresh copy may be of another kind."""
        if self.resource is not None:
            return self.resource.kind
        return self.client_file.file.kind.value if self.client_file is not None else self.kind
