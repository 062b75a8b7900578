"""Making and changing the public site."""

from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Page, Site

from branding.queries import current_brand, vocabulary
from core.kernel import audit
from core.kernel.translation import translate
from core.pages.audit_codes import PagesAudit
from core.pages.first_pages import help_articles, welcome
from core.pages.models import ArticlePage, HomePage
from core.pages.page_trees import NewPage, create_page_tree
from tenants.absolute_urls import primary_host


def create_site(*, name: str) -> HomePage:
    """Build the first pages and point Wagtail's site at the organization's own host."""
    brand = current_brand()
    words = vocabulary(brand.language)
    home = HomePage(
        title=translate("Home"),
        slug="home",
        headline=brand.tagline or name,
        introduction=welcome(name),
        show_in_menus=True,
    )
    index = ArticlePage(
        title=translate("Help"), slug="help", summary=translate("Answers before you need to ask."), show_in_menus=True
    )
    sender = brand.sender_address or settings.DEFAULT_FROM_EMAIL
    articles = [
        NewPage(ArticlePage(slug=slug, title=title, summary=summary, body=body))
        for slug, title, summary, body in help_articles(words, sender, primary_host())
    ]
    create_page_tree(Page.get_first_root_node(), NewPage(home, [NewPage(index, articles)]))
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
