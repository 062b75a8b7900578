"""The public pages on an organization's host: by path, in the reader's language or in the one that the address begins with."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.views import View

from branding.queries import current_brand
from core.kernel import clock
from core.pages import queries
from core.pages.addresses import in_language
from core.pages.models import SitePicture
from core.people.permissions import is_active_staff
from core.team import queries as team
from portal import person_page
from portal.legal_links import public_paths as legal_paths
from portal.pages import presenters
from tenants.absolute_urls import absolute_url

_YEAR = "public, max-age=31536000, immutable"


class PublicPageView(View):
    """Whatever is published at this address; whoever has an address of before is led to the one of today."""

    def get(self, request: HttpRequest, path: str) -> HttpResponse:
        language, plain = split(f"/{path}")
        page = queries.live_page(plain)
        if page is None:
            return self._person(plain, language) or self._moved(plain, language)
        if not hasattr(page, "path_on_host"):
            raise Http404
        front = queries.front_page() if plain != "/" else None
        if front is not None and front.pk == page.pk:  # it has one address on a host, and tomorrow perhaps another one
            return redirect(in_language("/", language))
        return presenters.render_page(request, page, language=language)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Where there is nothing, there is nothing to send either."""
        path = split(request.path)[1]
        if queries.live_page(path) is None and not team.public_card(person_page.slug_of(path), ""):
            raise Http404
        return super().http_method_not_allowed(request, *args, **kwargs)

    def _person(self, path: str, language: str) -> HttpResponse | None:
        """Somebody's page, or the way to it; None where there is nobody."""
        slug = person_page.slug_of(path)
        card = team.public_card(slug, get_language() or "en") if slug else None
        if card is not None:
            return person_page.render_person(self.request, card, language=language)
        moved = team.moved_card(slug) if slug else None
        return redirect(person_page.path_of(moved, language=language), permanent=True) if moved else None

    def _moved(self, path: str, language: str) -> HttpResponse:
        target = queries.moved_to(path)
        if target is None:
            raise Http404
        return redirect(in_language(target, language), permanent=True)


class SharedDraftView(View):
    """The newest draft of a page, for whoever has the link to it. Search engines are told to leave it alone."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        link = queries.shared_draft(key, now=clock.now())
        wanted, offered = request.GET.get("language", ""), current_brand().languages or ["en"]
        with translation.override(wanted if wanted in offered else get_language()):
            answer = presenters.render_page(
                request, queries.draft_of(link.page), is_preview=True, shared_until=link.until
            )
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer


def split(path: str) -> tuple[str, str]:
    """The language at the beginning of an address, if it is one of the organization's, and the address without it."""
    first, _, rest = path[1:].partition("/")
    return (first, f"/{rest}") if first in (current_brand().languages or ()) else ("", path)


class PictureView(View):
    """A picture of the site; its address cannot be guessed, and what stands there never changes."""

    def get(self, request: HttpRequest, pk: Any, size: str) -> HttpResponseBase:
        picture = SitePicture.objects.filter(pk=pk).first()
        if picture is None or size not in ("large", "small"):
            raise Http404
        is_hidden = team.is_hidden_photo(str(pk))
        if is_hidden and not is_active_staff(request.user):
            raise Http404
        name = getattr(picture, size).name
        try:
            file = default_storage.open(name, "rb")
        except FileNotFoundError as error:
            raise Http404 from error
        return FileResponse(
            file, content_type="image/webp", headers={"Cache-Control": "private, no-store" if is_hidden else _YEAR}
        )


class SitemapView(View):
    """Every public page with its languages, for search engines."""

    def get(self, request: HttpRequest) -> HttpResponse:
        languages = current_brand().languages or ["en"]
        several = len(languages) > 1
        pages = [
            {
                "url": absolute_url(in_language(path, languages[0] if several else "")),
                "changed_at": changed_at,
                "alternates": [(code, absolute_url(in_language(path, code))) for code in languages] if several else [],
            }
            for path, changed_at in [*queries.public_paths(), *legal_paths(), *_people()]
        ]
        return render(request, "pages/sitemap.xml", {"pages": pages}, content_type="application/xml; charset=utf-8")


def _people() -> list[tuple[str, Any]]:
    """The page of everybody who has a public card, and when it was released."""
    return [(person_page.path_of(slug), at) for slug, at in team.public_slugs()]
