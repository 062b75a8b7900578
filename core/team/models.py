"""One card for each person who works here: as they want it, and as it was released."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.kernel.ids import new_id
from core.people.models import StaffMember

ABOUT, MOST_SERVICES = 1500, 40
CONTENT = ("slug", "name", "titles", "languages", "services", "photo", "texts")


class PublicCard(models.Model):
    """What somebody wants to be read of them on the website. `titles` and `texts`: by language; `services`: ids of the catalogue.

    `is_wanted`: they want to be on the website. `released`: the content that readers see, as it was when somebody released it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.OneToOneField(StaffMember, on_delete=models.CASCADE, related_name="card")
    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    name = models.CharField(max_length=150)
    titles = models.JSONField(default=dict, blank=True)
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    services = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    photo = models.CharField(max_length=40, blank=True)
    texts = models.JSONField(default=dict, blank=True)
    is_wanted = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    released = models.JSONField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name

    def content(self) -> dict[str, Any]:
        """What it says now."""
        return {name: getattr(self, name) for name in CONTENT}

    @property
    def is_current(self) -> bool:
        """Whether readers would see just what it says now."""
        return self.released == self.content()


class FormerSlug(models.Model):
    """An address that a card had before; it leads to the one of today."""

    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True)
    card = models.ForeignKey(PublicCard, on_delete=models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug


class CardReview(models.Model):
    """Whether a card is looked at by somebody else before readers see it. One row at most; without it, it is."""

    is_current = models.BooleanField(default=True)
    is_needed = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["is_current"], name="card_review_one")]

    def __str__(self) -> str:
        return str(self.is_needed)
