"""What the pages of the settings have in common: the tabs over them."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.people.roles import Permission
from portal.forms import FormView


class SettingsFormView(FormView):
    """A form among the settings."""

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "tabs": settings_tabs(self.request)}


def settings_tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The sections of the settings that this person may open."""
    sections = [
        (Permission.MANAGE_ORGANIZATION, _("Brand"), "/settings/"),
        (Permission.MANAGE_ORGANIZATION, _("Front page"), "/settings/front-page/"),
        (Permission.MANAGE_BILLING, _("Cancelling and completing"), "/settings/appointments/"),
        (Permission.MANAGE_ORGANIZATION, _("Live sessions"), "/settings/live/"),
        (Permission.MANAGE_ORGANIZATION, _("Invitation"), "/settings/invitation/"),
        (Permission.MANAGE_CLIENTS, _("Sent mail"), "/settings/mail/"),
        (Permission.SEE_AUDIT, _("Audit"), "/settings/audit/"),
    ]
    user = request.user
    return [
        {"label": label, "url": url, "current": request.path == url}
        for permission, label, url in sections
        if user.may(permission)  # type: ignore[union-attr]
    ]
