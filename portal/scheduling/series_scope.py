"""This date, this and those that follow, or all that are still to come: a question of every form about a date of a series."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.scheduling.actions.series_changes import Scope, affected_by
from core.scheduling.models import Appointment


class ScopeField(forms.ChoiceField):
    """Which dates; whoever sends none (a dragged appointment) means the one."""

    def clean(self, value: Any) -> str:
        return str(super().clean(value or Scope.ONE.value))


def add_scope(form: forms.BaseForm, appointment: Appointment, *, asked: str, exceptions: bool = True) -> None:
    """Ask for which dates it shall hold; nothing where it is of no series, or where this date is over."""
    if appointment.series_id is None or not appointment.is_booked:
        return
    now = clock.now()
    following, everything = (affected_by(appointment, scope, now=now) for scope in (Scope.FOLLOWING, Scope.ALL))
    choices = [(Scope.ONE.value, _("This date only"))]
    if len(following) > 1:
        choices.append(
            (Scope.FOLLOWING.value, _("This and all that follow: %(number)s dates") % {"number": len(following)})
        )
    if everything:
        choices.append(
            (Scope.ALL.value, _("All that are still to come: %(number)s dates") % {"number": len(everything)})
        )
    form.fields["scope"] = ScopeField(
        label=gettext_lazy("For which dates?"),
        choices=choices,
        widget=forms.RadioSelect,
        initial=asked if asked in dict(choices) else Scope.ONE.value,
        help_text=gettext_lazy("What has been stays as it is."),
    )
    if exceptions and any(each.is_exception for each in everything if each.pk != appointment.pk):
        form.fields["with_exceptions"] = forms.BooleanField(
            label=gettext_lazy("Also those that were moved on their own"), required=False
        )
    form.order_fields(["scope", "with_exceptions", *form.fields])


def scope_of(values: dict[str, Any]) -> str:
    """Which dates were chosen. For a valid form."""
    return values.get("scope") or Scope.ONE.value
