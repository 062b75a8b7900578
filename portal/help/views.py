"""The help centre as everybody reads it: the start, a search, a category, an article."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.views import View

from core.help.permissions import can_write_help
from core.help.queries import HelpCentre, Listed, help_centre_for
from core.help.reading import read
from core.help.search import find_articles, note_miss
from core.help.starters import FIRST, starter, starter_category
from core.kernel import clock, limits
from core.kernel.limits import Limit
from core.kernel.search import MOST_LETTERS
from core.kernel.sent_forms import new_key
from core.pages.queries import navigation
from portal import manifests
from portal.help.presenters import crumbs, neighbours, related, support
from portal.middleware import client_address
from portal.sign_in_first import sign_in_first

MISSES = Limit("help.misses", 30, timedelta(hours=1))  # of one network


class HelpView(View):
    """A page of the help centre."""

    request: HttpRequest
    template_name: str

    @cached_property
    def centre(self) -> HelpCentre:
        """What this reader finds."""
        return help_centre_for(self.request.user)

    @property
    def language(self) -> str:
        """The language in which it is read."""
        return get_language() or FIRST

    @property
    def typed(self) -> str:
        """What is looked for."""
        return self.request.GET.get("q", "").strip()[:MOST_LETTERS]

    def fitting(self) -> list[Listed]:
        """The articles that fit the page from which the reader comes, as far as they may read them."""
        slugs, articles = manifests.help_for(self.request.GET.get("page", "")[:100]), self.centre.articles
        return [articles[slug] for slug in slugs if slug in articles]

    def shown(self, **context: Any) -> HttpResponse:
        """The page, with what every page of the help centre has."""
        whole = {
            "public_navigation": navigation(self.request.path),
            "shelves": self.centre.shelves,
            "support": support(),
            "page_name": self.request.GET.get("page", "")[:100],
            "typed": self.typed,
            **context,
        }
        return render(self.request, self.template_name, whole)


class IndexView(HelpView):
    """All categories, a search, and what fits the page from which somebody comes (SUP-01, SUP-03)."""

    template_name = "help/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown(fitting=self.fitting())


class SearchView(HelpView):
    """What is found, as it is typed."""

    template_name = "help/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.typed:
            return self.shown(found=None)
        return self.shown(found=find_articles(self.centre, self.typed, self.language))


class MissView(HelpView):
    """A page that found nothing, and stands for a moment, says so here. Counted where it is true."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("help:index")

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.typed:
            limits.count([(MISSES, client_address(request) or "")], now=clock.now())
            if not find_articles(self.centre, self.typed, self.language):
                note_miss(self.typed, language=self.language, now=clock.now())
        return HttpResponse(status=204)


class CategoryView(HelpView):
    """One category with its articles."""

    template_name = "help/category.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        known = starter_category(code)
        if known is not None and known.for_staff and not request.user.is_authenticated:
            return sign_in_first(request)
        shelf = self.centre.shelf(code)
        return self.shown(shelf=shelf, crumbs=crumbs(shelf))


class ArticleView(HelpView):
    """One article."""

    template_name = "help/article.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if is_for_staff(slug) and not request.user.is_authenticated:
            return sign_in_first(request)
        article = self.centre.get(slug)
        shelf = self.centre.shelf(article.category)
        before, after = neighbours(shelf, article)
        return self.shown(
            article=article, text=read(article.text, self.centre.facts), shelf=shelf, crumbs=crumbs(shelf, article),
            related=related(self.centre, article), before=before, after=after,
            can_write=can_write_help(request.user),
            answer_key=new_key(),
            edit_url=f"{reverse('articles:article', args=[slug])}?language={self.language}",
        )  # fmt: skip


def is_for_staff(slug: str) -> bool:
    """Whether it is one of the product's articles for staff, whose names are no secret."""
    known = starter(slug)
    category = starter_category(known.category) if known else None
    return category is not None and category.for_staff
