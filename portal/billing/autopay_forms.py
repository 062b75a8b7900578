"""Forms about cards on file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.autopay.actions.settings import LATEST_DAY
from billing.autopay.models import AutopaySettings
from core.kernel.money import Money


class ChargeCardForm(forms.Form):
    """That the amount was read: it stands in the form, and is charged only while it is what is due."""

    units = forms.IntegerField(widget=forms.HiddenInput)
    currency = forms.CharField(max_length=3, widget=forms.HiddenInput)

    def __init__(self, *args: Any, due: Money, **options: Any) -> None:
        super().__init__(*args, initial={"units": due.amount, "currency": due.currency}, **options)

    def clean_currency(self) -> str:
        found = str(self.cleaned_data["currency"]).upper()
        if len(found) != 3 or not found.isascii() or not found.isalpha():
            raise forms.ValidationError(_("Look at the amount once more."), code="currency")
        return found

    def amount(self) -> Money:
        """For a valid form."""
        return Money(self.cleaned_data["units"], self.cleaned_data["currency"])


class AutopaySettingsForm(forms.Form):
    """When, and when again."""

    when = forms.ChoiceField(
        label=_("Charge cards on file"), choices=AutopaySettings.Charged.choices, widget=forms.RadioSelect,
        help_text=_("Only with what their holder has allowed, and only what is due."),
    )  # fmt: skip
    first_days = forms.IntegerField(
        required=False, min_value=1, max_value=LATEST_DAY, label=_("Second try, days after the first")
    )
    second_days = forms.IntegerField(
        required=False, min_value=1, max_value=LATEST_DAY, label=_("Third try, days after the first")
    )
    third_days = forms.IntegerField(
        required=False, min_value=1, max_value=LATEST_DAY, label=_("Last try, days after the first"),
        help_text=_("Leave a field empty to leave that try out."),
    )  # fmt: skip

    def __init__(self, *args: Any, settings: AutopaySettings, **options: Any) -> None:
        names = ("when", "first_days", "second_days", "third_days")
        super().__init__(*args, initial={name: getattr(settings, name) for name in names}, **options)
