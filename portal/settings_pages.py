"""What the pages of the settings have in common: the menu beside them."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse

from core.people.models import User
from portal import manifests
from portal.forms import FormView
from portal.manifests import SettingsGroup, SettingsPage


class SettingsFormView(FormView):
    """A form among the settings."""

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "settings_menu": settings_menu(self.request)}


def settings_menu(request: HttpRequest, *, at: str = "") -> list[dict[str, Any]]:
    """The pages of the settings that this person may open, by group, as the component draws them. `at`: the URL name that is current, when
    it is not the page itself."""
    pages = settings_pages_of(request.user)  # type: ignore[arg-type]
    here = reverse(at) if at else request.path
    groups = [
        {"title": group.label, "pages": [_entry(page, here) for page in pages if page.group == group]}
        for group in SettingsGroup
    ]
    return [group for group in groups if group["pages"]]


def _entry(page: SettingsPage, here: str) -> dict[str, Any]:
    url = reverse(page.url_name)
    return {"label": str(page.label), "url": url, "current": here == url}


def settings_pages_of(user: User) -> list[SettingsPage]:
    """The pages of the settings that this person may open."""
    return [page for page in manifests.settings_pages() if user.may(page.permission)]


def first_page_of(user: User) -> str:
    """The address of the first of them."""
    return reverse(settings_pages_of(user)[0].url_name)
