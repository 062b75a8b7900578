"""Forms about wages. They read what was typed; whether it may be done is decided by the actions."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from billing.models import Service
from billing.wages.models import WageEntry, WageRate
from billing.wages.rules.wage import Basis, Terms
from portal.billing.forms import DateField, MoneyField


class WageRateForm(forms.Form):
    """What somebody earns by one service, or by everything that has no rate of its own."""

    service = forms.ModelChoiceField(Service.objects.none(), required=False, empty_label=_("Everything else"))
    basis = forms.ChoiceField(label=_("They earn"), widget=forms.RadioSelect)
    amount = MoneyField(label=_("Amount"), required=False)
    share = forms.DecimalField(
        label=_("Share in per cent"), max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=100, required=False,
        help_text=_("Of the price without tax, whatever the %(client)s is charged. Only for a share of the price."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, services: "QuerySet[Service]", currency: str, vocabulary: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["basis"].choices = [(code, capfirst(label)) for code, label in WageRate.Counts.choices]  # type: ignore[attr-defined]
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.fields["service"].label = vocabulary.get("service").capitalize()
        self.fields["amount"].currency = currency  # type: ignore[attr-defined]
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": currency}
        self.fields["amount"].help_text = _("Each time, or per hour.")

    def terms(self) -> Terms:
        """What was sent, as the action takes it; the field that does not belong to what was chosen counts as empty."""
        values, basis = self.cleaned_data, Basis(self.cleaned_data["basis"])
        if basis == Basis.SHARE:
            return Terms(basis, share=values["share"])
        return Terms(basis, amount=values["amount"])


class WageEntryForm(forms.Form):
    """A bonus, expenses, or a deduction."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in WageEntry.BY_HAND],
        label=_("What it is"),
        widget=forms.RadioSelect,
    )
    amount = MoneyField(label=_("Amount"))
    day = DateField(label=_("Day"))
    description = forms.CharField(max_length=200, label=_("What for"), help_text=_("It stands on the statement."))

    def __init__(self, *args: Any, currency: str, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["amount"].currency = currency  # type: ignore[attr-defined]
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": currency}
        self.fields["day"].widget.attrs["max"] = today.isoformat()


class BankAccountForm(forms.Form):
    """Where wages go to, or come from."""

    holder = forms.CharField(
        max_length=70, label=_("Whose account it is"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    iban = forms.CharField(
        max_length=60, label=_("IBAN"), widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("It is kept encrypted; people read its country and last four characters."),
    )  # fmt: skip


class PayoutRunForm(forms.Form):
    """Up to which day, in which currency; `seen` is what was looked at."""

    until = DateField(label=_("Everything up to"))
    currency = forms.ChoiceField(label=_("Currency"))
    seen = forms.CharField(widget=forms.HiddenInput(), max_length=64, required=False)

    def __init__(self, *args: Any, currencies: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["currency"].choices = [(code, code) for code in currencies]  # type: ignore[attr-defined]
        if len(currencies) == 1:
            self.fields["currency"].widget = forms.HiddenInput()


class PaidForm(forms.Form):
    """When the money has left."""

    paid_on = DateField(label=_("Paid on"))
