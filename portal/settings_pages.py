"""What the pages of the settings have in common: the tabs over them."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse

from portal import manifests
from portal.forms import FormView


class SettingsFormView(FormView):
    """A form among the settings."""

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "tabs": settings_tabs(self.request)}


def settings_tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of the settings that this person may open, as the component draws them."""
    found = []
    for page in manifests.settings_pages():
        if request.user.may(page.permission):  # type: ignore[union-attr]
            url = reverse(page.url_name)
            found.append({"label": str(page.label), "url": url, "current": request.path == url})
    return found
