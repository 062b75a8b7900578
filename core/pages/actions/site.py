"""The site that a new organization starts with."""

from django.conf import settings
from wagtail.models import Page, Site

from core.pages import first_pages
from core.pages.models import HomePage
from core.pages.page_trees import NewPage, create_page_tree
from tenants.absolute_urls import primary_host


def create_site(*, name: str) -> HomePage:
    """Build the front page and point Wagtail's site at the organization's own host. What it says is made when it is read."""
    home = HomePage(title=first_pages.home_title(), slug="home", show_in_menus=True)
    create_page_tree(Page.get_first_root_node(), NewPage(home))
    Site.objects.create(
        hostname=primary_host(), port=settings.PUBLIC_PORT or 443, root_page=home, is_default_site=True, site_name=name
    )
    return home
