"""The settings page of live sessions: which way the media takes, and who is told of every waiting person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people.roles import Permission
from portal.access import SignedInView
from portal.settings_pages import settings_tabs
from sessions_live.actions.settings import change_live_settings
from sessions_live.models import LiveSettings, MediaPolicy

POLICIES = [
    (MediaPolicy.DIRECT.value, gettext_lazy("Directly between two people")),
    (MediaPolicy.SERVER.value, gettext_lazy("Always through the server")),
]


class LiveSettingsForm(forms.Form):
    """The two choices."""

    policy = forms.ChoiceField(
        label=gettext_lazy("Picture and sound travel"), choices=POLICIES, widget=forms.RadioSelect
    )
    front_desk_hears = forms.BooleanField(label=gettext_lazy("The front desk hears every doorbell"), required=False)


class LiveSettingsView(SignedInView):
    """For whoever runs the organization."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        now = LiveSettings.current()
        return self._page(LiveSettingsForm(initial={"policy": now.policy, "front_desk_hears": now.front_desk_hears}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LiveSettingsForm(request.POST)
        if form.is_valid():
            try:
                change_live_settings(**form.cleaned_data, by=self.user, now=clock.now())
            except DomainError as error:
                form.add_error(error.field, error.message)
            else:
                messages.success(request, _("Saved. It holds for every session that begins from now on."))
                return redirect("live_settings:live")
        return self._page(form, status=422)

    def _page(self, form: LiveSettingsForm, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {"form": form, "live": LiveSettings.current(), "tabs": settings_tabs(self.request)}
        return render(self.request, "live/settings.html", context, status=status)
