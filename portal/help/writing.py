"""All articles as those see them who write them: what is whose, in which language, in which order, and what is hidden."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding.queries import current_brand
from core.help import feedback
from core.help.actions import move_article, show_article
from core.help.models import Article, ArticleVersion
from core.help.queries import HelpCentre, Listed, require_article, whole_help_centre
from core.help.starters import standard_text, starter
from core.kernel import clock
from core.people.roles import Permission
from portal.access import SignedInView
from portal.forms import ActionView
from portal.settings_pages import settings_menu


def offered() -> list[str]:
    """The languages in which help is read."""
    return list(current_brand().languages) or ["en"]


def sections(current: str) -> list[dict[str, Any]]:
    """The three pages about help."""
    pages = (("list", _("Articles")), ("feedback", _("Was it helpful?")), ("searches", _("Searched in vain")))
    return [{"label": label, "url": reverse(f"articles:{name}"), "current": name == current} for name, label in pages]


class WritingMixin:
    """Pages about help in one of the organization's languages."""

    needs = Permission.MANAGE_ORGANIZATION
    request: HttpRequest

    @property
    def language(self) -> str:
        """The one that was asked for, else the reader's own, else the organization's first."""
        asked, own, languages = self.request.GET.get("language", ""), translation.get_language() or "", offered()
        return next((each for each in (asked, own) if each in languages), languages[0])

    def centre(self) -> HelpCentre:
        """Everything, in that language."""
        with translation.override(self.language):
            return whole_help_centre(self.language)

    def languages(self, here: str) -> list[dict[str, Any]]:
        """The choice of a language for a page."""
        names = dict(settings.LANGUAGES)
        return [
            {"label": names.get(code, code), "url": f"{here}?language={code}", "current": code == self.language}
            for code in offered()
        ]


class ArticleListView(WritingMixin, SignedInView):
    """The shelves with everything on them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        here, centre = reverse("articles:list"), self.centre()
        newest, judged = _newest(self.language), feedback.tallies_by_article(feedback.tallies())
        shelves = [
            {
                "shelf": shelf,
                "rows": [_row(each, newest.get(each.slug), judged.get(each.slug)) for each in shelf.articles],
            }
            for shelf in centre.shelves
        ]
        context = {
            "shelves": shelves,
            "drafts": _drafts_only(centre, newest),
            "language": self.language,
            "languages": self.languages(here),
            "sections": sections("list"),
            "settings_menu": settings_menu(request),
        }
        return render(request, "help/writing.html", context)


class ArticleActionView(WritingMixin, ActionView):
    """A button about one article; it leads back to its row."""

    slug: str

    def load(self, slug: str, **_rest: Any) -> None:
        require_article(slug)
        self.slug = slug

    def get_success_url(self) -> str:
        return f"{reverse('articles:list')}?language={self.language}#{self.slug}"


class MoveView(ArticleActionView):
    """One place up or down."""

    def perform(self) -> Article:
        up = self.request.POST.get("to") == "up"
        with translation.override(self.language):
            return move_article(self.slug, language=self.language, up=up, by=self.user, now=clock.now())


class VisibilityView(ArticleActionView):
    """Hidden from every reader, or shown again."""

    success_message = gettext_lazy("Saved.")

    def perform(self) -> Article:
        is_shown = self.request.POST.get("show") == "1"
        return show_article(self.slug, is_shown=is_shown, by=self.user, now=clock.now())


def _newest(language: str) -> dict[str, ArticleVersion]:
    """The newest version of each article, published or not."""
    rows = ArticleVersion.objects.filter(language=language).order_by("slug", "-number").distinct("slug")
    return {each.slug: each for each in rows.defer("body")}


def _row(article: Listed, newest: ArticleVersion | None, tally: feedback.Tally | None) -> dict[str, Any]:
    return {
        "article": article,
        "has_draft": newest is not None and not newest.is_published,
        "is_outdated": is_outdated(article.slug, article.version),
        "tally": tally,
    }


def is_outdated(slug: str, version: ArticleVersion | None) -> bool:
    """Whether the product's text has changed since this one was written."""
    if version is None or version.is_standard or starter(slug) is None:
        return False
    return version.starter_digest != standard_text(slug, version.language).digest


def _drafts_only(centre: HelpCentre, newest: dict[str, ArticleVersion]) -> list[ArticleVersion]:
    """Own articles that nobody reads yet in this language."""
    listed = centre.articles
    return [
        each for slug, each in newest.items() if slug not in listed and starter(slug) is None and not each.is_standard
    ]
