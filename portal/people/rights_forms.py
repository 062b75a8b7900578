"""Forms about rights: roles of the organization's own, and one exception."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.people.models import StaffMember
from core.people.roles import Permission


class OwnRoleForm(forms.Form):
    """What it is called, and what it carries: only what the person who makes it holds."""

    title = forms.CharField(label=_("Name"), max_length=60)
    description = forms.CharField(
        label=_("What it is for"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody who works here reads it."),
    )  # fmt: skip
    permissions = forms.MultipleChoiceField(label=_("Whoever bears it may"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, giver: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["permissions"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(each.value, each.sentence) for each in Permission if each in giver.permissions]


class ExceptionForm(forms.Form):
    """Why one person is given more than their role, or less."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands on the page of their rights, and in the history."),
    )  # fmt: skip
