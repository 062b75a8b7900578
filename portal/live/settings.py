"""The settings page of live sessions: which way the media takes, who is told of every waiting person, and who may come by link."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.people.roles import Permission
from portal.settings_pages import SettingsFormView
from sessions_live.actions.settings import change_live_settings
from sessions_live.models import LiveSettings, MediaPolicy, NamesForGuests

POLICIES = [
    (MediaPolicy.DIRECT.value, gettext_lazy("Directly between two people")),
    (MediaPolicy.SERVER.value, gettext_lazy("Always through the server")),
]


class LiveSettingsForm(forms.Form):
    """What the organization decides."""

    policy = forms.ChoiceField(
        label=gettext_lazy("Picture and sound travel"), choices=POLICIES, widget=forms.RadioSelect
    )
    front_desk_hears = forms.BooleanField(label=gettext_lazy("The front desk hears every doorbell"), required=False)
    links_allowed = forms.BooleanField(
        label=gettext_lazy("Everybody who works here has a personal link"), required=False
    )
    names_for_guests = forms.ChoiceField(
        label=gettext_lazy("Of others, guests by link read"), choices=NamesForGuests.choices, widget=forms.RadioSelect
    )
    youtube_allowed = forms.BooleanField(
        label=gettext_lazy("Hosts may play videos from YouTube for everybody"), required=False
    )


class LiveSettingsView(SettingsFormView):
    """For whoever runs the organization."""

    needs = Permission.MANAGE_ORGANIZATION
    form_class = LiveSettingsForm
    template_name = "live/settings.html"
    edits = True
    success_message = gettext_lazy("Saved. It holds for every %(session)s that begins from now on.")

    def get_edited(self) -> list[Any]:
        return [LiveSettings.current()]

    def get_initial(self) -> dict[str, Any]:
        live = LiveSettings.current()
        return {name: getattr(live, name) for name in LiveSettingsForm.base_fields}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "live": LiveSettings.current()}

    def perform(self, form: LiveSettingsForm) -> None:
        change_live_settings(**form.cleaned_data, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("live_settings:live")
