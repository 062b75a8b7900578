"""Forms about the cards of those who pay."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.queries.card_links import PayerCards
from core.people.models import User


class CustomerForm(forms.Form):
    """Whose customer id it is, and the id; `seen` is what was looked at before it is confirmed."""

    payer = forms.ChoiceField(label=_("Who pays"))
    customer = forms.CharField(
        label=_("Id at the payment service"),
        max_length=150,
        help_text=_("Copy it from the person's page at the payment service. It begins with cus_."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *posted: Any, payers: Sequence[PayerCards], chosen: str = "") -> None:
        super().__init__(*posted, initial={"payer": chosen})
        self._users = {str(each.payer.user.pk): each.payer.user for each in payers if each.payer.user is not None}
        self.fields["payer"].choices = [(pk, f"{user.name} ({user.email})") for pk, user in self._users.items()]  # type: ignore[attr-defined]

    def clean_payer(self) -> User:
        return self._users[self.cleaned_data["payer"]]
