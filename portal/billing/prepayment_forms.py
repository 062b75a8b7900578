"""Forms about what is paid in advance. They read what was typed; whether it may be is decided by the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.prepayments.actions.settings import HOURS, MINUTES, Waiting
from billing.prepayments.models import PrepaymentException, PrepaymentSettings, ServicePrepayment, TermsModel
from billing.prepayments.rules.prepaying import Ask, Terms
from core.kernel.money import Money
from portal.billing.forms import MoneyField

AS_RULE = "rule"


class TermsForm(forms.Form):
    """What is asked for, and of whom."""

    ask = forms.ChoiceField(label=_("To be paid at booking"), choices=TermsModel.Asks.choices, widget=forms.RadioSelect)
    amount = MoneyField(label=_("Amount"), required=False, help_text=_("Never more than the price."))
    share = forms.IntegerField(label=_("Share in per cent"), required=False, min_value=1, max_value=99)
    is_for_first_visits = forms.BooleanField(
        required=False, label=_("Only for a first visit"), help_text=_("Whoever was here before pays afterwards.")
    )

    def __init__(self, *args: Any, row: TermsModel, currency: str, **options: Any) -> None:
        initial = {
            "ask": row.ask, "amount": row.money, "share": row.share or None, "is_for_first_visits": row.is_for_first_visits,
        }  # fmt: skip
        super().__init__(*args, initial={**initial, **options.pop("initial", {})}, **options)
        self.fields["amount"].currency = row.currency or currency  # type: ignore[attr-defined]

    def terms(self) -> Terms | None:
        """For a valid form."""
        given = self.cleaned_data
        amount: Money | None = given["amount"]
        return Terms(Ask(given["ask"]), amount, given["share"] or 0, given["is_for_first_visits"])


class PrepaymentSettingsForm(TermsForm):
    """The rule for everything, and how long places wait."""

    hold_minutes = forms.IntegerField(
        min_value=MINUTES[0], max_value=MINUTES[1], label=_("Minutes for whoever books online"),
        help_text=_("So long the time is held. A refused card gives an hour more."),
    )  # fmt: skip
    hold_hours = forms.IntegerField(
        min_value=HOURS[0], max_value=HOURS[1], label=_("Hours for a link by mail"),
        help_text=_("So long the time is held when you ask for it."),
    )  # fmt: skip
    asks_when_staff_book = forms.BooleanField(
        required=False,
        label=_("Ask also for what you book yourselves"),
        help_text=_("Else it is asked for online only, and by a button on the page of the %(appointment)s."),
    )

    def __init__(self, *args: Any, row: PrepaymentSettings, **options: Any) -> None:
        names = ("hold_minutes", "hold_hours", "asks_when_staff_book")
        super().__init__(*args, row=row, initial={name: getattr(row, name) for name in names}, **options)

    def waiting(self) -> Waiting:
        given = self.cleaned_data
        return Waiting(given["hold_minutes"], given["hold_hours"], given["asks_when_staff_book"])


class ServiceRuleForm(TermsForm):
    """The rule of one service, or that the rule for everything holds."""

    def __init__(self, *args: Any, row: ServicePrepayment | None, **options: Any) -> None:
        initial = {"ask": row.ask if row else AS_RULE}
        super().__init__(*args, row=row or ServicePrepayment(), initial=initial, **options)
        first = (AS_RULE, _("As for everything else"))
        self.fields["ask"].choices = [first, *TermsModel.Asks.choices]  # type: ignore[attr-defined]

    def terms(self) -> Terms | None:
        return None if self.cleaned_data["ask"] == AS_RULE else super().terms()


class ExceptionForm(forms.Form):
    """Never, always, or as the rule says."""

    rule = forms.ChoiceField(
        label=_("Pays in advance"),
        required=False,
        choices=[("", _("As the rule says")), *PrepaymentException.Rule.choices],
        widget=forms.RadioSelect,
        help_text=_("Always: by the rule, first visit or not; the whole price where the rule asks for nothing."),
    )


class AskForm(forms.Form):
    """How much, and how long the place waits for it."""

    amount = MoneyField(label=_("Amount"))
    hours = forms.IntegerField(
        min_value=HOURS[0],
        max_value=HOURS[1],
        label=_("Held for so many hours"),
        help_text=_("Until it begins at most."),
    )

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["amount"].currency = currency  # type: ignore[attr-defined]
