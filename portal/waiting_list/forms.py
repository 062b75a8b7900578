"""Forms of the waiting list. Days and hours are those of the client's wall."""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from babel.dates import get_day_names
from django import forms
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from branding.queries import locale_of
from core.kernel import clock
from core.scheduling.models import Appointment
from core.scheduling.time_formats import format_time_span
from core.waiting_list.actions.entries import LONGEST_NOTE
from core.waiting_list.rules.waiting_list import DAY
from portal.person_fields import PeopleField, PersonField, offer
from portal.scheduling.choices import BOOKABLE, SCHEDULES
from portal.scheduling.forms import ClockInput, DayInput, TimeForm
from portal.scheduling.service_choices import ServiceChoice
from portal.scheduling.wanted_forms import WantedPeopleForm, WantedServiceForm

USUAL = timedelta(days=60)


class EntryForm(WantedServiceForm):
    """For what, on which days and hours, and until when."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: every day."),
    )
    begins = forms.TimeField(label=_("Not before"), widget=ClockInput(), required=False)
    ends = forms.TimeField(label=_("Over by"), widget=ClockInput(), required=False)
    until_on = forms.DateField(label=_("Until which day?"), widget=DayInput())
    note = forms.CharField(
        label=_("Note"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, services: Sequence[ServiceChoice], **kwargs: Any) -> None:
        super().__init__(*args, services=services, **kwargs)
        names = [str(each.own_name) for each in services if each.is_for_groups]
        if names:
            said = gettext("At fixed times, with places for several people: %(names)s. A place is offered there.")
            self.fields["service"].help_text = said % {"names": ", ".join(names)}
        locale = locale_of(get_language() or "en")
        names = get_day_names("wide", locale=locale)
        order = [(locale.first_week_day + number) % 7 for number in range(7)]
        self.fields["weekdays"].choices = [(day, names[day]) for day in order]  # type: ignore[attr-defined]
        self.fields["until_on"].initial = (clock.now() + USUAL).date()

    def facts(self) -> dict[str, Any]:
        """What the action takes. For a valid form."""
        values, (service, minutes) = self.cleaned_data, self.chosen_service()
        return {
            "service": service,
            "minutes": minutes,
            "mode": values["mode"],
            "weekdays": values["weekdays"],
            "begins": _minute(values["begins"], 0),
            "ends": _minute(values["ends"], 0) or DAY,
            "until_on": values["until_on"],
            "note": values["note"],
        }


class AddForm(EntryForm):
    """By whoever runs a schedule."""

    client = PersonField(BOOKABLE)
    practitioners = PeopleField(SCHEDULES, label=_("%(Practitioners)s"), required=False, help_text=_("None: anybody."))

    def __init__(self, *args: Any, user: Any, words: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "client", user)
        offer(self, "practitioners", user)
        self.fields["client"].label = words.get("client").capitalize()


class JoinForm(WantedPeopleForm, EntryForm):
    """By a client's own login."""


class OfferForm(TimeForm):
    """A time that is offered by hand; its length is that of what they wait for."""

    practitioner = PersonField(SCHEDULES, label=_("%(Practitioner)s"))
    field_order = ("practitioner", "date", "time", "time_zone")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "practitioner", user)
        del self.fields["minutes"], self.fields["override_reason"]


class OfferPlaceForm(forms.Form):
    """A place in one of the groups that are ahead."""

    group = forms.ChoiceField(label=_("%(Group)s"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, groups: Sequence[Appointment], zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {str(group.pk): group for group in groups}
        language = get_language() or "en"
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            (key, _place(group, zone, language)) for key, group in self.groups.items()
        ]


class ButtonForm(forms.Form):
    """Nothing but a button."""


def _place(group: Any, zone: str, language: str) -> str:
    """“Thu 3 Dec, 10:00–11:30, with Tess (2 places left)”."""
    when = format_time_span(group.starts_at, group.ends_at, zone=zone, language=language)
    left = ngettext("%(number)s place left", "%(number)s places left", group.places_left) % {
        "number": group.places_left
    }
    with_whom = gettext("with %(name)s") % {"name": group.practitioner}
    return f"{when.short_day}, {when.hours}, {with_whom} ({left})"


def _minute(at: time | None, default: int) -> int:
    return at.hour * 60 + at.minute if at is not None else default
