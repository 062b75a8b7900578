"""One organization's brand: a few facts from which the design system derives the rest."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.kernel.ids import new_id


class Brand(models.Model):
    """The organization as its people meet it. One row per schema."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    is_current = models.BooleanField(default=True)
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
    digest = models.CharField(max_length=16, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="brand_one_current")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def language(self) -> str:
        """The language people meet first."""
        return self.languages[0] if self.languages else "en"

    def ground_of_logo(self, variant: str) -> str:
        """The ground that the logo (`light` or `dark`) must be shown on: `light`, `dark`, or empty for any."""
        return self.logo_dark_ground if variant == "dark" else self.logo_ground
