"""What there is on the site: for readers what is published, for those who write it the drafts."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import get_language
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from branding.models import Branch
from branding.queries import active_branches, branch_in_force, current_brand
from core.kernel.errors import NotFound
from core.kernel.translation import translate
from core.pages import first_pages
from core.pages.addresses import HELP, in_language, path_of_page
from core.pages.models import BranchFrontPage, DraftLink, HomePage, PageText, SitePage, SitePicture


class PageState(StrEnum):
    """What readers see of a page, and what waits."""

    DRAFT = "draft"
    LIVE = "live"
    CHANGED = "changed"
    SCHEDULED = "scheduled"


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page in the tree of those who write it."""

    page: Page
    state: PageState
    goes_live_at: datetime | None
    is_first: bool
    is_last: bool

    @property
    def is_home(self) -> bool:
        return bool(self.page.depth == 2)


def site_pages() -> list[PageRow]:
    """Every page that is written here, parents first."""
    kinds = Q(homepage__isnull=False) | Q(sitepage__isnull=False)
    pages = list(Page.objects.filter(kinds).order_by("path"))
    dates = _dates(pages)
    siblings: dict[str, list[Page]] = {}
    for page in pages:
        siblings.setdefault(page.path[: -Page.steplen], []).append(page)
    return [
        PageRow(page, state_of(page, dates.get(page.pk)), dates.get(page.pk), family[0] == page, family[-1] == page)
        for page in pages
        for family in [siblings[page.path[: -Page.steplen]]]
    ]


def parents() -> list[tuple[int, str]]:
    """Below which pages another one can be added: id and title, the front page first."""
    found = Page.objects.filter(Q(homepage__isnull=False) | Q(sitepage__isnull=False), depth__lt=4).order_by("path")
    return list(found.values_list("pk", "draft_title"))


def state_of(page: Page, goes_live_at: datetime | None) -> PageState:
    """`goes_live_at`: when a draft of it is published by itself."""
    if goes_live_at is not None:
        return PageState.SCHEDULED
    if not page.live:
        return PageState.DRAFT
    return PageState.CHANGED if page.has_unpublished_changes else PageState.LIVE


def goes_live_at(page: Page) -> datetime | None:
    """When a draft of the page is published by itself."""
    return _dates([page]).get(page.pk)


def _dates(pages: Iterable[Page]) -> dict[int, datetime]:
    waiting = _scheduled(pages).values_list("object_id", "approved_go_live_at")
    return {int(key): at for key, at in waiting}


def _scheduled(pages: Iterable[Page]) -> "QuerySet[Revision]":
    """The drafts of these pages that are published by themselves: one of a page, and not always its newest."""
    ids = [str(page.pk) for page in pages]
    return Revision.page_revisions.filter(object_id__in=ids, approved_go_live_at__isnull=False)


def get_page(pk: int) -> Any:
    """A page that is written here. NotFound."""
    page = Page.objects.filter(pk=pk).specific().first()
    if not isinstance(page, HomePage | SitePage):
        raise NotFound(f"page {pk}")
    return page


def home() -> HomePage | None:
    """The front page; None in an organization without a site."""
    return HomePage.objects.first()


def draft_of(page: Page) -> Any:
    """The page as it was last written, published or not."""
    return page.get_latest_revision_as_object()


def draft_link(page: Page, *, now: datetime) -> DraftLink | None:
    """The link to the page's draft that is in force."""
    return DraftLink.objects.filter(page=page, until__gt=now).first()


def shared_draft(key: str, *, now: datetime) -> DraftLink:
    """The link with this key. NotFound for one that there is not, that was ended, or that is too old."""
    found = DraftLink.objects.filter(key=key, until__gt=now).select_related("page").first()
    if found is None:
        raise NotFound("draft link")
    return found


def mark_of(revision: Revision | None) -> str:
    """The state of a draft, to be compared with what somebody has seen: what is written in one go is one version, so its time counts too."""
    return f"{revision.pk}.{revision.created_at.timestamp()}" if revision else "none"


def text_to_write(draft: Any, language: str) -> PageText:
    """What a draft says in a language; where it says nothing yet, it starts with what it says in the main one."""
    found = text_in(draft, language)
    if found is not None and found.language == language:
        return found
    start = PageText(language=language, title=found.title if found else str(draft.title))
    if found is not None:
        start.description, start.parts = found.description, found.parts
    elif isinstance(draft, HomePage):
        start.parts = first_pages.home_sections()
    return start


def text_in(page: Any, language: str) -> PageText | None:
    """What a page says to a reader: in their language, else in the organization's first, else in any."""
    return choose(list(page.texts.all()), language)


def choose(texts: Sequence[PageText], language: str) -> PageText | None:
    """The one of a page's texts that somebody reads."""
    wanted = [language, current_brand().language]
    return min(texts, key=lambda text: wanted.index(text.language) if text.language in wanted else 2, default=None)


def languages_of(page: Any) -> set[str]:
    """In which languages a page says something."""
    return {text.language for text in page.texts.all()}


def versions_of(page: Page, *, most: int) -> list[Revision]:
    """The latest versions, the newest first."""
    return list(_versions(page).select_related("user").order_by("-created_at", "-pk")[:most])


def get_version(page: Page, pk: int) -> Revision:
    """One version of a page. NotFound."""
    found = _versions(page).filter(pk=pk).first()
    if found is None:
        raise NotFound(f"version {pk}")
    return found


def _versions(page: Page) -> Any:
    """Without those of earlier releases, which have no texts to go back to."""
    return page.revisions.filter(content__has_key="texts")


def live_page(path: str) -> Any:
    """What readers find at a path of the site (`/team/`), whatever kind of page; None when there is nothing."""
    if path == "/" and (front := front_page()) is not None:
        return front.specific
    return Page.objects.live().filter(url_path=f"/home{path}").specific().first()


def front_page() -> Page | None:
    """The public page that the branch in force has for its front page; None where that is the organization's."""
    branch = branch_in_force()
    return None if branch is None else Page.objects.live().filter(branch_fronts__branch=branch).first()


def page_chosen_by(branch: Branch) -> Page | None:
    """The page that a branch has for its front page, public or not; None where that is the organization's."""
    return Page.objects.filter(branch_fronts__branch=branch).first()


def front_pages() -> dict[int, list[Branch]]:
    """By page: the branches that are met, and have it for their front page."""
    met, found = active_branches(), {}
    for key, page in (
        BranchFrontPage.objects.filter(branch__in=list(met)).values_list("branch_id", "page_id") if met else ()
    ):
        found.setdefault(page, []).append(met[key])
    return {page: sorted(chosen, key=lambda branch: branch.label) for page, chosen in found.items()}


def navigation(path: str, *, language: str = "") -> list[dict[str, Any]]:
    """The menu for a reader at `path`: the front page, what is published below it, and help. `language`: as the address begins, if it does."""
    front = front_page()
    wanted = Q(depth=2) | Q(depth=3, show_in_menus=True)
    pages = list(Page.objects.live().filter(wanted).exclude(pk=front.pk if front else None).order_by("path"))
    texts = titles([page.pk for page in pages], get_language() or "en")
    entries = [
        {
            "label": _name(page, texts),
            "url": in_language(path_of_page(page.url_path), language),
            "current": path_of_page(page.url_path) == path,
        }
        for page in pages
    ]
    return [*entries, {"label": translate("Help"), "url": HELP, "current": path.startswith(HELP)}]


def _name(page: Page, texts: dict[int, PageText]) -> str:
    if page.depth == 2:
        return first_pages.home_title()
    return texts[page.pk].title if page.pk in texts else page.title


def titles(pages: Sequence[int], language: str) -> dict[int, PageText]:
    """What these pages are called in a language, by their ids."""
    by_page: dict[int, list[PageText]] = {}
    for text in PageText.objects.filter(page__in=pages).defer("sections"):
        by_page.setdefault(text.page_id, []).append(text)
    return {key: found for key, texts in by_page.items() if (found := choose(texts, language)) is not None}


def paths_of(pages: Iterable[int]) -> dict[int, str]:
    """The addresses of those of these pages that are public."""
    wanted = list(pages)
    found = Page.objects.live().filter(pk__in=wanted).values_list("pk", "url_path") if wanted else ()
    return {key: path_of_page(url_path) for key, url_path in found}


def pictures(ids: Iterable[str]) -> dict[str, SitePicture]:
    """Pictures by their ids."""
    wanted = [key for key in ids if key]
    return {str(picture.pk): picture for picture in SitePicture.objects.filter(pk__in=wanted)} if wanted else {}


def is_on_a_page(picture: str) -> bool:
    """Whether a page shows this picture: now, in its draft, or in a version that somebody can go back to."""
    said = PageText.objects.annotate(said=Cast("sections", TextField()))
    kept = Revision.page_revisions.annotate(said=Cast("content", TextField()))
    return any(rows.filter(said__contains=picture).exists() for rows in (said, kept))


def pages_of_pictures() -> dict[str, list[str]]:
    """Which pages show a picture now, in their newest draft, or in one that is published by itself later: titles by the picture's id."""
    found: dict[str, list[str]] = {}
    pages = list(Page.objects.filter(depth__gte=2).select_related("latest_revision").order_by("path"))
    said: dict[int, list[Any]] = {}
    for text in PageText.objects.filter(page__in=pages):
        said.setdefault(text.page_id, []).append(text.parts)
    for waiting in _scheduled(pages):
        said.setdefault(int(waiting.object_id), []).extend(_drafted(waiting))
    for page in pages:
        if page.latest_revision is not None:
            said.setdefault(page.pk, []).extend(_drafted(page.latest_revision))
        for picture in {part["value"].get("picture") for parts in said.get(page.pk, ()) for part in parts} - {None, ""}:
            found.setdefault(str(picture), []).append(page.draft_title or page.title)
    return found


def _drafted(revision: Revision) -> list[Any]:
    """The sections of each language in a version."""
    texts = revision.content.get("texts") or ()
    return [json.loads(text["sections"]) for text in texts if text.get("sections")]


def default_parts(page: Any) -> list[dict[str, Any]]:
    """What a page says as long as nobody has written it."""
    return first_pages.home_sections() if isinstance(page, HomePage) else []


def default_title(page: Any) -> str:
    """What it is called as long as nobody has written it."""
    return first_pages.greeting().headline if isinstance(page, HomePage) else str(page.title)


def contact_form(page: int, section: str, language: str) -> dict[str, Any] | None:
    """What a contact section with a form says on a public page; None when readers do not find it there."""
    found = Page.objects.live().filter(pk=page).first()
    text = text_in(found, language) if found else None
    return next((each["value"] for each in _forms_in(text) if each["id"] == section), None)


def pages_with_contact_form() -> list[PageText]:
    """What public pages with a contact form say, by page: one text each, with its page."""
    said = PageText.objects.annotate(said=Cast("sections", TextField())).filter(said__contains='"contact"')
    texts = said.filter(page__live=True).select_related("page").order_by("page__path", "pk")
    return list({text.page_id: text for text in texts if _forms_in(text)}.values())


def _forms_in(text: PageText | None) -> list[dict[str, Any]]:
    parts = text.parts if text else []
    return [part for part in parts if part["type"] == "contact" and part["value"].get("form")]


def moved_to(path: str) -> str | None:
    """Where a page is now that was at this path before; None when there was none, or it is not public."""
    found = Redirect.objects.filter(old_path=Redirect.normalise_path(path), redirect_page__live=True)
    return next((path_of_page(moved.redirect_page.url_path) for moved in found.select_related("redirect_page")), None)


def public_paths() -> list[tuple[str, datetime | None]]:
    """Every public page: its path, and when it was last published."""
    found, front = Page.objects.live().filter(depth__gte=2).order_by("path"), front_page()
    if front is not None:  # because it stands at the address of the organization's, and nowhere else
        found = found.exclude(depth=2)
    rows = found.values_list("pk", "url_path", "last_published_at")
    return [("/" if front and pk == front.pk else path_of_page(url_path), at) for pk, url_path, at in rows]


def articles_of(page: Page) -> Any:
    """The published pages below one, the newest first."""
    return SitePage.objects.child_of(page).live().order_by("-first_published_at", "-pk")
