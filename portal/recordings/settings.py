"""The settings page of recordings: whether sessions may be recorded, how long that is kept, who may play it, and by which words people are asked."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people.roles import Permission
from portal.access import SignedInView
from portal.settings_pages import settings_tabs
from sessions_live import engines
from sessions_live.actions.settings import LONGEST_ADDITION, change_recording_settings
from sessions_live.models import LiveSettings
from sessions_live.recordings.consent_texts import offered, whole_text
from sessions_live.rules.recording import FEWEST_DAYS, MOST_DAYS


class RecordingSettingsForm(forms.Form):
    """The choices, and the organization's own words in one language."""

    recording_allowed = forms.BooleanField(label=gettext_lazy("Hosts may record sessions"), required=False)
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


class RecordingSettingsView(SignedInView):
    """For whoever runs the organization."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        now = LiveSettings.current()
        start = {name: getattr(now, name) for name in ("recording_allowed", "recording_days", "clients_may_play")}
        return self._page(
            RecordingSettingsForm(initial=start | {"addition": now.consent_additions.get(self.language, "")})
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RecordingSettingsForm(request.POST)
        if form.is_valid():
            try:
                change_recording_settings(**form.cleaned_data, language=self.language, by=self.user, now=clock.now())
            except DomainError as error:
                form.add_error(error.field, error.message)
            else:
                messages.success(request, _("Saved. It holds for every recording that is asked for from now on."))
                return redirect(f"{reverse('recording_settings:recording')}?language={self.language}")
        return self._page(form, status=422)

    @property
    def language(self) -> str:
        """The one asked for, where the organization offers it."""
        asked = self.request.GET.get("language", "")
        return asked if asked in offered() else offered()[0]

    def _page(self, form: RecordingSettingsForm, status: int = 200) -> HttpResponse:
        now, here, names = LiveSettings.current(), reverse("recording_settings:recording"), dict(settings.LANGUAGES)
        text = whole_text(
            language=self.language,
            days=now.recording_days,
            clients_may_play=now.clients_may_play,
            additions=now.consent_additions,
        )
        context: dict[str, Any] = {
            "form": form,
            "possible": engines.can_record(),
            "language": self.language,
            "languages": [
                {"label": names.get(code, code), "url": f"{here}?language={code}", "current": code == self.language}
                for code in offered()
            ],
            "words": text.split("\n\n"),
            "tabs": [
                tab | {"current": tab["url"] == reverse("live_settings:live")} for tab in settings_tabs(self.request)
            ],
        }
        return render(self.request, "recordings/settings.html", context, status=status)
