"""What is known of a file, of its smaller pictures, of what is still on its way, and of the keys that they are encrypted with."""

from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.files.rules.file_types import BY_CODE, FileType, Kind
from core.kernel import encrypted_columns, encryption
from core.kernel.ids import new_id

KEY = "key of files"  # what the encryption of the keys is for
NAME = "name of a file"  # and of the names


class FileKey(models.Model):
    """One key of the organization's. What comes is sealed with the current one; a former one goes when nothing is sealed with it any more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    encrypted = models.TextField()
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="file_key_current_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @cached_property
    def secret(self) -> bytes:
        """The 32 bytes. `core.kernel.encryption.InvalidToken` when SECRET_KEY is another one and no longer knows the older."""
        return bytes.fromhex(encryption.decrypt(self.encrypted, purpose=KEY))


class FileUsage(models.Model):
    """How many bytes all files have together, so that nobody need add them up. One row at most."""

    is_current = models.BooleanField(default=True)
    size = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["is_current"], name="file_usage_once")]

    def __str__(self) -> str:
        return str(self.size)


class Named(models.Model):
    """Something with the name of a file, which may say as much of a person as the file does; so it is encrypted, too."""

    encrypted_name = models.TextField()

    class Meta:
        abstract = True

    @cached_property
    def name(self) -> str:
        """What it was called where it came from; `file` when the key of the name is not known any more."""
        try:
            return encryption.decrypt(self.encrypted_name, purpose=NAME)
        except encryption.InvalidToken:
            return "file"

    def set_name(self, name: str) -> None:
        self.encrypted_name = encryption.encrypt(name, purpose=NAME)
        self.__dict__.pop("name", None)


class StoredFile(Named):
    """A file as it came. It belongs to what points to it, and is deleted with that by `core.files.actions.remove_file`.

    `purpose` says what it was brought for. `previews`: what became of the smaller pictures of it.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("Being looked through for viruses")
        READY = "ready", _("Ready")
        INFECTED = "infected", _("Removed, because a virus was found")

    class Previews(models.TextChoices):
        NONE = "none", _("There is no preview of files of this kind")
        WAITING = "waiting", _("The preview is being made")
        MADE = "made", _("Made")
        FAILED = "failed", _("No preview can be made of this file")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.SlugField(max_length=40)
    type_code = models.SlugField(max_length=20)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=120, blank=True)
    key = models.ForeignKey(FileKey, on_delete=models.PROTECT, related_name="files")
    state = models.CharField(max_length=10, choices=State.choices)
    finding = models.CharField(max_length=120, blank=True)
    previews = models.CharField(max_length=10, choices=Previews.choices)
    pages = models.PositiveIntegerField(null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    added_by_name = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="infected", stored_as="") | (~Q(state="infected") & ~Q(stored_as="")),
                name="file_infected_is_gone",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)  # because a name may say as much as the file

    @property
    def type(self) -> FileType:
        return BY_CODE.get(self.type_code, BY_CODE["other"])

    @property
    def kind(self) -> Kind:
        return self.type.kind

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    def rendition(self, kind: str) -> "Rendition | None":
        """The smaller picture of this kind; from what was prefetched, if it was."""
        return next((each for each in self.renditions.all() if each.kind == kind), None)


class Rendition(models.Model):
    """A picture made of a file: of a picture itself, or of the first page. Without place, date and camera."""

    class Kind(models.TextChoices):
        SMALL = "small", _("Small")
        LARGE = "large", _("Large")

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    stored_as = models.CharField(max_length=120)
    key = models.ForeignKey(FileKey, on_delete=models.PROTECT, related_name="renditions")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "kind"], name="file_rendition_once")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.kind}"


class Upload(Named):
    """A file on its way, in parts. `received`: the bytes that are here; the next part begins there. `file`: what came of it, once all are.

    Whoever began it takes the file for something, or it goes after a day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    purpose = models.SlugField(max_length=40)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    key = models.ForeignKey(FileKey, on_delete=models.PROTECT, related_name="uploads")
    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    file = models.OneToOneField(StoredFile, on_delete=models.SET_NULL, null=True, related_name="upload")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(received__lte=models.F("size")), name="upload_received_at_most_size"),
        ]
        indexes: ClassVar = [models.Index(fields=["touched_at"], name="upload_touched")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_complete(self) -> bool:
        return self.file_id is not None


class UploadPart(models.Model):
    """One part that has come, sealed like a file of its own."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    start = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    stored_as = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["start"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["upload", "start"], name="upload_part_once")]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.start}"


encrypted_columns.register(StoredFile, "encrypted_name", purpose=NAME)
encrypted_columns.register(Upload, "encrypted_name", purpose=NAME)
encrypted_columns.register(FileKey, "encrypted", purpose=KEY)
