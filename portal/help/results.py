"""What readers said: how each article did, why not, and what nobody found."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from core.help import feedback
from core.help.models import Feedback, SearchMiss
from core.help.queries import Listed, whole_help_centre
from core.help.starters import FIRST
from core.people.roles import Permission
from portal.access import SignedInView
from portal.help.writing import sections
from portal.settings_pages import settings_menu

PER_PAGE = 25


class ResultsView(SignedInView):
    """How each article did in each language, and every reason that somebody gave."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        articles = whole_help_centre(get_language() or FIRST).articles
        said = Paginator(feedback.complaints(), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "tallies": [_tally(each, articles) for each in feedback.tallies()],
            "said": [_said(each, articles) for each in said],
            "page": said,
            "sections": sections("feedback"),
            "settings_menu": settings_menu(request),
        }
        return render(request, "help/results.html", context)


class SearchesView(SignedInView):
    """What was looked for and not found, the latest first."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(SearchMiss.objects.all(), PER_PAGE).get_page(request.GET.get("page"))
        names = dict(settings.LANGUAGES)
        context = {
            "misses": [{"miss": each, "language": names.get(each.language, each.language)} for each in page],
            "page": page,
            "sections": sections("searches"),
            "settings_menu": settings_menu(request),
        }
        return render(request, "help/searches.html", context)


def _tally(tally: feedback.Tally, articles: dict[str, Listed]) -> dict[str, Any]:
    return {"tally": tally, **_of(tally.slug, tally.language, articles)}


def _said(found: Feedback, articles: dict[str, Listed]) -> dict[str, Any]:
    return {"found": found, "reasons": feedback.sentences_of(found), **_of(found.slug, found.language, articles)}


def _of(slug: str, language: str, articles: dict[str, Listed]) -> dict[str, Any]:
    title = articles[slug].names.title if slug in articles else slug
    return {
        "slug": slug,
        "title": title,
        "code": language,
        "language": dict(settings.LANGUAGES).get(language, language),
    }
