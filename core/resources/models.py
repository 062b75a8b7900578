"""Resources, their earlier files and their cards, on whose lists they stand, and what somebody plays alone."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.files.models import StoredFile
from core.files.rules.file_types import Kind as FileKind
from core.kernel import search_keys
from core.kernel.ids import new_id
from core.people.models import StaffMember, User
from core.resources.rules.links import LONGEST

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_TAG, MOST_TAGS = 150, 2000, 40, 20
LONGEST_SIDE, MOST_CARDS = 200, 120


class Resource(models.Model):
    """Something that is used in sessions: a file, a link, or a set of cards. `shared_at`: since when colleagues find it in the store."""

    class Kind(models.TextChoices):
        PICTURE = FileKind.PICTURE.value, _("Picture")
        PDF = FileKind.PDF.value, "PDF"
        AUDIO = FileKind.AUDIO.value, _("Sound")
        VIDEO = FileKind.VIDEO.value, _("Video")
        SCORE = FileKind.SCORE.value, _("Score")
        DOCUMENT = FileKind.DOCUMENT.value, _("Document")
        SLIDES = FileKind.SLIDES.value, _("Slides")
        SHEET = FileKind.SHEET.value, _("Sheet")
        TEXT = FileKind.TEXT.value, _("Text")
        LINK = "link", _("Link")
        CARDS = "cards", _("Card set")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="resources")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=LONGEST_TITLE)
    description = models.TextField(max_length=LONGEST_DESCRIPTION, blank=True)
    tags = ArrayField(models.CharField(max_length=LONGEST_TAG), default=list, blank=True, size=MOST_TAGS)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=LONGEST, blank=True)
    link_kind = models.CharField(max_length=20, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    search_key = search_keys.search_key("title", "description")
    sort_key = search_keys.sort_key("title")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="link", file__isnull=True) & ~Q(address="")
                | Q(kind="cards", file__isnull=True, address="")
                | ~Q(kind__in=["link", "cards"]) & Q(file__isnull=False, address=""),
                name="resource_is_one_thing",
            ),
        ]
        indexes: ClassVar = [
            search_keys.search_index("resource_search"),
            GinIndex(fields=["tags"], name="resource_tags"),
            models.Index(fields=["-shared_at"], condition=Q(shared_at__isnull=False), name="resource_shared"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None


class Card(models.Model):
    """A card of a set. Each side has text, a picture and a sound, or nothing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="cards")
    position = models.PositiveSmallIntegerField()
    front_text = models.CharField(max_length=LONGEST_SIDE, blank=True)
    back_text = models.CharField(max_length=LONGEST_SIDE, blank=True)
    front_picture = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    back_picture = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    front_sound = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    back_sound = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [models.Index(fields=["resource", "position"], name="card_in_order")]

    def __str__(self) -> str:
        return self.front_text or self.back_text or str(self.pk)

    def has(self, side: str) -> bool:
        """Whether something stands on it."""
        return any(getattr(self, f"{side}_{part}") for part in ("text", "picture_id", "sound_id"))

    @property
    def files(self) -> list[StoredFile]:
        """All that belong to it."""
        named = (getattr(self, f"{side}_{part}") for side in ("front", "back") for part in ("picture", "sound"))
        return [file for file in named if file is not None]


class OwnTable(models.Model):
    """What somebody plays alone with a set of cards; without one, dice."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, null=True, related_name="+")
    table = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "resource"], nulls_distinct=False, name="own_table_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.resource_id or 'dice'}"


class ResourceVersion(models.Model):
    """A file that the resource had before it was replaced by a fresh copy."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="versions")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField()
    replaced_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.replaced_at:%Y-%m-%d}"


class ListedResource(models.Model):
    """A resource on somebody's list: their own, or one that they have added from the store."""

    staff = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="listed_resources")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="listings")
    is_favorite = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "resource"], name="resource_listed_once")]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.resource_id}"
