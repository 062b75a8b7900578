"""What the pages of the settings have in common: the tabs over them."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse

from core.people.models import User
from portal import manifests
from portal.forms import FormView
from portal.manifests import SettingsPage


class SettingsFormView(FormView):
    """A form among the settings."""

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "tabs": settings_tabs(self.request)}


def settings_tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of the settings that this person may open, as the component draws them."""
    pages = [(page, reverse(page.url_name)) for page in settings_pages_of(request.user)]  # type: ignore[arg-type]
    return [{"label": str(page.label), "url": url, "current": request.path == url} for page, url in pages]


def settings_pages_of(user: User) -> list[SettingsPage]:
    """The pages of the settings that this person may open."""
    return [page for page in manifests.settings_pages() if user.may(page.permission)]


def first_page_of(user: User) -> str:
    """The address of the first of them."""
    return reverse(settings_pages_of(user)[0].url_name)
