"""What a pair is looked for: a client, or whose schedule is to be filled; for what, how long, and where."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.booking.pairing_queries import Wish
from core.kernel import clock
from core.people.models import User
from core.scheduling.models import Appointment
from portal.person_choices import key_of
from portal.person_fields import PersonField, PersonSelect, offer
from portal.scheduling.choices import BOOKABLE, SCHEDULES
from portal.scheduling.service_choices import service_choices

USUAL = 50  # minutes


class PairingForm(forms.Form):
    """Above the pairs. With a client their practitioners are looked for; with a practitioner alone, clients who are with nobody."""

    client = PersonField(BOOKABLE, required=False, empty_label=_("Nobody in particular"), label=_("%(Client)s"))
    schedule = PersonField(SCHEDULES, required=False, empty_label=_("Everybody"), label=_("%(Practitioner)s"))
    service = forms.ChoiceField(required=False, label=_("%(Service)s"))
    minutes = forms.IntegerField(required=False, label=_("Minutes"), min_value=5, max_value=24 * 60)
    mode = forms.ChoiceField(label=_("Where"), choices=Appointment.Mode.choices)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "client", user)
        offer(self, "schedule", user)
        self.services = {str(each.id): each for each in service_choices()}
        choices = [(key, str(each.own_name)) for key, each in self.services.items()]
        self.fields["service"].choices = [("", _("Any")), *choices]  # type: ignore[attr-defined]

    @property
    def has_search(self) -> bool:
        """Whether somebody is found by a search, and not in a short list."""
        return any(not isinstance(self.fields[name].widget, PersonSelect) for name in ("client", "schedule"))

    @property
    def minutes_wanted(self) -> int:
        """As typed, else as long as the service takes. For a valid form."""
        service = self.services.get(self.cleaned_data["service"])
        return self.cleaned_data["minutes"] or (service.minutes if service else USUAL)

    def wish(self) -> Wish:
        """For a valid form."""
        values = self.cleaned_data
        return Wish(self.minutes_wanted, clock.now(), values["mode"], key_of(values["service"]))
