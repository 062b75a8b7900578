"""What stands at one's own calendar address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class FeedForm(forms.Form):
    """Two choices; the second only for whoever runs others' schedules."""

    is_busy_only = forms.BooleanField(
        required=False,
        label=_("Only say when I am busy"),
        help_text=_("No names, no places and no links. Good for a calendar that others look into."),
    )
    is_own_only = forms.BooleanField(
        required=False,
        label=_("Only what I hold myself"),
        help_text=_("Otherwise everything that stands on your calendar page."),
    )

    def __init__(self, *posted: Any, runs_others: bool, **known: Any) -> None:
        super().__init__(*posted, **known)
        if not runs_others:
            del self.fields["is_own_only"]
