"""Making and changing the public site."""

from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Page, Site

from core.kernel import audit
from core.pages import first_pages
from core.pages.audit_codes import PagesAudit
from core.pages.models import HomePage
from core.pages.page_trees import NewPage, create_page_tree
from tenants.absolute_urls import primary_host


def create_site(*, name: str) -> HomePage:
    """Build the front page and point Wagtail's site at the organization's own host. What it says is made when it is read."""
    greeting = first_pages.greeting()
    home = HomePage(
        title=first_pages.home_title(), slug="home", headline=greeting.headline, introduction=greeting.introduction,
        show_in_menus=True,
    )  # fmt: skip
    create_page_tree(Page.get_first_root_node(), NewPage(home))
    Site.objects.create(
        hostname=primary_host(), port=settings.PUBLIC_PORT or 443, root_page=home, is_default_site=True, site_name=name
    )
    return home


@transaction.atomic
def change_home(home: HomePage, *, by: Any, headline: str, introduction: str, about: str, contact: str) -> HomePage:
    """Change the front page; every version stays in Wagtail's history."""
    wanted = {"headline": headline, "introduction": introduction, "about": about, "contact": contact}
    changed = [field for field, value in wanted.items() if getattr(home, field) != value]
    for field in changed:
        setattr(home, field, wanted[field])
    home.save_revision().publish()
    audit.record(PagesAudit.PAGE_CHANGED, by=by, subject=home, changes={"fields": [None, changed]})
    return home
