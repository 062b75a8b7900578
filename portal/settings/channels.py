"""By which channels people hear of things: the organization's word."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.notifications.channels import there_are, usual_of
from core.notifications.messages import Channel, Topic
from core.notifications.models import NotificationSettings
from core.people import actions
from core.people.roles import Permission
from portal.channel_forms import ChannelsForm
from portal.settings_pages import SettingsFormView


class OrganizationChannelsForm(ChannelsForm):
    """The organization's word: what is on at first, whether there is push, and what it shows."""

    has_push = forms.BooleanField(
        label=_("Push"),
        required=False,
        help_text=_("People switch it on for each of their devices. Nothing has to be installed."),
    )
    push_text = forms.ChoiceField(
        label=_("What a push message shows"),
        choices=NotificationSettings.PushText.choices,
        widget=forms.RadioSelect(),
        help_text=_("It stands on locked screens, where others can read it."),
    )


class ChannelSettingsView(SettingsFormView):
    """The organization's word."""

    needs = Permission.MANAGE_ORGANIZATION
    template_name = "settings/channels.html"
    edits = True
    success_message = _("Saved.")

    def load(self) -> None:
        self.settings = NotificationSettings.current()

    def get_edited(self) -> list[Any]:
        return [self.settings]

    def get_form(self, *posted: Any) -> OrganizationChannelsForm:
        offered = [channel for channel in Channel if channel in there_are(self.settings) | {Channel.PUSH}]
        usual = {topic: usual_of(self.settings, topic) for topic in Topic}
        initial = OrganizationChannelsForm.shown(usual, offered)
        return OrganizationChannelsForm(
            *posted,
            topics=list(Topic),
            offered=offered,
            initial={**initial, "has_push": self.settings.has_push, "push_text": self.settings.push_text},
        )

    def perform(self, form: OrganizationChannelsForm) -> NotificationSettings:
        before = {topic: usual_of(self.settings, topic) for topic in Topic}
        return actions.set_channels(
            has_push=form.cleaned_data["has_push"],
            push_text=form.cleaned_data["push_text"],
            usual=form.chosen(before),
            by=self.user,
            now=clock.now(),
        )

    def get_success_url(self) -> str:
        return reverse("settings:channels")
