"""One organization's brand: a few facts from which the design system derives the rest; what is tried out, and what was published before."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.kernel.ids import new_id

# What somebody chooses of a look, and what follows from it.
BACKGROUNDS = ("waiting_picture", "call_picture")
PICTURES = ("logo", "logo_dark", "icon", "sign_in_picture", *BACKGROUNDS)
LOOK = (
    "name", "tagline", "primary_color", "accent_color", "neutral", "radius", "heading_font", "body_font", "sign_in_text", "waiting_text", "exit_url",
    "own_css",
    *PICTURES,
)  # fmt: skip
_DERIVED = ("logo_ground", "logo_dark_ground", "waiting_shade", "call_shade", "digest")


class Look(models.Model):
    """What people see of the organization. `Brand` has the one that is published, `BrandDraft` one that is tried out."""

    name = models.CharField(max_length=120)
    tagline = models.CharField(max_length=200, blank=True)
    primary_color = models.CharField(max_length=7)
    accent_color = models.CharField(max_length=7, blank=True)
    neutral = models.CharField(max_length=10, default="cool")
    radius = models.CharField(max_length=10, default="soft")
    heading_font = models.CharField(max_length=40)
    body_font = models.CharField(max_length=40)
    logo = models.FileField(upload_to="brand/", blank=True)
    logo_ground = models.CharField(
        max_length=5, blank=True
    )  # the ground without which it cannot be seen: light, dark, or any
    logo_dark = models.FileField(upload_to="brand/", blank=True)
    logo_dark_ground = models.CharField(max_length=5, blank=True)
    icon = models.FileField(upload_to="brand/", blank=True)
    # Beside the form of the sign-in, and in the waiting room; where clients go when a session has ended: empty for the start.
    sign_in_text = models.TextField(max_length=400, blank=True, db_default="")
    sign_in_picture = models.FileField(upload_to="brand/", blank=True, db_default="")
    waiting_text = models.TextField(max_length=400, blank=True, db_default="")
    # Behind the waiting room, and behind the pictures of those who meet; with how many percent of black over them, so that text can be read.
    waiting_picture = models.FileField(upload_to="brand/", blank=True, db_default="")
    waiting_shade = models.PositiveSmallIntegerField(default=0, db_default=0)
    call_picture = models.FileField(upload_to="brand/", blank=True, db_default="")
    call_shade = models.PositiveSmallIntegerField(default=0, db_default=0)
    exit_url = models.CharField(max_length=300, blank=True, db_default="")
    own_css = models.TextField(
        max_length=10_000, blank=True, db_default=""
    )  # as it was written; branding.rules.own_css reads it
    digest = models.CharField(max_length=16, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def ground_of_logo(self, variant: str) -> str:
        """The ground that the logo (`light` or `dark`) must be shown on: `light`, `dark`, or empty for any."""
        return self.logo_dark_ground if variant == "dark" else self.logo_ground

    def wear(self, other: "Look") -> None:
        """Look like the other one."""
        for field in (*LOOK, *_DERIVED):
            value = getattr(other, field)
            setattr(self, field, (value.name or "") if field in PICTURES else value)  # a file object belongs to its row

    def differences(self, other: "Look") -> list[str]:
        """What of LOOK the other one has otherwise."""
        return [field for field in LOOK if _plain(self, field) != _plain(other, field)]


def _plain(look: Look, field: str) -> str:
    return str(getattr(look, field) or "")


class BrandFont(models.Model):
    """A font that the organization has uploaded: by its key a look wears it. What it is made of never changes; it goes when no look has it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=24, unique=True)
    family = models.CharField(max_length=80)
    licence = models.CharField(max_length=200, blank=True)
    letters = models.TextField()  # as branding.rules.own_fonts writes them
    regular = models.FileField(upload_to="fonts/")
    weights = models.CharField(max_length=9, blank=True)  # “100 900” where the first file has every weight
    bold = models.FileField(upload_to="fonts/", blank=True)
    italic = models.FileField(upload_to="fonts/", blank=True)
    italic_weights = models.CharField(max_length=9, blank=True)
    paper_regular = models.FileField(upload_to="fonts/", blank=True)  # for documents
    paper_bold = models.FileField(upload_to="fonts/", blank=True)
    source = models.CharField(max_length=64)  # of what was uploaded: the same again is the same font
    author_id = models.CharField(max_length=40, blank=True)
    author_name = models.CharField(max_length=150, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["family", "added_at"]

    def __str__(self) -> str:
        return self.family

    @property
    def paper_family(self) -> str:
        """What the typesetter calls it."""
        return paper_family(self.key)

    @property
    def files(self) -> list[models.fields.files.FieldFile]:
        """Everything that is kept of it."""
        every = (self.regular, self.bold, self.italic, self.paper_regular, self.paper_bold)
        return [file for file in every if file]


def paper_family(key: str) -> str:
    """What the typesetter calls the uploaded font with this key."""
    return f"own {key.rpartition('-')[2]}"


class Brand(Look):
    """The organization as its people meet it. One row per schema."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
    vocabulary = models.CharField(max_length=20, default="clinic")
    words = models.JSONField(default=dict, blank=True)
    languages = ArrayField(models.CharField(max_length=10), default=list)
    time_zone = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2)
    sender_name = models.CharField(max_length=120, blank=True)
    reply_to = models.EmailField(blank=True)
    # Whether mail and calendar files name clients and services, which whoever shares the mailbox then reads.
    names_in_mail = models.BooleanField(default=True, db_default=True)
    address = models.TextField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    tax_number = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="brand_one_current")
        ]

    @property
    def language(self) -> str:
        """The language people meet first."""
        return self.languages[0] if self.languages else "en"


class BrandDraft(Look):
    """A look that somebody tries out: nobody meets it before it is published, but whoever has its link. None, or one per schema."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_only = models.BooleanField(default=True)
    author_id = models.CharField(max_length=40, blank=True)
    author_name = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField()
    publish_at = models.DateTimeField(null=True, blank=True)
    scheduled_by_id = models.CharField(max_length=40, blank=True)
    scheduled_by_name = models.CharField(max_length=150, blank=True)
    share_key = models.CharField(max_length=64, blank=True)
    share_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_only"], condition=Q(is_only=True), name="brand_draft_only_one")
        ]

    @property
    def mark(self) -> str:
        """Which state of the draft somebody has looked at."""
        return self.changed_at.isoformat()


class BrandVersion(Look):
    """A look as it was published. Rows are only added; the newest is in force. `restores`: the number of the version that it brought back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    restores = models.PositiveIntegerField(null=True, blank=True)
    author_id = models.CharField(max_length=40, blank=True)
    author_name = models.CharField(max_length=150, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-number"]
