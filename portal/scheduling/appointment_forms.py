"""Forms about what an appointment is: a new one, and one that is there already."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.people.models import Client, StaffMember
from core.scheduling.actions.edit import MONEY, ServiceChosen
from core.scheduling.models import Appointment, BookableResource
from core.scheduling.rules import group_size
from portal.person_fields import PeopleField, PersonField, PersonSelect, offer
from portal.scheduling.choices import BOOKABLE, SCHEDULES, why_nobody
from portal.scheduling.forms import TimeForm, override_field
from portal.scheduling.service_choices import ServiceChoice

KEPT = "kept"  # the choice of a service that is not offered any more


class FactsForm(forms.Form):
    """Who, what and where."""

    advised = group_size.ADVISED  # people, before the form warns
    practitioner = PersonField(SCHEDULES, label=_("%(Practitioner)s"))
    clients = PeopleField(BOOKABLE)
    service = forms.ChoiceField(label=_("%(Service)s"))
    service_name = forms.CharField(label=_("What is it?"), max_length=120)
    mode = forms.ChoiceField(label=_("Where"), choices=Appointment.Mode.choices, initial=Appointment.Mode.ONLINE)
    resources = forms.ModelMultipleChoiceField(
        BookableResource.objects.filter(is_active=True),
        label=_("Rooms and equipment"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    location = forms.CharField(label=_("Place"), max_length=200, required=False)
    note = forms.CharField(
        label=_("Note for everybody who takes part"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    large_group = forms.BooleanField(label=_("Yes, book this large %(group)s"), required=False)

    def __init__(
        self,
        *args: Any,
        user: Any,
        schedules: list[StaffMember],
        services: list[ServiceChoice],
        words: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.services = {str(service.id): service for service in services}
        self.user = user
        self._people(user, schedules, words)
        if not self.fields["resources"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["resources"]
        self.fields["service"].choices = [
            ("", _("Choose…")),
            *((key, str(s.own_name)) for key, s in self.services.items()),
        ]  # type: ignore[attr-defined]
        if len(services) == 1:
            self.fields["service"].initial = str(services[0].id)
        del self.fields["service_name" if services else "service"]
        self._let_groups_wait(services)
        chosen = len(self.data.getlist("clients")) if self.is_bound else 0
        if chosen < group_size.CONFIRM_FROM and not self.data.get("large_group"):
            self.fields["large_group"].widget = forms.HiddenInput()

    def _let_groups_wait(self, services: list[ServiceChoice]) -> None:
        """Nobody need be in what people join themselves."""
        key = self.data.get("service") if self.is_bound else None
        self.fields["clients"].required = not self._is_for_groups(key or self.initial.get("service"))
        names = [str(each.own_name) for each in services if each.is_for_groups]
        if names:
            said = gettext("Nobody need be in it yet: %(names)s. People join it.") % {"names": ", ".join(names)}
            self.fields["clients"].help_text = said

    def _is_for_groups(self, key: Any) -> bool:
        """Whether people join it, by the service that was chosen."""
        service = self.services.get(str(key or ""))
        return service is not None and service.is_for_groups

    def _people(self, user: Any, schedules: list[StaffMember], words: Any) -> None:
        practitioner, clients = self.fields["practitioner"], self.fields["clients"]
        offer(self, "practitioner", user)
        offer(self, "clients", user, practitioner=self["practitioner"].value())
        practitioner.label = words.get("practitioner").capitalize()
        clients.label = words.get("client", plural=True).capitalize()
        active = [person for person in schedules if person.is_active]
        if len(active) == 1:
            practitioner.initial = active[0].pk
            practitioner.widget = forms.HiddenInput()

    @property
    def nobody_to_book(self) -> str:
        """Why the list of clients is empty, and what to do about it; nothing when it is not."""
        return "" if self.fields["clients"].offered.rows.exists() else why_nobody(self.user)  # type: ignore[attr-defined]


class BookingForm(FactsForm, TimeForm):
    """Everything about a new appointment."""

    field_order = ("practitioner", "clients", "service", "service_name", "date", "time", "minutes", "time_zone")

    def __init__(self, *args: Any, services: list[ServiceChoice], **kwargs: Any) -> None:
        super().__init__(*args, services=services, **kwargs)
        self.fields["minutes"].required = not services

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        service = self.services.get(values.get("service", ""))
        if service is not None and not values.get("minutes"):
            values["minutes"] = service.minutes
        return values

    def facts(self) -> dict[str, Any]:
        """What the booking action takes. For a valid form."""
        values, starts_at = self.cleaned_data, self.moment.instant
        service = self.services.get(values.get("service", ""))
        return {
            "practitioner": values["practitioner"],
            "clients": list(values["clients"]),
            "starts_at": starts_at,
            "ends_at": starts_at + self.length,
            "time_zone": values["time_zone"],
            "service_id": service.id if service else None,
            "service_name": service.own_name.text if service else values["service_name"],
            "other_service_names": service.own_name.others if service else {},
            "mode": values["mode"],
            "location": values["location"],
            "note": values["note"],
            "is_open_group": self._is_for_groups(values.get("service")),
            "resources": list(values.get("resources", ())),
            "large_group_confirmed": values["large_group"],
            "override_reason": values["override_reason"],
        }


class EditForm(FactsForm):
    """What can be another thing about an appointment, all of it or one part; and whether people are told."""

    PARTS = {  # noqa: RUF012
        "people": ("practitioner", "clients"),
        "service": ("service", "service_name", "note"),
        "where": ("mode", "resources", "location"),
    }
    override_reason = override_field()
    reason = forms.CharField(
        label=_("Why"), max_length=500, required=False, help_text=_("For colleagues only; it stands in the history.")
    )
    tell = forms.BooleanField(
        label=_("Tell them"), required=False, initial=True,
        help_text=_("By mail and notice, whomever it concerns: who comes in, who is taken out, and what is new for the others."),
    )  # fmt: skip

    def __init__(self, *args: Any, appointment: Appointment, part: str = "", **kwargs: Any) -> None:
        self.appointment = appointment
        super().__init__(*args, initial=self._facts(kwargs["services"]), **kwargs)
        self._offer_present(appointment)
        asked = set(self.PARTS.get(part, ())) or set(self.fields)
        if not appointment.is_booked:
            asked -= {*MONEY, "service_name"}
            del self.fields["tell"]
        for name in set(self.fields) - asked - {"reason", "tell", "large_group", "override_reason"}:
            del self.fields[name]
        if "clients" not in self.fields:
            del self.fields["large_group"]
        if "practitioner" not in self.fields:
            del self.fields["override_reason"]

    def _facts(self, services: list[ServiceChoice]) -> dict[str, Any]:
        appointment = self.appointment
        return {
            "practitioner": appointment.practitioner_id,
            "clients": [place.client_id for place in appointment.attending],
            "service": self._service_key(services),
            "service_name": appointment.service_name,
            "mode": appointment.mode,
            "location": appointment.location,
            "resources": [resource.pk for resource in appointment.resources],
            "note": appointment.note,
        }

    def _service_key(self, services: list[ServiceChoice]) -> str:
        is_offered = any(service.id == self.appointment.service_id for service in services)
        return str(self.appointment.service_id) if is_offered else KEPT

    def _offer_present(self, appointment: Appointment) -> None:
        """What stands there can stay, also where nobody would be offered it anew."""
        if "service" in self.fields:
            service = self.fields["service"]
            service.choices = [choice for choice in service.choices if choice[0]]  # type: ignore[attr-defined]
            if self.initial["service"] == KEPT:
                service.choices = [(KEPT, appointment.what), *service.choices]  # type: ignore[attr-defined]
        if "resources" in self.fields:
            taken = BookableResource.objects.filter(Q(is_active=True) | Q(reservations__appointment=appointment))
            self.fields["resources"].queryset = taken.distinct()  # type: ignore[attr-defined]
        practitioner = self.fields["practitioner"]
        if isinstance(practitioner.widget, forms.HiddenInput):
            practitioner.initial = appointment.practitioner_id
        elif isinstance(practitioner.widget, PersonSelect):
            offered = [choice for choice in practitioner.choices if choice[0]]  # type: ignore[attr-defined]
            if str(appointment.practitioner_id) not in {key for key, _label in offered}:
                offered.insert(0, (str(appointment.practitioner_id), str(appointment.practitioner)))
            practitioner.choices = offered  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What the action takes; what is not on the form is not in it. For a valid form."""
        values = self.cleaned_data
        found = {
            name: values[name]
            for name in ("practitioner", "mode", "location", "note", "reason", "override_reason")
            if name in values
        }
        if "clients" in values:
            found |= {"clients": self._clients(values["clients"]), "large_group_confirmed": values["large_group"]}
        if "resources" in values:
            found["resources"] = list(values["resources"])
        if "service" in self.fields and values["service"] != self.initial["service"]:
            service = self.services[values["service"]]
            own, is_for_groups = service.own_name, service.is_for_groups
            found["service"] = ServiceChosen(own.text, service.id, own.others, is_for_groups)
        if "service_name" in self.fields:
            name, now = values["service_name"], self.appointment
            others = now.other_service_names if name == now.service_name else {}
            found["service"] = ServiceChosen(name, now.service_id, others, now.is_open_group)
        return {**found, "tell": values.get("tell", False)}

    def _is_for_groups(self, key: Any) -> bool:
        return super()._is_for_groups(key) if key != self.initial["service"] else self.appointment.is_open_group

    def _clients(self, chosen: list[Any]) -> list[Client]:
        """Rows of those chosen; a field that was kept as others wrote it holds keys."""
        keys = [getattr(each, "pk", each) for each in chosen]
        return list(Client.objects.filter(pk__in=keys))
