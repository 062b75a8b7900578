"""Page types of an organization's public site."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.fields import RichTextField
from wagtail.models import Page


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Home and everything published below it that is shown in menus."""
    home = HomePage.objects.live().first()
    if home is None:
        return []
    entries = [home, *home.get_children().live().in_menu()]
    return [{"label": page.title, "url": page.url, "current": request.path == page.url} for page in entries]


class PublicPage(Page):
    """What all public pages share: the organization's navigation in their context."""

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


class ArticlePage(PublicPage):
    """A page of text: a help article, or an index of them."""

    summary = models.CharField(max_length=250, blank=True)
    body = RichTextField(blank=True)

    template = "pages/article.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        children = ArticlePage.objects.child_of(self).live().order_by("path")
        return {**super().get_context(request, *args, **kwargs), "articles": children}
