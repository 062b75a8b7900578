"""Forms about goals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.records.models import GOAL, MEASURE, REMARK, UNIT, Goal, GoalText


class GoalForm(forms.Form):
    """What is to be reached, how one sees it, by which steps."""

    title = forms.CharField(label=_("What is to be reached"), max_length=GOAL)
    measure = forms.CharField(
        label=_("How you see that it is reached"),
        max_length=MEASURE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    start = forms.DecimalField(label=_("From"), required=False, max_digits=12, decimal_places=3)
    target = forms.DecimalField(
        label=_("To"), required=False, max_digits=12, decimal_places=3,
        help_text=_("Where it can be counted: both numbers stand in the chart."),
    )  # fmt: skip
    unit = forms.CharField(
        label=_("Counted in"), max_length=UNIT, required=False, help_text=_("Like: minutes, words, points out of ten.")
    )
    steps = forms.CharField(
        label=_("Steps"), required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("One on each line.")
    )

    def text(self) -> GoalText:
        values = self.cleaned_data
        return GoalText(values["title"], values["measure"], values["unit"], values["start"], values["target"])

    def lines(self) -> list[str]:
        return self.cleaned_data["steps"].splitlines()


class ChangeGoalForm(GoalForm):
    """The same of one that is there, with what has become of it."""

    status = forms.ChoiceField(label=_("How it stands"), choices=Goal.Status.choices)


class ProgressForm(forms.Form):
    """How far it has come."""

    on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    value = forms.DecimalField(label=_("Value"), required=False, max_digits=12, decimal_places=3)
    remark = forms.CharField(
        label=_("Remark"), max_length=REMARK, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *posted: Any, unit: str = "", **more: Any) -> None:
        super().__init__(*posted, **more)
        if unit:
            self.fields["value"].help_text = unit
