"""The form of the public pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class HomeForm(forms.Form):
    """The public front page."""

    headline = forms.CharField(label=_("Headline"), max_length=120)
    introduction = forms.CharField(label=_("Introduction"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    about = forms.CharField(
        label=_("About you"), widget=forms.Textarea(attrs={"rows": 8}), required=False,
        help_text=_("Leave an empty line between paragraphs."),
    )  # fmt: skip
    contact = forms.CharField(label=_("Contact"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
