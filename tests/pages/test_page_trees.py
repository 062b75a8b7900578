"""Pages that are made together are what Wagtail itself would have made one by one."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageLogEntry, ReferenceIndex
from wagtail.search.models import IndexEntry

from core.pages.models import HomePage, SitePage
from core.pages.page_trees import NewPage, create_page_tree


def make():
    home = HomePage(title="Home", slug="home", show_in_menus=True)
    index = SitePage(title="Help", slug="help", show_in_menus=True)
    articles = [SitePage(title=f"Article {n}", slug=f"a{n}") for n in (1, 2)]
    return home, index, articles


@pytest.fixture
def root(north):
    root = Page.get_first_root_node()
    if root.numchild:
        root.get_children().delete()
    return Page.get_first_root_node()


def described(pages):
    """Every column of the pages but their keys and keys of theirs, their entries in the index, and their history."""
    left_out = {"id", "page_ptr_id", "translation_key"}
    columns = [
        {
            field.attname: getattr(page, field.attname)
            for field in page._meta.concrete_fields
            if field.attname not in left_out
        }
        for page in pages
    ]
    entries = [IndexEntry.objects.get(content_type=page.content_type, object_id=str(page.pk)) for page in pages]
    indexed = [(entry.title, entry.autocomplete, entry.body, entry.title_text, entry.body_text) for entry in entries]
    history = [
        [
            (entry.action, entry.label, entry.content_type_id, entry.content_changed, entry.data, entry.user_id)
            for entry in PageLogEntry.objects.filter(page=page)
        ]
        for page in pages
    ]
    return columns, indexed, history


def everything():
    return [page.specific for page in Page.objects.filter(depth__gt=1).order_by("path")]


def test_page_tree_is_what_add_child_makes(root):
    home, index, articles = make()
    create_page_tree(root, NewPage(home, [NewPage(index, [NewPage(article) for article in articles])]))
    made, references = described(everything()), ReferenceIndex.objects.count()
    assert Page.find_problems() == ([], [], [], [], [])
    Page.get_first_root_node().get_children().delete()

    home, index, articles = make()
    Page.get_first_root_node().add_child(instance=home)
    home.add_child(instance=index)
    for article in articles:
        index.add_child(instance=article)

    assert described(everything()) == made
    assert ReferenceIndex.objects.count() == references == 0


def test_page_tree_asks_little(root):
    home, index, articles = make()
    with CaptureQueriesContext(connection) as asked:
        create_page_tree(root, NewPage(home, [NewPage(index, [NewPage(article) for article in articles])]))
    assert len(asked) <= 20


def test_page_tree_can_grow_in_wagtails_way(root):
    home, index, articles = make()
    create_page_tree(root, NewPage(home, [NewPage(index, [NewPage(article) for article in articles])]))

    SitePage.objects.get(slug="help").add_child(instance=SitePage(title="Third", slug="a3"))

    assert [page.slug for page in SitePage.objects.get(slug="help").get_children()] == ["a1", "a2", "a3"]
    assert Page.find_problems() == ([], [], [], [], [])


def test_text_that_does_not_fit_leaves_nothing(root):
    home, _index, _articles = make()
    home.title = "x" * 256
    with pytest.raises(ValidationError, match="title"):
        create_page_tree(root, NewPage(home))
    assert Page.objects.filter(depth__gt=1).count() == 0


def test_there_is_one_start_only(root):
    create_page_tree(root, NewPage(make()[0]))
    with pytest.raises(ValueError, match="already"):
        create_page_tree(root, NewPage(make()[0]))


def test_new_schema_has_no_welcome_page_of_wagtail(north):
    assert not Page.objects.filter(title__startswith="Welcome to your new").exists()
    assert Page.find_problems() == ([], [], [], [], [])
