"""Forms of one's own login."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.language_fields import language_choices
from portal.time_zone_fields import TimeZoneField


class InvitationForm(forms.Form):
    """A password, and the zone in which the person reads times."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 10 characters. A few words you remember are better than one you do not."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )
    time_zone = TimeZoneField(
        help_text=_("Mail, documents and calendar files use this zone. Pages show the zone of the device you are on.")
    )


class ProfileForm(forms.Form):
    """What belongs to oneself."""

    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    short_name = forms.CharField(
        label=_("How to address you"),
        max_length=80,
        required=False,
        help_text=_("In greetings. Left empty: your whole name."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    time_zone = TimeZoneField(
        help_text=_("Mail, documents and calendar files use this zone. Pages show the zone of the device you are on.")
    )
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = language_choices()
        if len(language.choices) == 1:  # because a choice of one is no choice
            language.widget = forms.HiddenInput()
            language.initial = language.choices[0][0]


class AddPasskeyForm(AddWebAuthnForm):
    """allauth's, with the box ticked that makes a key a passkey: it is what the page has promised."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
