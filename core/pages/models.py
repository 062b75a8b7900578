"""Page types of an organization's public site."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.fields import RichTextField
from wagtail.models import Page

from core.kernel.translation import translate
from core.pages import first_pages

HELP = "/help/"  # the help centre's address, which is no page here


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Home, everything published below it that is shown in menus, and help."""
    home = HomePage.objects.live().first()
    pages = [home, *home.get_children().live().in_menu().specific()] if home is not None else []
    entries = [{"label": _label(page), "url": page.url, "current": request.path == page.url} for page in pages]
    return [*entries, {"label": translate("Help"), "url": HELP, "current": request.path.startswith(HELP)}]


def _label(page: Page) -> str:
    return first_pages.home_title() if isinstance(page, HomePage) else page.title


class PublicPage(Page):
    """What all public pages share: the organization's navigation in their context. What nobody has written has no revision."""

    is_creatable = False

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "public_navigation": navigation(request)}


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
    """A page of text, with those below it."""

    summary = models.CharField(max_length=250, blank=True)
    body = RichTextField(blank=True)

    template = "pages/article.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        articles = ArticlePage.objects.child_of(self).live().order_by("path")
        return {**super().get_context(request, *args, **kwargs), "articles": articles}
