"""One organization's brand: a few facts from which the design system derives the rest; what is tried out, and what was published before."""

import copy
import hashlib
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.kernel.ids import new_id

# What somebody chooses of a look, and what follows from it.
BACKGROUNDS = ("waiting_picture", "call_picture")
GROUNDS = ("waiting_color", "call_color")  # where there is no picture
PICTURES = ("logo", "logo_dark", "icon", "sign_in_picture", *BACKGROUNDS)
LOOK = (
    "name", "tagline", "primary_color", "accent_color", "neutral", "radius", "heading_font", "body_font", "sign_in_text", "waiting_text", "exit_url",
    "own_css",
    *GROUNDS,
    *PICTURES,
)  # fmt: skip
_DERIVED = ("logo_ground", "logo_dark_ground", "waiting_shade", "call_shade", "digest")


class Appearance(models.Model):
    """Facts that are drafted, published and brought back together, pictures among them, and what follows from them."""

    FACTS: ClassVar[tuple[str, ...]]
    FILES: ClassVar[tuple[str, ...]]
    DERIVED: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    def wear(self, other: "Appearance") -> None:
        """Look like the other one."""
        for field in (*self.FACTS, *self.DERIVED):
            value = getattr(other, field)
            setattr(
                self, field, (value.name or "") if field in self.FILES else value
            )  # a file object belongs to its row

    def differences(self, other: "Appearance") -> list[str]:
        """Which facts the other one has otherwise."""
        return [field for field in self.FACTS if str(getattr(self, field) or "") != str(getattr(other, field) or "")]


class Draft(models.Model):
    """What a draft has beside its facts: who changed it, when it is published by itself, and its link."""

    author_id = models.CharField(max_length=40, blank=True)
    author_name = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField()
    publish_at = models.DateTimeField(null=True, blank=True)
    scheduled_by_id = models.CharField(max_length=40, blank=True)
    scheduled_by_name = models.CharField(max_length=150, blank=True)
    share_key = models.CharField(max_length=64, blank=True)
    share_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def mark(self) -> str:
        """Which state of the draft somebody has looked at."""
        return self.changed_at.isoformat()


class Version(models.Model):
    """What a published state has beside its facts. `restores`: the number of the version that it brought back."""

    restores = models.PositiveIntegerField(null=True, blank=True)
    author_id = models.CharField(max_length=40, blank=True)
    author_name = models.CharField(max_length=150, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        abstract = True


class Look(Appearance):
    """What people see of the organization. `Brand` has the one that is published, `BrandDraft` one that is tried out."""

    FACTS, FILES, DERIVED = LOOK, PICTURES, _DERIVED

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
    waiting_color = models.CharField(max_length=7, blank=True, default="", db_default="")
    call_color = models.CharField(max_length=7, blank=True, default="", db_default="")
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

    of_branch: "BranchFacts | None" = None  # whose look is put over it; then it is no row

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="brand_one_current")
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A branch's look is read only: written, it would become everybody's."""
        self._refuse_for_branch()
        super().save(*args, **kwargs)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Nor is it read anew: it would become the organization's."""
        self._refuse_for_branch()
        super().refresh_from_db(*args, **kwargs)

    def _refuse_for_branch(self) -> None:
        if self.of_branch is not None:
            raise TypeError("this is the brand as it is met at a branch: take the published one")

    @property
    def language(self) -> str:
        """The language people meet first."""
        return self.languages[0] if self.languages else "en"


# What a branch can have otherwise: of the look, and of how the organization is reached.
BRANCH_PICTURES = ("logo", "logo_dark", "icon", "sign_in_picture")
BRANCH_LOOK = ("name", "tagline", "primary_color", "accent_color", "sign_in_text", *BRANCH_PICTURES)
BRANCH_CONTACT = ("sender_name", "reply_to", "address", "phone")


class BranchFacts(Appearance):
    """What a branch has otherwise than the organization. What is empty, it has from there."""

    FACTS, FILES, DERIVED = (
        ("label", *BRANCH_LOOK, *BRANCH_CONTACT),
        BRANCH_PICTURES,
        ("logo_ground", "logo_dark_ground"),
    )

    label = models.CharField(max_length=80)  # what those who work here call it
    name = models.CharField(max_length=120, blank=True)
    tagline = models.CharField(max_length=200, blank=True)
    primary_color = models.CharField(max_length=7, blank=True)
    accent_color = models.CharField(max_length=7, blank=True)
    logo = models.FileField(upload_to="brand/", blank=True)
    logo_ground = models.CharField(max_length=5, blank=True)
    logo_dark = models.FileField(upload_to="brand/", blank=True)
    logo_dark_ground = models.CharField(max_length=5, blank=True)
    icon = models.FileField(upload_to="brand/", blank=True)
    sign_in_text = models.TextField(max_length=400, blank=True)
    sign_in_picture = models.FileField(upload_to="brand/", blank=True)
    sender_name = models.CharField(max_length=120, blank=True)
    reply_to = models.EmailField(blank=True)
    address = models.TextField(max_length=500, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    def ground_of_logo(self, variant: str) -> str:
        """As for a look."""
        return self.logo_dark_ground if variant == "dark" else self.logo_ground

    @property
    def key(self) -> str:
        """The beginning of the digest of its looks, by which an address of its pictures says whose they are."""
        return self.pk.hex[-8:]

    @property
    def digest(self) -> str:
        """What the addresses of its own pictures carry: `look_of_digest` finds whose they are by the beginning."""
        made_of = "\n".join(str(getattr(self, field)) for field in self.FACTS)
        return self.key + hashlib.sha256(made_of.encode()).hexdigest()[:8]

    def put_over(self, brand: "Brand") -> "Brand":
        """The brand of the organization as it is met at the branch; without its digest.

        Two things belong together, so that nothing of the organization shines through: colours, and pictures that say a name. Who has a main
        colour of its own has no second one from the organization, and who has a logo has neither its dark one nor its icon.
        """
        worn = copy.copy(brand)
        if self.primary_color:
            worn.accent_color = ""
        if self.logo:
            worn.logo_dark = worn.logo_dark_ground = worn.icon = ""
        if self.name:
            worn.sender_name = ""
        for field in (*BRANCH_LOOK, *BRANCH_CONTACT):
            if value := getattr(self, field):
                setattr(worn, field, (value.name or "") if field in BRANCH_PICTURES else value)
        for field in ("logo", "logo_dark"):
            if getattr(self, field):
                setattr(worn, f"{field}_ground", getattr(self, f"{field}_ground"))
        worn.of_branch = self
        return worn


class Branch(BranchFacts):
    """A place or a line of the organization that is met under a look of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["label", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("label"), name="branch_label_once")]


class BranchDraft(Draft, BranchFacts):
    """What somebody tries out for a branch: nobody meets it before it is published, but whoever has its link."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    branch = models.OneToOneField(Branch, on_delete=models.CASCADE, related_name="draft")

    @property
    def key(self) -> str:
        """As long as nothing is saved, its pictures are those of the branch."""
        return self.branch.key if self._state.adding and self.branch_id else super().key


class BranchVersion(Version, BranchFacts):
    """A branch as it was published. Rows are only added; the newest is in force."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["branch", "number"], name="branch_version_number")]


class BrandDraft(Draft, Look):
    """A look that somebody tries out: nobody meets it before it is published, but whoever has its link. None, or one per schema."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_only = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_only"], condition=Q(is_only=True), name="brand_draft_only_one")
        ]


class BrandVersion(Version, Look):
    """A look as it was published. Rows are only added; the newest is in force."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)

    class Meta:
        ordering: ClassVar = ["-number"]
