"""Page types of an organization's public site."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.fields import RichTextField
from wagtail.models import Page

from core.pages import first_pages


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Home and everything published below it that is shown in menus."""
    home = HomePage.objects.live().first()
    if home is None:
        return []
    entries = [home, *home.get_children().live().in_menu().specific()]
    return [{"label": _label(page), "url": page.url, "current": request.path == page.url} for page in entries]


def _label(page: Page) -> str:
    return first_pages.home_title() if isinstance(page, HomePage) else page.text.title


class PublicPage(Page):
    """What all public pages share: the organization's navigation in their context. What nobody has written has no revision."""

    is_creatable = False

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "public_navigation": _navigation(request)}


class HomePage(PublicPage):
    """The front door: a promise, a paragraph, three reasons, how to get in touch."""

    headline = models.CharField(max_length=120)
    introduction = models.TextField(blank=True)
    about = RichTextField(blank=True)
    contact = models.TextField(blank=True)

    template = "pages/home.html"
    max_count = 1
    parent_page_types: ClassVar = ["wagtailcore.Page"]

    @property
    def greeting(self) -> first_pages.Greeting:
        """The first words: the organization's own, once it has published some."""
        if self.latest_revision_id is None:
            return first_pages.greeting()
        return first_pages.Greeting(self.headline, self.introduction)


class ArticlePage(PublicPage):
    """A page of text: a help article, or an index of them."""

    summary = models.CharField(max_length=250, blank=True)
    body = RichTextField(blank=True)

    template = "pages/article.html"

    @property
    def text(self) -> first_pages.Text:
        """What it says."""
        if self.latest_revision_id is None and self.slug in first_pages.TEXTS:
            return first_pages.TEXTS[self.slug]()
        return first_pages.Text(self.title, self.summary, self.body)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        articles = ArticlePage.objects.child_of(self).live().order_by("path")
        return {**super().get_context(request, *args, **kwargs), "articles": articles}
