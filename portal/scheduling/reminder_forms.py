"""The forms about reminders: how long before, in whose word, and when they wait."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.people.models import Client
from core.scheduling.models import ReminderPreference
from core.scheduling.rules.reminders import OFFERED
from core.scheduling.time_formats import lead_label
from portal.scheduling.forms import ClockInput

AS_SAID, OWN = "as_said", "own"


class LeadsField(forms.TypedMultipleChoiceField):
    """Some of the offered times; none ticked means no reminder."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            coerce=int, required=False, widget=forms.CheckboxSelectMultiple(), empty_value=[], choices=[], **kwargs
        )

    def offer(self) -> None:
        """In the language in force."""
        self.choices = [(minutes, lead_label(minutes)) for minutes in OFFERED]


class RemindersForm(forms.Form):
    """The organization's word."""

    minutes = LeadsField(label=_("Remind %(clients)s"), help_text=_("Nothing ticked: no reminder. At most four."))
    schedule_minutes = LeadsField(
        label=_("Remind whoever runs it"), help_text=_("A day before or more: one mail with the whole day.")
    )
    quiet_begins = forms.TimeField(label=_("Quiet from"), widget=ClockInput(), required=False)
    quiet_ends = forms.TimeField(
        label=_("until"),
        widget=ClockInput(),
        required=False,
        help_text=_("By the clock of whoever reads it. Reminders wait, unless it would be too late then."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("minutes", "schedule_minutes"):
            self.fields[name].offer()  # type: ignore[attr-defined]


class ServiceRemindersForm(forms.Form):
    """A service's own word, or that of the organization."""

    whose = forms.ChoiceField(label=_("Reminders"), widget=forms.RadioSelect())
    minutes = LeadsField(label=_("Of its own"), help_text=_("Nothing ticked: no reminder. At most four."))

    def __init__(self, *args: Any, said: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].offer()  # type: ignore[attr-defined]
        self.fields["whose"].choices = [  # type: ignore[attr-defined]
            (AS_SAID, gettext("As everywhere: %(said)s") % {"said": said}),
            (OWN, gettext("Of its own")),
        ]

    def own(self) -> list[int] | None:
        """What the service says; None for nothing. For a valid form."""
        return self.cleaned_data["minutes"] if self.cleaned_data["whose"] == OWN else None


class OwnRemindersForm(forms.Form):
    """A login's own word: for all its people, for single ones, for its own schedule; and its quiet hours."""

    quiet = forms.ChoiceField(label=_("Quiet hours"), widget=forms.RadioSelect())
    quiet_begins = forms.TimeField(label=_("Quiet from"), widget=ClockInput(), required=False)
    quiet_ends = forms.TimeField(label=_("until"), widget=ClockInput(), required=False)

    def __init__(
        self, *args: Any, clients: Sequence[Client], runs: bool, said: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.clients, self.runs = list(clients), runs
        self.fields["quiet"].choices = [  # type: ignore[attr-defined]
            (ReminderPreference.Quiet.ORGANIZATION, said["quiet"]),
            (ReminderPreference.Quiet.NONE, gettext("None: at any time")),
            (ReminderPreference.Quiet.OWN, gettext("My own")),
        ]
        if clients:
            self._add("all", said["all"], gettext("Choose myself"))
        for client in self.single:
            self._add(str(client.pk), gettext("As above"), gettext("Otherwise for %(name)s") % {"name": client.name})
        if runs:
            self._add("schedule", said["schedule"], gettext("Choose myself"))

    @property
    def single(self) -> list[Client]:
        """The people for whom something else can be said, where there are several."""
        return self.clients if len(self.clients) > 1 else []

    def _add(self, name: str, as_said: str, own: str) -> None:
        self.fields[f"whose_{name}"] = forms.ChoiceField(
            label=_("Reminders"), widget=forms.RadioSelect(), choices=[(AS_SAID, as_said), (OWN, own)]
        )
        field = LeadsField(label=_("How long before"), help_text=_("Nothing ticked: no reminder. At most four."))
        field.offer()
        self.fields[f"minutes_{name}"] = field

    def pair(self, name: str) -> list[forms.BoundField]:
        return [self[f"whose_{name}"], self[f"minutes_{name}"]]

    @property
    def for_all(self) -> list[forms.BoundField]:
        return self.pair("all") if self.clients else []

    @property
    def for_single(self) -> list[tuple[Client, list[forms.BoundField]]]:
        return [(client, self.pair(str(client.pk))) for client in self.single]

    @property
    def for_schedule(self) -> list[forms.BoundField]:
        return self.pair("schedule") if self.runs else []

    def own(self, name: str) -> list[int] | None:
        """What was said; None for nothing. For a valid form."""
        if self.cleaned_data.get(f"whose_{name}") != OWN:
            return None
        chosen: list[int] = self.cleaned_data[f"minutes_{name}"]
        return chosen
