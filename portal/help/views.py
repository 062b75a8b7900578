"""The help centre as everybody reads it: the start, a category, an article."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views import View

from core.help.queries import HelpCentre, help_centre_for
from core.help.reading import read
from core.help.starters import starter, starter_category
from core.pages.models import navigation
from portal.help.presenters import crumbs, related, support
from portal.sign_in_first import sign_in_first


class HelpView(View):
    """A page of the help centre."""

    request: HttpRequest
    template_name: str

    @cached_property
    def centre(self) -> HelpCentre:
        """What this reader finds."""
        return help_centre_for(self.request.user)

    def shown(self, **context: Any) -> HttpResponse:
        """The page, with what every page of the help centre has."""
        whole = {
            "public_navigation": navigation(self.request),
            "shelves": self.centre.shelves,
            "support": support(),
            **context,
        }
        return render(self.request, self.template_name, whole)


class IndexView(HelpView):
    """All categories, and a search."""

    template_name = "help/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown()


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
        return self.shown(
            article=article,
            text=read(article.text, self.centre.facts),
            shelf=shelf,
            crumbs=crumbs(shelf, article),
            related=related(self.centre, article),
        )


def is_for_staff(slug: str) -> bool:
    """Whether it is one of the product's articles for staff, whose names are no secret."""
    known = starter(slug)
    category = starter_category(known.category) if known else None
    return category is not None and category.for_staff
