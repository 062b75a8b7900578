"""The form of a credit note."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.actions.credit_notes import Credit
from billing.models import CreditNote
from billing.queries.credit_notes import Left
from core.kernel.translation import labelled
from portal.billing.forms import MoneyField
from portal.billing.presenters import shown

WHOLE, LINES, AMOUNT = "whole", "lines", "amount"


class CreditForm(forms.Form):
    """What is credited, why, and what becomes of what was paid."""

    what = forms.ChoiceField(label=gettext_lazy("What is credited"), widget=forms.RadioSelect, initial=WHOLE)
    lines = forms.MultipleChoiceField(label=gettext_lazy("Lines"), required=False, widget=forms.CheckboxSelectMultiple)
    price = MoneyField(label=gettext_lazy("Amount"), required=False)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[("", gettext_lazy("Choose")), *CreditNote.Reason.choices]
    )
    memo = forms.CharField(
        max_length=200, label=gettext_lazy("In your own words"), help_text=gettext_lazy("The %(payer)s reads this.")
    )
    settlement = forms.ChoiceField(
        label=gettext_lazy("What was paid of it already"),
        choices=[
            (CreditNote.Settlement.BALANCE.value, gettext_lazy("It stays as credit on account")),
            (CreditNote.Settlement.REFUND.value, gettext_lazy("It is refunded the way it was paid")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what becomes of the money that was paid.")},
    )
    bills_again = forms.BooleanField(
        required=False,
        label=gettext_lazy("Bill it again: its charges await %(invoice:a|an)s %(invoice)s once more"),
    )

    def __init__(self, *args: Any, left: Left, has_paid: bool, has_charges: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        whole = _("Everything that is left: %(amount)s") % {"amount": shown(left.claim)}
        choices = [(WHOLE, whole), (AMOUNT, _("An amount"))]
        if len(left.lines) > 1:
            choices.insert(1, (LINES, _("Some of its lines")))
            self.fields["lines"].choices = [  # type: ignore[attr-defined]
                (str(line.pk), labelled(line.description, shown(line.price))) for line in left.lines
            ]
        else:
            del self.fields["lines"]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        self.fields["price"].currency = left.claim.currency  # type: ignore[attr-defined]
        self.fields["price"].label = _("Amount in %(currency)s, with tax") % {"currency": left.claim.currency}
        if not has_paid:
            del self.fields["settlement"]
        if not has_charges:
            del self.fields["bills_again"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("what") == LINES and not values.get("lines"):
            self.add_error("lines", _("Choose at least one line."))
        if values.get("what") == AMOUNT and values.get("price") is None and "price" not in self.errors:
            self.add_error("price", _("Enter an amount."))
        return values

    def credit(self) -> Credit:
        """What was chosen."""
        values = self.cleaned_data
        bills_again = bool(values.get("bills_again"))
        if values["what"] == AMOUNT:
            return Credit(amount=values["price"], bills_again=bills_again)
        lines = values["lines"] if values["what"] == LINES else None
        known = None if lines is None else tuple(UUID(line) for line in lines)
        return Credit(lines=known, bills_again=bills_again)

    @property
    def refunds_paid(self) -> bool:
        return bool(self.cleaned_data.get("settlement") == CreditNote.Settlement.REFUND)
