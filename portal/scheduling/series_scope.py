"""This date, this and those that follow, or all that are still to come: a question of every form about a date of a series."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.kernel import clock
from core.people.models import User
from core.scheduling.actions.series_scope import Scope, affected_by
from core.scheduling.models import Appointment
from core.scheduling.permissions import can_run_schedule


class ScopeField(forms.ChoiceField):
    """Which dates; whoever sends none (a dragged appointment) means the one."""

    def clean(self, value: Any) -> str:
        return str(super().clean(value or Scope.ONE.value))


def add_scope(
    form: forms.BaseForm, appointment: Appointment, *, asked: str, user: User, exceptions: bool = True
) -> None:
    """Ask for which dates it shall hold; nothing where it is of no series that `user` runs, or where this date is over."""
    series = appointment.series
    if series is None or not appointment.is_booked or not can_run_schedule(user, series.practitioner):
        return
    now = clock.now()
    whole = affected_by(appointment, Scope.ALL, now=now)
    following, everything = (
        affected_by(appointment, scope, by=user, now=now) for scope in (Scope.FOLLOWING, Scope.ALL)
    )
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
        help_text=_help(others=len(whole) - len(everything)),
    )
    if exceptions and any(each.is_exception for each in everything if each.pk != appointment.pk):
        form.fields["with_exceptions"] = forms.BooleanField(
            label=gettext_lazy("Also those that were moved on their own"), required=False
        )
    form.order_fields(["scope", "with_exceptions", *form.fields])


def _help(*, others: int) -> str:
    said = [_("What has been stays as it is.")]
    if others:
        said.append(
            ngettext(
                "So does %(number)s date that was handed to somebody else.",
                "So do %(number)s dates that were handed to somebody else.",
                others,
            )
            % {"number": others}
        )
    return " ".join(said)


def scope_of(values: dict[str, Any]) -> str:
    """Which dates were chosen. For a valid form."""
    return values.get("scope") or Scope.ONE.value
