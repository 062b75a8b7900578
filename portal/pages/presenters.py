"""Pages of the website as templates show them: for readers, and for those who write them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.permissions import prices_are_hidden_from
from billing.queries.offers import offers
from branding.models import Branch
from branding.queries import current_brand, published_brand
from core.kernel.errors import NotFound
from core.pages import queries
from core.pages.addresses import address_of, in_language, page_of, path_of_page
from core.pages.queries import PageRow, PageState
from core.pages.sections import KINDS
from portal import contact_form, person_page
from portal import public_frame as frame

ARTICLES_A_PAGE = 12
TONES = {
    PageState.LIVE: "success",
    PageState.CHANGED: "warning",
    PageState.SCHEDULED: "info",
    PageState.DRAFT: "neutral",
}


def render_page(
    request: HttpRequest,
    page: Any,
    *,
    language: str = "",
    is_preview: bool = False,
    shared_until: datetime | None = None,
) -> HttpResponse:
    """A page as readers see it. `language`: the one that stands in the address, if any; `shared_until`: of a draft that is shown by a link."""
    context = page_context(request, page, language=language)
    return render(request, "pages/page.html", {**context, "is_preview": is_preview, "shared_until": shared_until})


def front_sample(request: HttpRequest) -> dict[str, Any]:
    """The published front page as somebody without an account sees it; nothing of it leads anywhere."""
    home = queries.home()
    if home is None:
        raise NotFound("front page")
    context = page_context(request, home)
    for section in context["sections"]:
        section["href"], section["is_inert"] = section["href"] and "#", True
    context["public_navigation"] = [{**entry, "url": "#"} for entry in context["public_navigation"]]
    return {**context, "public_languages": [], "user": AnonymousUser(), "sign_in_url": "#"}


def page_context(request: HttpRequest, page: Any, *, language: str = "") -> dict[str, Any]:
    """Everything that the template of a page shows."""
    front = queries.front_page()
    is_front = front is not None and front.pk == page.pk
    path = "/" if is_front else page.path_on_host
    text = queries.text_in(page, get_language() or "en")
    parts = queries.default_parts(page) if text is None else text.parts
    title = text.title if text else queries.default_title(page)
    if (
        title == published_brand().name
    ):  # a page that is called as the organization is called as the branch where one is met
        title = current_brand().name
    return {
        "page": page,
        "title": title,
        "sections": _sections(request, page, parts, language),
        "has_opening": any(part["type"] == "hero" for part in parts),
        "above": None if is_front else _above(page, language),
        **frame.of_page(path, language=language),
        **frame.head(page, text, title, parts, path=path, language=language),
    }


def _above(page: Any, language: str) -> dict[str, str] | None:
    """Where an article leads back to: the page that lists it."""
    if page.depth < 4:
        return None
    parent = page.get_parent()
    if not parent.live:
        return None
    text = queries.titles([parent.pk], get_language() or "en").get(parent.pk)
    return {
        "title": text.title if text else parent.title,
        "url": in_language(path_of_page(parent.url_path), language),
    }


def _sections(request: HttpRequest, page: Any, parts: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """The sections with everything that their templates show, loaded once for all of them."""
    values = [part["value"] for part in parts]
    pictures = queries.pictures(str(value.get("picture") or "") for value in values)
    targets = [str(value.get("target") or "") for value in values]
    paths = queries.paths_of(pk for target in targets if (pk := page_of(target)) is not None)
    sign_in = reverse("account_login")
    shown = []
    for part, value, target in zip(parts, values, targets, strict=True):
        shown.append({
            **value,
            "id": part["id"],
            "kind": part["type"],
            "template": f"pages/sections/{part['type']}.html",
            "picture": pictures.get(str(value.get("picture") or "")),
            "href": address_of(target, paths=paths, sign_in=sign_in, language=language),
            "items": [item["value"] for item in value.get("items") or ()],
            **_live(part, request, page, language),
        })  # fmt: skip
    return shown


def _live(part: dict[str, Any], request: HttpRequest, page: Any, language: str) -> dict[str, Any]:
    """What a section shows of the organization as it is today."""
    kind, value, section = part["type"], part["value"], part["id"]
    if kind == "services":
        return {"offers": offers(), "prices": bool(value.get("prices")) and not prices_are_hidden_from(request.user)}
    if kind == "team":
        return {"people": person_page.team(language)}
    if kind == "contact":
        brand = current_brand()
        shown = {"address": brand.address, "phone": brand.phone}
        return shown | (contact_form.on_page(page.pk, section, value, language) if value.get("form") else {})
    if kind == "articles":
        found = Paginator(queries.articles_of(page), ARTICLES_A_PAGE).get_page(request.GET.get("page"))
        texts = queries.titles([each.pk for each in found], get_language() or "en")
        rows = [
            {
                "title": texts[each.pk].title if each.pk in texts else each.title,
                "description": texts[each.pk].description if each.pk in texts else "",
                "published_at": each.first_published_at,
                "url": in_language(path_of_page(each.url_path), language),
            }
            for each in found
        ]
        return {"articles": rows, "articles_page": found}
    return {}


def page_row(row: PageRow, front_of: Sequence[Branch]) -> dict[str, Any]:
    """A page in the tree of those who write it. `front_of`: the branches that have it for their front page."""
    page = row.page
    return {
        "pk": page.pk,
        "title": page.draft_title or page.title,
        "depth": page.depth - 2,
        "path": path_of_page(page.url_path),
        "is_live": page.live,
        "is_home": row.is_home,
        "in_menu": row.is_home or (page.show_in_menus and page.depth == 3),
        "may_have_pages": page.depth < 4,
        "badge": state_badge(row.state),
        "date": row.goes_live_at,
        "front_of": ", ".join(branch.label for branch in front_of),
        "is_first": row.is_first,
        "is_last": row.is_last,
        "url": reverse("website:page", args=[page.pk]),
        "place_url": reverse("website:page_place", args=[page.pk]),
        "add_url": f"{reverse('website:new_page')}?below={page.pk}",
    }


def state_badge(state: PageState) -> dict[str, str]:
    """A state in words and colour."""
    words = {
        PageState.LIVE: _("Published"),
        PageState.CHANGED: _("Published, with changes that are not"),
        PageState.SCHEDULED: _("Published at a set time"),
        PageState.DRAFT: _("Draft"),
    }
    return {"label": words[state], "tone": TONES[state]}


def section_rows(view: Any, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sections of a draft, each with its first words."""
    return [
        {
            "id": part["id"],
            "label": KINDS[part["type"]].label,
            "icon": KINDS[part["type"]].icon_name,
            "words": Truncator(" ".join(_words(part["value"]))).chars(140),
            "is_first": number == 0,
            "is_last": number == len(parts) - 1,
            "url": view.address("section", part["id"]),
            "place_url": view.address("section_place", part["id"]),
            "removal_url": view.address("section_removal", part["id"]),
        }
        for number, part in enumerate(parts)
        if part["type"] in KINDS
    ]


def _words(value: dict[str, Any]) -> Iterator[str]:
    for name in ("heading", "text", "body", "caption", "alt"):
        if value.get(name):
            yield strip_tags(str(value[name]).replace("</p>", " "))
    for item in value.get("items") or ():
        yield str(item["value"].get("title") or item["value"].get("question") or "")


def kinds_to_add(view: Any) -> list[dict[str, Any]]:
    """Every kind of section, with what it is for."""
    return [
        {"label": kind.label, "about": kind.about, "icon": kind.icon_name, "url": view.address("new_section", name)}
        for name, kind in KINDS.items()
    ]


def version_rows(view: Any, page: Any, most: int) -> list[dict[str, Any]]:
    """The latest versions: who, when, and which of them readers see."""
    versions = queries.versions_of(page, most=most)
    return [
        {
            "at": version.created_at,
            "who": str(version.user) if version.user else "",
            "is_live": page.live and version.pk == page.live_revision_id,
            "is_newest": number == 0,
            "url": view.address("page_version", version.pk),
        }
        for number, version in enumerate(versions)
    ]


def languages_by_name(codes: Iterable[str]) -> dict[str, str]:
    """Languages under their own names."""
    names = dict(settings.LANGUAGES)
    return {code: names[code] for code in codes if code in names}
