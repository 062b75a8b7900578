"""The forms behind a link in a mail or text message. Each carries the time that was shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.scheduling.actions.answers import LATE_MINUTES, LONGEST_WISH
from core.scheduling.models import Participant


class AnswerForm(forms.Form):
    """The time that was shown with it."""

    starts_at = forms.CharField(widget=forms.HiddenInput())

    def clean_starts_at(self) -> datetime:
        try:
            found = parse_datetime(self.cleaned_data["starts_at"])
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise forms.ValidationError(gettext("Open the link once more."))
        return found


class ConfirmForm(AnswerForm):
    """Nothing but a button."""


class LateForm(AnswerForm):
    """By how much."""

    minutes = forms.TypedChoiceField(
        label=_("About how late?"),
        coerce=int,
        choices=[(minutes, minutes) for minutes in LATE_MINUTES],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].choices = [  # type: ignore[attr-defined]
            (minutes, gettext("%(minutes)s minutes") % {"minutes": minutes}) for minutes in LATE_MINUTES
        ]
        self.fields["minutes"].initial = 10


class WishForm(AnswerForm):
    """When it would suit them."""

    wish = forms.CharField(
        label=_("When would it suit you?"),
        max_length=LONGEST_WISH,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Name days and hours. Whoever runs it reads this and decides."),
    )


class CancelForm(AnswerForm):
    """For whom, and why; with what it meant when it was shown."""

    level = forms.IntegerField(widget=forms.HiddenInput())
    participant = forms.ChoiceField(label=_("For whom"), widget=forms.RadioSelect())
    reason = forms.CharField(label=_("Why? They read it."), max_length=500, required=False)

    def __init__(self, *args: Any, places: Sequence[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(place.pk): place for place in places}
        if len(self.places) <= 1:
            del self.fields["participant"]
        else:
            self.fields["participant"].choices = [(key, place.client.name) for key, place in self.places.items()]  # type: ignore[attr-defined]

    def place(self) -> Participant:
        """Whose place is given up. For a valid form."""
        return self.places[self.cleaned_data.get("participant") or next(iter(self.places))]
