"""Forms of the console."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from babel import Locale
from django import forms
from django.conf import settings

from branding.blueprints import BLUEPRINTS
from core.kernel import time_zones
from core.kernel.reading_order import reading_key
from portal.operator.presenters import name_of, plan_labels
from tenants import look_alikes
from tenants.entitlements import OVERRIDABLE
from tenants.models import Plan

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "JPY")


class ConfirmationForm(forms.Form):
    """Nothing to fill in: the button is the answer."""


class CredentialsForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Six-digit code",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class RecoveryForm(forms.Form):
    code = forms.CharField(
        label="Recovery code",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
    )


class HostForm(forms.Form):
    """A host name. A second question only for one with letters that look like others."""

    is_meant = forms.BooleanField(label="These letters are meant", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        described = look_alikes.described(str(self.data.get("host", "")).strip().lower())
        if described:
            self.fields["is_meant"].help_text = described
        else:
            del self.fields["is_meant"]


class ProvisionForm(HostForm):
    name = forms.CharField(max_length=120, help_text="As its people read it.")
    host = forms.CharField(max_length=253, help_text="Where it is reached, like clinic.example.org.")
    plan = forms.ChoiceField()
    owner_name = forms.CharField(label="Owner's name", max_length=120)
    owner_email = forms.EmailField(label="Owner's e-mail address", help_text="The invitation goes there.")
    blueprint = forms.ChoiceField(widget=forms.RadioSelect, initial="clinic")
    time_zone = forms.ChoiceField(initial="UTC")
    currency = forms.ChoiceField(choices=[(code, code) for code in CURRENCIES], initial="EUR")
    country = forms.ChoiceField(initial="DE")
    language = forms.ChoiceField(choices=settings.LANGUAGES, initial="en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = plan_labels(None)
        self.fields["blueprint"].choices = [(found.code, found.name) for found in BLUEPRINTS.values()]
        zones = sorted(zone for zone in time_zones.known() if "/" in zone and not zone.startswith("Etc/"))
        self.fields["time_zone"].choices = [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)]
        territories = Locale("en").territories
        countries = [(code, name) for code, name in territories.items() if len(code) == 2 and code.isalpha()]
        self.fields["country"].choices = sorted(countries, key=lambda country: reading_key(country[1]))


class HostBranchForm(forms.Form):
    """The branch that a host leads to."""

    branch = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].choices = [("", "No branch"), *self.initial.get("branches", [])]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text="Kept in the history, where every operator reads it.",
    )


class PlanForm(forms.Form):
    plan = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = plan_labels(Plan.objects.filter(pk=self.initial.get("plan")).first())


class EntitlementForm(forms.Form):
    """One entitlement: on, off, or as the plan has it."""

    code = forms.ChoiceField(label="What")
    choice = forms.ChoiceField(
        label="Decision", widget=forms.RadioSelect, choices=[("on", "On"), ("off", "Off"), ("plan", "As in the plan")]
    )
    limit = forms.IntegerField(
        label="Up to",
        required=False,
        min_value=1,
        max_value=100_000,
        help_text="Of people, gigabytes and resources only. Empty: no limit.",
    )
    until = forms.DateField(
        label="Until the end of", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="From then on the plan alone decides. Empty: for good.",
    )  # fmt: skip
    at_once = forms.BooleanField(label="Switched off, what is there ends at once", required=False)
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text="Kept in the history, where every operator reads it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [(code, name_of(code)) for code in OVERRIDABLE]

    def clean_until(self) -> datetime | None:
        day = self.cleaned_data["until"]
        return datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC) if day else None


class GoLiveForm(forms.Form):
    """A file as `manage.py go_live` reads it, chosen or pasted."""

    file = forms.FileField(
        label="File", required=False, help_text="JSON. It is read into the field below.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )  # fmt: skip
    text = forms.CharField(
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("file"):
            try:
                given["text"] = given["file"].read().decode()
            except UnicodeDecodeError:
                self.add_error("file", "This is no text.")
        if not given.get("text") and not self.errors:
            self.add_error("text", "Choose a file, or paste its text.")
        return given


class DomainForm(HostForm):
    host = forms.CharField(max_length=253, help_text="It is served once its owner has proved it by a DNS record.")
