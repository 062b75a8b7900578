"""Forms of one's own login."""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.people.models import Client
from portal.language_fields import language_choices
from portal.time_zone_fields import TimeZoneField


def zone_help(clients: Iterable[Client], nouns: str) -> str:
    """What the zone of a login is for: mail about appointments follows the zone of whoever has them."""
    if not (zones := ", ".join(f"{client.name} ({client.time_zone.replace('_', ' ')})" for client in clients)):
        return gettext(
            "Mail, documents and calendar files use this zone. Pages show the zone of the device you are on."
        )
    return gettext(
        "Mail and calendar files about %(nouns)s use the zone that is set for each person: %(zones)s. "
        "Other mail and documents use this one. Pages show the zone of the device you are on."
    ) % {"nouns": nouns, "zones": zones}


class InvitationForm(forms.Form):
    """A password, and the zone in which the person reads times."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 10 characters. A few words you remember are better than one you do not."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )
    time_zone = TimeZoneField()


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
    time_zone = TimeZoneField()
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
