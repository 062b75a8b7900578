"""Forms about reminders of what is overdue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.reminders.actions.holding import LATEST_DAY
from billing.reminders.models import ReminderHold, ReminderSettings
from portal.billing.forms import DateField


class ReminderSettingsForm(forms.Form):
    """Whether reminders leave by themselves, and when."""

    is_on = forms.BooleanField(required=False, label=_("Remind %(payers)s of what is overdue"))
    first_days = forms.IntegerField(
        required=False, min_value=1, max_value=LATEST_DAY, label=_("First reminder, days after the due date")
    )
    second_days = forms.IntegerField(
        required=False, min_value=1, max_value=LATEST_DAY, label=_("Second reminder, days after the due date")
    )
    third_days = forms.IntegerField(
        required=False, min_value=1, max_value=LATEST_DAY, label=_("Last reminder, days after the due date"),
        help_text=_("Leave a field empty to leave that reminder out."),
    )  # fmt: skip

    def __init__(self, *args: Any, settings: ReminderSettings, **options: Any) -> None:
        names = ("is_on", "first_days", "second_days", "third_days")
        super().__init__(*args, initial={name: getattr(settings, name) for name in names}, **options)


class HoldForm(forms.Form):
    """Why, and until when, nobody is reminded."""

    kind = forms.ChoiceField(label=_("What was agreed"), choices=ReminderHold.Kind.choices, widget=forms.RadioSelect)
    until = DateField(label=_("Promised until"), required=False, help_text=_("Reminders go on after this day."))
    note = forms.CharField(
        max_length=200, label=_("Note"), help_text=_("For colleagues; the %(payer)s does not read it.")
    )


class ChosenPayersForm(forms.Form):
    """Which payers of those on the page are reminded."""

    payer = forms.MultipleChoiceField(
        label=_("Who is reminded"), error_messages={"required": _("Choose at least one.")}
    )

    def __init__(self, *args: Any, payers: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["payer"].choices = [(key, key) for key in payers]  # type: ignore[attr-defined]
