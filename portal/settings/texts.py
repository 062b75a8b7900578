"""Text messages: the organization's own account, sender and limit, and the addresses that its provider is told."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.notifications.channels import text_number_of
from core.notifications.models import NotificationSettings
from core.notifications.text_gateway import is_name
from core.notifications.text_messages import latest_trouble, sent_today
from core.people import actions
from core.people.roles import Permission
from portal.settings_pages import SettingsFormView
from tenants.absolute_urls import host_url, organization_host


class TextAccountForm(forms.Form):
    """What the provider of text messages has given the organization; needed as long as they are to leave."""

    use_required_attribute = False  # because what is needed follows from the first field

    has_texts = forms.BooleanField(
        label=_("Text messages"),
        required=False,
        help_text=_("People give their mobile number themselves, and agree by a code."),
    )
    account = forms.CharField(label=_("Account"), max_length=60, required=False)
    token = forms.CharField(
        label=_("Key of the account"),
        max_length=100,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Kept encrypted and never shown. Left empty, the one that is kept stays. Another account needs its own."
        ),
    )
    sender = forms.CharField(
        label=_("Sender"),
        max_length=40,
        required=False,
        help_text=_(
            "Your number with its country code, or your name in at most eleven letters where networks allow it. A name cannot be answered."
        ),
    )
    texts_a_day = forms.IntegerField(
        label=_("At most a day"),
        min_value=1,
        help_text=_(
            "What is beyond it does not leave, and you are told. Codes that confirm numbers are counted apart."
        ),
    )

    def __init__(self, *args: Any, has_token: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        are_on = not self.is_bound or bool(self["has_texts"].value())
        for name, is_needed in {"account": are_on, "sender": are_on, "token": are_on and not has_token}.items():
            self.fields[name].required = is_needed
            self.fields[name].error_messages["required"] = gettext("This is needed before text messages can leave.")


class TextAccountView(SettingsFormView):
    """By which account text messages leave."""

    needs = Permission.MANAGE_ORGANIZATION
    template_name = "settings/texts.html"
    edits = True
    success_message = _("Saved.")

    def load(self) -> None:
        self.settings = NotificationSettings.current()

    def get_form(self, *posted: Any) -> TextAccountForm:
        return TextAccountForm(*posted, initial=self.get_initial(), has_token=bool(self.settings.text_token))

    def get_edited(self) -> list[Any]:
        return [self.settings]

    def get_initial(self) -> dict[str, Any]:
        return {
            "has_texts": self.settings.has_texts,
            "account": self.settings.text_account,
            "sender": self.settings.text_sender,
            "texts_a_day": self.settings.texts_a_day,
        }

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "answers_to": host_url(organization_host(), reverse("text_answer")),
            "sent_today": sent_today(now=clock.now()),
            "trouble": latest_trouble() if self.settings.has_texts else None,
            "own_number": text_number_of(self.user.pk),
            "is_name": is_name(self.settings.text_sender),
        }

    def perform(self, form: TextAccountForm) -> NotificationSettings:
        return actions.set_text_account(**form.cleaned_data, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("settings:texts")
