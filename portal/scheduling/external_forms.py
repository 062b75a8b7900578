"""The form for a calendar that is kept elsewhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.scheduling.models import ExternalCalendar


class ExternalCalendarForm(forms.Form):
    """Name and password count for CalDAV only. What is secret is not shown again, not even with an error."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("How it is called in the list here: “Private”.")
    )
    kind = forms.ChoiceField(
        label=_("How it is read"),
        choices=ExternalCalendar.Kind.choices,
        initial=ExternalCalendar.Kind.FILE,
        widget=forms.RadioSelect,
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=2000,
        help_text=_(
            "From the settings of the other calendar: its private or secret address, with https:// or webcal://."
        ),
    )
    username = forms.CharField(label=_("User name"), max_length=200, required=False)
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Best one that is made for programs alone."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == ExternalCalendar.Kind.CALDAV:
            for name in ("username", "password"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return values
