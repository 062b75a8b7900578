"""Forms about scores."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.people import queries
from core.people.models import User
from core.records.models import LABEL, SCORE_REMARK, Score, ScoreText
from core.records.permissions import clients_with_records
from core.records.rules.scores import Scale
from core.scheduling.models import Appointment
from portal.person_choices import About, Source, describe_client, own_and_recent, register, with_practitioners
from portal.person_fields import PersonField
from themes.formats import moment


def _to_score(user: User, about: About) -> Any:
    """Whose records this person keeps."""
    return clients_with_records(user).filter(archived_at=None)


CLIENTS_TO_SCORE = register(
    Source("scored", _to_score, queries.in_client, describe_client, with_practitioners, own_and_recent)
)


class ScoreForm(forms.Form):
    """What was reached, on which day, and a note."""

    value = forms.DecimalField(label=gettext_lazy("Reached"), max_digits=12, decimal_places=3)
    scale = forms.ChoiceField(label=gettext_lazy("Counted in"), choices=Score.Scale.choices)
    maximum = forms.DecimalField(
        label=gettext_lazy("Maximum"), required=False, max_digits=12, decimal_places=3,
        help_text=gettext_lazy("Where points are counted out of one."),
    )  # fmt: skip
    label = forms.CharField(
        label=gettext_lazy("In a word"), max_length=LABEL, required=False,
        help_text=gettext_lazy("Like: with help, first try."),
    )  # fmt: skip
    remark = forms.CharField(
        label=gettext_lazy("Note"), max_length=SCORE_REMARK, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    on = forms.DateField(label=gettext_lazy("On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def text(self) -> ScoreText:
        """What the action writes."""
        values = self.cleaned_data
        return ScoreText(Scale(values["scale"]), values["value"], values["maximum"], values["label"], values["remark"])


class NewScoreForm(ScoreForm):
    """The same, with the appointment in which it was."""

    appointment = forms.ChoiceField(required=False)

    def __init__(self, *posted: Any, appointments: Sequence[Appointment], zone: Any, **more: Any) -> None:
        super().__init__(*posted, **more)
        self.appointments = {str(each.pk): each for each in appointments}
        self.fields["appointment"].label = _("In which %(appointment)s")
        self.fields["appointment"].choices = [  # type: ignore[attr-defined]
            ("", _("In none")),
            *((key, f"{moment(each.starts_at.astimezone(zone))} · {each.what}") for key, each in self.appointments.items()),
        ]  # fmt: skip

    def chosen_appointment(self) -> Appointment | None:
        return self.appointments.get(self.cleaned_data["appointment"])


class ScoreForClientForm(ScoreForm):
    """The same, for a client who is chosen with it."""

    client = PersonField(CLIENTS_TO_SCORE)
    field_order = ("client",)

    def __init__(self, *posted: Any, user: User, **more: Any) -> None:
        super().__init__(*posted, **more)
        self.fields["client"].label = _("For which %(client)s")
        self.fields["client"].offer(user)  # type: ignore[attr-defined]
