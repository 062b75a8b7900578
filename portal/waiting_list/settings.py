"""How times are offered to those who wait."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.people.roles import Permission
from core.waiting_list.actions import change_waiting_settings
from core.waiting_list.actions.settings import LONGEST, SHORTEST
from core.waiting_list.models import WaitingListSettings
from portal.settings_pages import SettingsFormView


class WaitingListSettingsForm(forms.ModelForm):
    """All of it."""

    minutes = forms.IntegerField(label=_("Minutes to answer"), min_value=SHORTEST, max_value=LONGEST)
    notice_hours = forms.IntegerField(label=_("Hours ahead, at least"), min_value=0, max_value=24 * 14)

    class Meta:
        model = WaitingListSettings
        fields = ("is_open", "mode", "minutes", "notice_hours", "clients_may_join")
        labels = {  # noqa: RUF012
            "is_open": _("Offer times that free by themselves"),
            "mode": _("To whom"),
            "clients_may_join": _("People put themselves on the list"),
        }
        help_texts = {  # noqa: RUF012
            "clients_may_join": _("Those %(clients)s whose permissions let them ask for times."),
        }


class WaitingListSettingsView(SettingsFormView):
    """The page with it."""

    needs = Permission.MANAGE_ALL_SCHEDULES
    template_name = "waiting_list/settings.html"
    edits = True
    success_message = _("Saved. What is offered already stays as it is.")

    def get_edited(self) -> list[Any]:
        return [WaitingListSettings.current()]

    def get_form(self, *posted: Any) -> WaitingListSettingsForm:
        return WaitingListSettingsForm(*posted, instance=WaitingListSettings.current())

    def perform(self, form: WaitingListSettingsForm) -> WaitingListSettings:
        return change_waiting_settings(by=self.user, now=clock.now(), **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("waiting_list_settings:settings")
