"""Writing a page. Every change is kept as a draft, in Wagtail's history; readers see nothing of it until somebody publishes it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.blocks import StreamBlockValidationError
from wagtail.models import Page, Revision

from branding.queries import current_brand
from core.kernel import audit
from core.kernel.errors import DomainError, NotFound
from core.kernel.ids import new_id
from core.kernel.translation import translate
from core.pages import rich_text
from core.pages.audit_codes import PagesAudit
from core.pages.models import HomePage, PageText, SitePage
from core.pages.queries import draft_of, text_to_write
from core.pages.sections import KINDS, MOST_SECTIONS, RichTextBlock

# What one person writes in one go is one version of the history.
ONE_GO = timedelta(minutes=20)
DEEPEST = 4  # root, front page, page, article
RESERVED = frozenset({
    "a", "account", "appointments", "billing", "boards", "book", "brand", "calendar", "dashboard", "design", "domain-records", "enquiries", "enquiry",
    "files", "forms", "help", "hooks", "invitation", "invited", "join", "legal", "live", "look", "messages", "notifications", "offline", "people",
    "pictures", "profile", "recordings", "records", "resources", "settings", "static", "website", "ws", "clients", "requests", "w",
})  # fmt: skip


@transaction.atomic
def add_page(
    *, parent: Page, title: str, slug: str, language: str, by: Any, sections: Sequence[Mapping[str, Any]] = ()
) -> SitePage:
    """Add a page as a draft below another one. Errors: `address_taken`, `address_reserved`, `page_too_deep`."""
    parent = Page.objects.select_for_update().get(pk=parent.pk).specific
    if parent.depth >= DEEPEST:
        raise DomainError("page_too_deep", translate("Articles have no pages below them."), field="parent")
    page = SitePage(title=title, draft_title=title, slug=slug, live=False, show_in_menus=parent.depth < DEEPEST - 1)
    _check_address(page, parent)
    page.texts.add(_text(language, title, sections))
    parent.add_child(instance=page)
    page.save_revision(user=login_of(by))
    audit.record(PagesAudit.PAGE_ADDED, by=by, subject=page, changes={"title": [None, title]})
    return page


@dataclass(frozen=True, slots=True)
class PageWords:
    """All that a page says in one language. `sections`: each with `type` and `value`."""

    title: str
    description: str = ""
    sections: Sequence[Mapping[str, Any]] = ()


@transaction.atomic
def write_page(*, page: Page, words: Mapping[str, PageWords], by: Any) -> None:
    """Write a page anew in these languages, as one draft; what it says in others stays. Errors: of `checked`, and `too_many_sections`."""
    held = Page.objects.select_for_update().get(pk=page.pk).specific
    draft = draft_of(held)
    for language, written in words.items():
        if len(written.sections) > MOST_SECTIONS:
            raise _too_many()
        text, fresh = text_to_write(draft, language), _text(language, written.title, written.sections)
        text.title, text.description, text.parts = fresh.title, written.description, fresh.parts
        draft.texts.add(text)
        if language == current_brand().language or not draft.title:
            draft.title = text.title
    draft.save_revision(user=login_of(by), clean=False)
    audit.record(PagesAudit.PAGE_CHANGED, by=by, subject=held, changes={"fields": [None, ["sections", *words]]})


@transaction.atomic
def change_page(
    *, page: Page, language: str, title: str, description: str, by: Any, slug: str = "", show_in_menus: bool = True
) -> None:
    """Change what a page is called, and its address. Errors: `address_taken`, `address_reserved`."""
    with _drafting(page, language, by, "title") as (draft, text):
        text.title, text.description, draft.show_in_menus = title, description, show_in_menus
        if not isinstance(draft, HomePage) and slug and slug != draft.slug:
            draft.slug = slug
            _check_address(draft, draft.get_parent())


@transaction.atomic
def add_section(*, page: Page, language: str, kind: str, value: Mapping[str, Any], by: Any) -> str:
    """Add a section at the end; returns its id. Errors: of `checked`, and `too_many_sections`."""
    part = {"id": str(new_id()), "type": kind, "value": checked(kind, value)}
    with _drafting(page, language, by, kind) as (_draft, text):
        if len(text.parts) >= MOST_SECTIONS:
            raise _too_many()
        text.parts = [*text.parts, part]
    return part["id"]


@transaction.atomic
def change_section(*, page: Page, language: str, section: str, value: Mapping[str, Any], by: Any) -> None:
    """Write a section anew. NotFound when it is gone; errors of `checked`."""
    with _drafting(page, language, by, "sections") as (_draft, text):
        parts, place = _found(text, section)
        parts[place] = {**parts[place], "value": checked(parts[place]["type"], value)}
        text.parts = parts


@transaction.atomic
def move_section(*, page: Page, language: str, section: str, up: bool, by: Any) -> None:
    """Let a section change places with its neighbour; the first and the last stay where they are."""
    with _drafting(page, language, by, "sections") as (_draft, text):
        parts, place = _found(text, section)
        other = place - 1 if up else place + 1
        if 0 <= other < len(parts):
            parts[place], parts[other] = parts[other], parts[place]
        text.parts = parts


@transaction.atomic
def remove_section(*, page: Page, language: str, section: str, by: Any) -> None:
    """Take a section away; the version before still has it."""
    with _drafting(page, language, by, "sections") as (_draft, text):
        parts, place = _found(text, section)
        text.parts = parts[:place] + parts[place + 1 :]


@transaction.atomic
def restore_version(*, page: Page, version: Revision, by: Any) -> None:
    """Let an earlier version be the newest draft; its address and its place in the menu are those of today."""
    page = Page.objects.select_for_update().get(pk=page.pk).specific
    now, earlier = draft_of(page), version.as_object()
    earlier.slug, earlier.show_in_menus = now.slug, now.show_in_menus
    earlier.save_revision(user=by, previous_revision=version, clean=False)
    audit.record(PagesAudit.PAGE_RESTORED, by=by, subject=page)


def checked(kind: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """The value of a section as it is kept. DomainError `section_invalid` at the field."""
    block = KINDS[kind]
    try:
        prepared = block.get_prep_value(block.clean(block.to_python(_with_ids(value))))
    except StreamBlockValidationError as error:
        raise DomainError("section_invalid", str(error)) from error
    except ValidationError as error:
        name, sentence = _first(error)
        raise DomainError("section_invalid", sentence, field=name) from error
    for name, child in block.child_blocks.items():
        if isinstance(child, RichTextBlock):
            prepared[name] = rich_text.clean(prepared[name])
            if child.required and rich_text.is_empty(prepared[name]):
                raise DomainError("section_invalid", translate("This field is required."), field=name)
    return prepared


def login_of(by: Any) -> Any:
    """Who stands in the page's history: nobody where the product itself writes."""
    return None if isinstance(by, audit.System) else by


def _too_many() -> DomainError:
    sentence = translate("A page has %(most)s sections at most. Put the rest on another page.", most=MOST_SECTIONS)
    return DomainError("too_many_sections", sentence)


def _with_ids(value: Mapping[str, Any]) -> dict[str, Any]:
    """Each item of a list has an id, without which Wagtail takes it for one of an older form."""
    return {
        name: [{"id": str(new_id()), **item} for item in given] if isinstance(given, list) else given
        for name, given in value.items()
    }


@contextmanager
def _drafting(page: Page, language: str, by: Any, *changed: str) -> Iterator[tuple[Any, PageText]]:
    """The newest draft and what it says in a language; what is changed inside is kept afterwards.

    What takes something away begins a new version, so that the one before still has it.
    """
    held = Page.objects.select_for_update().get(pk=page.pk).specific
    latest = held.latest_revision
    draft = draft_of(held)
    text = text_to_write(draft, language)
    before = _filled(text)
    yield draft, text
    draft.texts.add(text)
    if language == current_brand().language or not draft.title:
        draft.title = text.title
    is_kept = before <= _filled(text) and _is_same_go(held, latest, by)
    # Not checked as a whole: what was written has been, and an address that is taken by now is refused at publication.
    draft.save_revision(user=login_of(by), overwrite_revision=latest if is_kept else None, clean=False)
    audit.record(PagesAudit.PAGE_CHANGED, by=by, subject=held, changes={"fields": [None, [*changed, language]]})


def _filled(text: PageText) -> set[tuple[Any, ...]]:
    """Where in a text something stands."""
    places: set[tuple[Any, ...]] = {("description",)} if text.description else set()
    for part in text.parts:
        places.add((part["id"],))
        for name, value in part["value"].items():
            for number, item in enumerate(value if isinstance(value, list) else ()):
                places |= {(part["id"], name, number, key) for key, given in item["value"].items() if given}
            if value and isinstance(value, str):
                places.add((part["id"], name))
    return places


def _is_same_go(page: Page, latest: Revision | None, by: Any) -> bool:
    """Whether the newest version is a draft that the same person has written a moment ago."""
    return (
        latest is not None
        and latest.pk != page.live_revision_id
        and latest.approved_go_live_at is None
        and latest.user_id == by.pk
        and timezone.now() - latest.created_at < ONE_GO
    )


def _text(language: str, title: str, sections: Sequence[Mapping[str, Any]]) -> PageText:
    text = PageText(language=language, title=title)
    text.parts = [
        {"id": str(new_id()), "type": part["type"], "value": checked(part["type"], part["value"])} for part in sections
    ]
    return text


def _found(text: PageText, section: str) -> tuple[list[dict[str, Any]], int]:
    """All sections, and the place of one. NotFound."""
    parts = text.parts
    place = next((number for number, part in enumerate(parts) if part["id"] == section), None)
    if place is None:
        raise NotFound(f"section {section}")
    return parts, place


def refuse_taken(page: Page, parent: Page) -> None:
    """DomainError `address_taken`: another page has the address that this one wants."""
    if not Page._slug_is_available(page.slug, parent, page if page.pk else None):
        sentence = translate("Another page has this address. Choose another one.")
        raise DomainError("address_taken", sentence, field="slug")


def _check_address(page: Page, parent: Page) -> None:
    if parent.depth == 2 and (page.slug in RESERVED or page.slug in (current_brand().languages or ())):
        sentence = translate("This address is taken by the portal. Choose another one.")
        raise DomainError("address_reserved", sentence, field="slug")
    refuse_taken(page, parent)


def _first(error: ValidationError) -> tuple[str | None, str]:
    """The first field that is wrong, and what is wrong with it; of a list of items, the list."""
    inside = getattr(error, "block_errors", None)
    if inside:
        name, inner = next(iter(inside.items()))
        return (name if isinstance(name, str) else None), _first(inner)[1]
    whole = getattr(error, "non_block_errors", None)
    return None, (whole.as_data()[0].messages[0] if whole else error.messages[0])
