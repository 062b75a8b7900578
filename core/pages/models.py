"""Page types of an organization's public site, what each page says in which language, and its pictures."""

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Page

from branding.models import Branch
from core.kernel import clock
from core.kernel.ids import new_id
from core.pages.addresses import path_of_page
from core.pages.sections import SectionsField

TITLE, DESCRIPTION = 120, 300


class PageText(models.Model):
    """What a page says in one language. Belongs to the page's revisions, so that a draft has texts of its own."""

    page = ParentalKey(Page, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=TITLE)
    description = models.CharField(max_length=DESCRIPTION, blank=True)
    sections = SectionsField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["page", "language"], name="page_text_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The sections as plain values: `id`, `type`, `value`."""
        return [dict(part) for part in self.sections.raw_data]

    @parts.setter
    def parts(self, parts: Sequence[dict[str, Any]]) -> None:
        self.sections = json.dumps(list(parts))


class PublicPage(Page):
    """What all public pages share."""

    is_creatable = False

    class Meta:
        abstract = True

    @property
    def path_on_host(self) -> str:
        """Its address without a host and a language."""
        return path_of_page(self.url_path)


class HomePage(PublicPage):
    """The front door. As long as nobody has written it, it greets with what is known."""

    max_count = 1
    parent_page_types: ClassVar = ["wagtailcore.Page"]


class SitePage(PublicPage):
    """Any other page of the site; pages below it are its articles."""

    parent_page_types: ClassVar = ["pages.HomePage", "pages.SitePage"]


class BranchFrontPage(models.Model):
    """The page that visitors of a branch's hosts find first, where it is not the organization's front page."""

    branch = models.OneToOneField(Branch, on_delete=models.CASCADE, primary_key=True, related_name="front_page")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="branch_fronts")

    def __str__(self) -> str:
        return f"{self.branch_id}: {self.page_id}"


class SitePicture(models.Model):
    """A picture that was uploaded for the site, kept in two sizes without its metadata. Which page shows it, sections say."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    large = models.FileField(upload_to="pages/")
    small = models.FileField(upload_to="pages/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    small_width = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"


class DraftLink(models.Model):
    """A link that shows the newest draft of a page to whoever has it, without an account; one for each page at most."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="draft_link")
    key = models.CharField(max_length=64, unique=True)
    made_by = models.CharField(max_length=200)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.page_id} until {self.until:%Y-%m-%d}"
