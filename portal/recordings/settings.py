"""The settings page of recordings: whether sessions may be recorded, how long that is kept, who may play it, and by which words people are asked."""

from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.people.roles import Permission
from portal.settings_pages import SettingsFormView, settings_menu
from sessions_live import engines
from sessions_live.actions.settings import LONGEST_ADDITION, change_recording_settings
from sessions_live.models import LiveSettings
from sessions_live.recordings.consent_texts import offered, whole_text
from sessions_live.rules.recording import FEWEST_DAYS, MOST_DAYS
from tenants.context import branch_context


class RecordingSettingsForm(forms.Form):
    """The choices, and the organization's own words in one language."""

    recording_allowed = forms.BooleanField(label=gettext_lazy("Hosts may record %(sessions)s"), required=False)
    recording_days = forms.IntegerField(
        label=gettext_lazy("Days that a recording is kept"), min_value=FEWEST_DAYS, max_value=MOST_DAYS,
        help_text=gettext_lazy("Then it is deleted by itself. People are told this number before they agree."),
    )  # fmt: skip
    clients_may_play = forms.BooleanField(
        label=gettext_lazy("Those who were recorded may play it themselves"), required=False
    )
    addition = forms.CharField(
        label=gettext_lazy("Added to the text"), required=False, max_length=LONGEST_ADDITION,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "true"}),
        help_text=gettext_lazy("What the recording is for, for example. An empty line begins a new paragraph."),
    )  # fmt: skip


class RecordingSettingsView(SettingsFormView):
    """For whoever runs the organization."""

    needs = Permission.MANAGE_ORGANIZATION
    form_class = RecordingSettingsForm
    template_name = "recordings/settings.html"
    edits = True
    success_message = gettext_lazy("Saved. It holds for every recording that is asked for from now on.")

    @property
    def language(self) -> str:
        """The one asked for, where the organization offers it."""
        asked = self.request.GET.get("language", "")
        return asked if asked in offered() else offered()[0]

    def get_version_address(self) -> str:
        return f"{self.request.path}?{self.language}"

    def get_edited(self) -> list[Any]:
        return [LiveSettings.current()]

    def get_initial(self) -> dict[str, Any]:
        live = LiveSettings.current()
        return {
            "recording_allowed": live.recording_allowed,
            "recording_days": live.recording_days,
            "clients_may_play": live.clients_may_play,
            "addition": live.consent_additions.get(self.language, ""),
        }

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        live, shown = LiveSettings.current(), super().get_context_data(form)
        with branch_context(None):  # whatever host this is read at
            text = whole_text(
                language=self.language,
                days=live.recording_days,
                clients_may_play=live.clients_may_play,
                additions=live.consent_additions,
            )
        return {
            **shown,
            "possible": engines.can_record(),
            "language": self.language,
            "languages": self.languages(),
            "words": text.split("\n\n"),
            "settings_menu": settings_menu(self.request, at="live_settings:live"),
        }

    def languages(self) -> list[dict[str, Any]]:
        """Those in which people can be asked, as tabs."""
        here, names = reverse("recording_settings:recording"), dict(settings.LANGUAGES)
        return [
            {"label": names.get(code, code), "url": f"{here}?language={code}", "current": code == self.language}
            for code in offered()
        ]

    def perform(self, form: RecordingSettingsForm) -> None:
        change_recording_settings(**form.cleaned_data, language=self.language, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return f"{reverse('recording_settings:recording')}?language={self.language}"
