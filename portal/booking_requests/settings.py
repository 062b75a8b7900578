"""Whether people can ask for times."""

from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.booking_requests.actions import change_request_settings
from core.booking_requests.models import RequestSettings
from core.kernel import clock
from core.people.roles import Permission
from portal.settings_pages import SettingsFormView


class RequestSettingsForm(forms.Form):
    """Two switches for all."""

    is_open = forms.BooleanField(
        label=_("People can ask for times"),
        required=False,
        help_text=_("Those %(clients)s whose permissions allow it. What was asked for before is still answered."),
    )

    shows_free_times = forms.BooleanField(
        label=_("Free times are shown to choose from"),
        required=False,
        help_text=_("A few a day of the next three weeks. Nothing is kept by choosing them."),
    )


class RequestSettingsView(SettingsFormView):
    """The page with it."""

    needs = Permission.MANAGE_ALL_SCHEDULES
    template_name = "booking_requests/settings.html"
    edits = True
    success_message = _("Saved.")

    def get_edited(self) -> list[Any]:
        return [RequestSettings.current()]

    def get_form(self, *posted: Any) -> RequestSettingsForm:
        return RequestSettingsForm(
            *posted, initial=model_to_dict(RequestSettings.current(), RequestSettingsForm.base_fields)
        )

    def perform(self, form: RequestSettingsForm) -> RequestSettings:
        return change_request_settings(**form.cleaned_data, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("request_settings:settings")
