"""Many new pages at once, in a handful of statements: what a new organization's site starts with.

Wagtail's `add_child()` asks some seventeen questions a page, most of them for what a tree that is being made cannot have: taken slugs, sites
that start at the page, comments, references. Five pages that way took a fifth of the time that a new organization takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from modelsearch.backends import get_search_backends
from wagtail.models import Page, PageLogEntry


@dataclass
class NewPage:
    """A page that is not saved yet, and those below it."""

    page: Page
    children: Sequence["NewPage"] = field(default_factory=list)


@transaction.atomic
def create_page_tree(parent: Page, new_page: NewPage) -> None:
    """Put a page with everything below it under `parent`, which must have no pages yet.

    Leaves what `add_child()` leaves: place in the tree, address, entry in the search index, line in the history. It does not look for
    references to other pages or pictures in the texts, so these may have none. ValidationError when a text does not fit its field.
    """
    parent = Page.objects.select_for_update().get(pk=parent.pk)
    if parent.numchild:
        raise ValueError(f"there are pages below {parent.url_path} already")
    pages = _placed(parent, [new_page])
    _insert(pages)
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + 1)
    for model in {type(page): None for page in pages}:
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(model, [page for page in pages if type(page) is model])
    now = timezone.now()
    PageLogEntry.objects.bulk_create(
        PageLogEntry(
            content_type_id=page.content_type_id, label=page.get_admin_display_title(), action="wagtail.create",
            timestamp=now, data={}, page=page, content_changed=True,
        )
        for page in pages
    )  # fmt: skip


def _placed(parent: Page, new_pages: Sequence[NewPage]) -> list[Page]:
    """Give every page its place in the tree and its address; returns them, parents first."""
    pages: list[Page] = []
    for step, new_page in enumerate(new_pages, start=1):
        page = new_page.page
        page.depth = parent.depth + 1
        page.path = Page._get_path(parent.path, page.depth, step)
        page.numchild = len(new_page.children)
        page.locale_id = parent.locale_id
        page.content_type = ContentType.objects.get_for_model(page)
        page.draft_title = page.title
        page.set_url_path(parent)
        page.clean_fields(exclude={"page_ptr"} | {column.name for column in page._meta.fields if column.is_relation})
        pages += [page, *_placed(page, new_page.children)]
    return pages


def _insert(pages: Sequence[Page]) -> None:
    """Write the common part of all pages in one statement, then each page's own."""
    columns = [column.attname for column in Page._meta.concrete_fields if not column.primary_key]
    rows = Page.objects.bulk_create(Page(**{name: getattr(page, name) for name in columns}) for page in pages)
    for page, row in zip(pages, rows, strict=True):
        page.pk = page.id = row.pk
        # As fixtures are loaded: only this table, because the parent's row is there.
        page.save_base(raw=True, force_insert=True)
