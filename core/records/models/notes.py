"""Notes about clients: their text as it stands, as it stood, as it was signed, what was added, and what the client reads."""

from dataclasses import replace
from typing import ClassVar

from django.db import models

from core.kernel.ids import new_id
from core.people.models import Client, User
from core.records.models.sealed import NoteText
from core.scheduling.models import Appointment

TITLE = 150
LONGEST = 60_000  # characters of a text, its elements included


class SealedModel(models.Model):
    """A row with a text that is encrypted at rest."""

    sealed = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def text(self) -> NoteText:
        """Decrypted once for what was loaded last."""
        opened: tuple[str, NoteText] | None = self.__dict__.get("_opened")
        if opened is None or opened[0] != self.sealed:
            opened = self.__dict__["_opened"] = (self.sealed, NoteText.read(self.sealed))
        return opened[1]

    def write(self, text: NoteText) -> None:
        """Set the text, without saving."""
        self.sealed = text.sealed()


class Note(SealedModel):
    """What somebody writes about a client, of an appointment or freely. `revision` counts the times it was saved; 0: nobody has typed yet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="notes")
    appointment = models.ForeignKey(Appointment, on_delete=models.SET_NULL, null=True, related_name="client_notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")  # who typed last
    written_at = models.DateTimeField()
    version_since = models.DateTimeField()  # since when the same person has been typing without a longer break

    class Meta:
        ordering: ClassVar = ["-begun_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["client", "-begun_at"], name="note_of_client"),
            models.Index(fields=["author", "-begun_at"], name="note_of_author"),
        ]

    def __str__(self) -> str:
        return f"{self.client}, {self.begun_at:%Y-%m-%d}"

    @property
    def is_blank(self) -> bool:
        """Whether nobody has written a word: a template alone is none."""
        return self.revision == 0 or self.text.is_blank

    @property
    def shown_share(self) -> "NoteShare | None":
        """What the client reads of it; None while it is not shared."""
        return getattr(self, "share", None)

    @property
    def signed_by(self) -> list["NoteSignature"]:
        """Everybody who has signed, the first to come first."""
        return sorted(self.signatures.all(), key=lambda one: (one.signed_at, one.pk))

    @property
    def is_signed(self) -> bool:
        """Whether it is locked."""
        return bool(self.signed_by)

    @property
    def is_intact(self) -> bool:
        """Whether the text is still, letter for letter, what each of them has signed."""
        return all(self.text.is_readable and one.text == self.text for one in self.signed_by)

    @property
    def added(self) -> list["NoteAmendment"]:
        """What was added after it was signed, in order."""
        return sorted(self.amendments.all(), key=lambda one: (one.written_at, one.pk))

    @property
    def whole_text(self) -> NoteText:
        """The text with what was added to it: what is shared."""
        additions = tuple(
            {"by": one.author.name, "at": one.written_at.isoformat(), "body": one.text.body} for one in self.added
        )
        return replace(self.text, additions=additions)

    @property
    def is_share_current(self) -> bool:
        """Whether the client reads what stands there now."""
        return self.shown_share is not None and self.shown_share.text == self.whole_text


class NoteVersion(SealedModel):
    """What a note said until somebody wrote on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-revision"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["note", "revision"], name="noteversion_once")]

    def __str__(self) -> str:
        return f"{self.note_id}, {self.revision}"


class NoteSignature(SealedModel):
    """Somebody answers for a note, with the very text that they have signed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="signatures")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)  # as they were called then
    signed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["signed_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["note", "user"], name="notesignature_once")]

    def __str__(self) -> str:
        return f"{self.name}, {self.signed_at:%Y-%m-%d %H:%M}"


class NoteAmendment(SealedModel):
    """What somebody adds to a note that is signed. It is never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="amendments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["written_at", "id"]

    def __str__(self) -> str:
        return f"{self.note_id}, {self.written_at:%Y-%m-%d %H:%M}"


class NoteShare(SealedModel):
    """What the client reads of a note: the text as it stood when it was shared, so that nobody reads along while it is written on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    note = models.OneToOneField(Note, on_delete=models.CASCADE, related_name="share")
    shared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-shared_at", "-id"]

    def __str__(self) -> str:
        return f"{self.note_id}, {self.shared_at:%Y-%m-%d %H:%M}"


class NoteTemplate(models.Model):
    """What a new note can begin with. The organization's own: the product brings none for any discipline."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=TITLE)
    body = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name
