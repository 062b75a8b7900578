"""Boards, what was drawn on them (a log of updates and one snapshot), who drew, the pictures on them, and what was kept of them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.ids import new_id
from core.people.models import Client, User
from core.scheduling.models import Appointment

MOST_DOCUMENT_BYTES = 12 * 1024 * 1024  # of one board, as it is stored


class Board(models.Model):
    """A whiteboard. It belongs to one space and never leaves it: that of a client, or that of one group's appointment."""

    class ClientAccess(models.TextChoices):
        DRAW = "draw", _("Draw")
        LOOK = "look", _("Look only")
        NONE = "none", _("Not see it")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="boards")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, related_name="boards")
    title = models.CharField(max_length=120)
    client_access = models.CharField(max_length=10, choices=ClientAccess.choices, default=ClientAccess.DRAW)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # drawn on, last
    sequence = models.PositiveBigIntegerField(default=0, editable=False)  # of the last update
    size = models.PositiveBigIntegerField(default=0, editable=False)  # bytes of snapshot and log
    log_size = models.PositiveBigIntegerField(default=0, editable=False)  # bytes of the log alone

    class Meta:
        ordering: ClassVar = ["-changed_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(client__isnull=False, appointment=None) | Q(client=None, appointment__isnull=False),
                name="board_in_one_space",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def percent_full(self) -> int:
        """How much of the room of a board is taken."""
        return min(100, self.size * 100 // MOST_DOCUMENT_BYTES)


class BoardAuthor(models.Model):
    """Who draws on a board, under the key that stands for them in its document: pages read no ids of logins."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="authors")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=12)
    name = models.CharField(max_length=150)
    is_host = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["board", "user"], name="boardauthor_once"),
            models.UniqueConstraint(fields=["board", "key"], name="boardauthor_key_once"),
        ]

    def __str__(self) -> str:
        return self.name


class BoardUpdate(models.Model):
    """One update of a board's document, as its author's page sent it. `sequence` counts without gaps on each board."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="updates")
    sequence = models.PositiveBigIntegerField()
    update = models.BinaryField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["board", "sequence"], name="boardupdate_sequence_once")
        ]

    def __str__(self) -> str:
        return f"update {self.sequence} of {self.board_id}"


class BoardSnapshot(models.Model):
    """A board's document as it was after the update `through`."""

    board = models.OneToOneField(Board, on_delete=models.CASCADE, primary_key=True, related_name="snapshot")
    state = models.BinaryField()
    through = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"snapshot of {self.board_id} after {self.through}"


class BoardPicture(models.Model):
    """A picture that somebody put on a board, written anew by us. The document only names it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="pictures")
    file = models.CharField(max_length=200)
    width = models.PositiveIntegerField()  # pixels
    height = models.PositiveIntegerField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"picture on {self.board_id}"


class SavedBoard(models.Model):
    """A board as it was at one moment, kept with its space as pictures and as a document. It stays when the board changes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="saved_boards")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, related_name="saved_boards")
    board = models.ForeignKey(Board, on_delete=models.SET_NULL, null=True, related_name="saved")
    title = models.CharField(max_length=120)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    saved_by_name = models.CharField(max_length=150)
    saved_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=1000)  # names of those whose things are on it
    pages = models.PositiveSmallIntegerField()
    client_may_see = models.BooleanField(default=True)
    pdf = models.CharField(max_length=200)
    png = models.CharField(max_length=200)
    svg = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(default=0)  # bytes of all three

    class Meta:
        ordering: ClassVar = ["-saved_at", "id"]

    def __str__(self) -> str:
        return f"{self.title} of {self.saved_at:%Y-%m-%d}"
