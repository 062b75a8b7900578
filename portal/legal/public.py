"""A legal text as everybody reads it: the version in force at its address, earlier ones below it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views import View

from branding.queries import current_brand
from core.legal import permissions, queries
from core.legal.models import LegalVersion
from portal import public_frame as frame
from portal.legal_links import path_of
from tenants.absolute_urls import absolute_url


class LegalTextView(View):
    """A version in the reader's language, or in the one that the address begins with."""

    def get(self, request: HttpRequest, slug: str, number: int | None = None, language: str = "") -> HttpResponse:
        languages = current_brand().languages or ["en"]
        if language and language not in languages:
            raise Http404
        version = queries.published(slug, number)
        if not permissions.can_read(request.user, version.text):
            raise Http404
        words = queries.words_for(version, get_language() or "en")
        is_current = version.number == version.text.current_number
        path = path_of(slug, None if is_current else version.number)
        context = {
            "title": words.title,
            "words": words,
            "version": version,
            "is_current": is_current,
            "is_withdrawn": version.text.withdrawn_at is not None,
            "current_url": path_of(slug, language=language),
            "versions": _versions(version, language),
            **frame.of_page(path, language=language),
            **_head(path, language, languages, is_listed=is_current and version.text.is_live),
        }
        return render(request, "legal/page.html", context)


def _head(path: str, language: str, languages: list[str], *, is_listed: bool) -> dict[str, Any]:
    """Only the version in force is for search engines."""
    several = len(languages) > 1
    return {
        "is_preview": not is_listed,
        "canonical": absolute_url(path_of_language(path, language) if language and several else path),
        "alternates": [(code, absolute_url(path_of_language(path, code))) for code in languages] if several else [],
        "plain_url": absolute_url(path) if several else "",
    }


def path_of_language(path: str, code: str) -> str:
    """The address of a text in one language."""
    return f"/{code}{path}"


def _versions(shown: LegalVersion, language: str) -> list[dict[str, Any]]:
    """Every version with its date, the newest first; nothing where there is one only."""
    versions = list(queries.versions_of(shown.text).order_by("-number"))
    if len(versions) < 2:
        return []
    return [
        {
            "number": version.number,
            "at": version.published_at,
            "changes": queries.words_for(version, get_language() or "en").changes,
            "url": path_of(shown.text.slug, version.number, language=language),
            "current": version.pk == shown.pk,
        }
        for version in versions
    ]
