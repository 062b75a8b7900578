"""What those who ask for an appointment or wait for one want: for whom, with whom, what, and where."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.people.models import Client, StaffMember
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.models import Appointment
from portal.scheduling.service_choices import ServiceChoice

UNNAMED_MINUTES = 50  # where the organization has no services


class WantedServiceForm(forms.Form):
    """One of the services, or words where the organization has none; and where."""

    service = forms.ChoiceField(label=_("%(Service)s"))
    service_name = forms.CharField(label=_("What is it?"), max_length=120)
    mode = forms.ChoiceField(label=_("Where"), choices=Appointment.Mode.choices, initial=Appointment.Mode.ONLINE)

    def __init__(self, *args: Any, services: Sequence[ServiceChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered_services = {str(service.id): service for service in services}
        self.fields["service"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Choose…")),
            *((key, f"{each.own_name} · {_minutes(each.minutes)}") for key, each in self.offered_services.items()),
        ]
        if len(self.offered_services) == 1:
            self.fields["service"].initial = next(iter(self.offered_services))
        del self.fields["service_name" if services else "service"]

    def chosen_service(self) -> tuple[ServiceChosen, int]:
        """It, and the minutes that it takes. For a valid form."""
        service = self.offered_services.get(self.cleaned_data.get("service", ""))
        if service is None:
            return ServiceChosen(self.cleaned_data["service_name"]), UNNAMED_MINUTES
        return ServiceChosen(service.own_name.text, service.id, service.own_name.others), service.minutes


class WantedPeopleForm(forms.Form):
    """For which of the clients of a login, and with whom."""

    client = forms.ChoiceField(label=_("For whom?"))
    practitioner = forms.ChoiceField(label=_("With whom?"), required=False)

    def __init__(
        self, *args: Any, clients: Sequence[Client], practitioners: Sequence[StaffMember], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered_clients = {str(client.pk): client for client in clients}
        self.offered_people = {str(person.pk): person for person in practitioners}
        self.fields["client"].choices = [(key, client.name) for key, client in self.offered_clients.items()]  # type: ignore[attr-defined]
        if len(self.offered_clients) == 1:
            self.fields["client"].initial = next(iter(self.offered_clients))
            self.fields["client"].widget = forms.HiddenInput()
        self.fields["practitioner"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Anybody")),
            *((key, str(person)) for key, person in self.offered_people.items()),
        ]

    def chosen_client(self) -> Client:
        """For a valid form."""
        return self.offered_clients[self.cleaned_data["client"]]

    def chosen_practitioner(self) -> StaffMember | None:
        """None: anybody. For a valid form."""
        return self.offered_people.get(self.cleaned_data["practitioner"])


def _minutes(minutes: int) -> str:
    return gettext("%(minutes)s minutes") % {"minutes": minutes}
