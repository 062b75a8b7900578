"""Forms of the settings of online booking."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Service
from core.booking.models import BookablePractitioner, BookableService, BookingSettings, IntakeQuestion
from core.people.models import StaffMember
from core.scheduling.models import Appointment, BookableResource
from portal.person_fields import PersonField, offer
from portal.scheduling.choices import SCHEDULES

_HOST = re.compile(r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9](:\d{2,5})?$")
RESERVED = ("held", "moves", "embed")
MOST_HOSTS, MOST_CHOICES = 10, 20


class LinesField(forms.CharField):
    """A list, written one a line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = (line.strip() for line in str(super().clean(value)).splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))


class SettingsForm(forms.ModelForm):
    """Who may book themselves, and when."""

    frame_hosts = LinesField(
        label=gettext_lazy("Web sites that may show your free times"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One host a line, such as www.example.com. Only where everybody may book."),
    )  # fmt: skip

    class Meta:
        model = BookingSettings
        fields = (
            "is_open", "audience", "first_visit", "notice_hours", "horizon_days", "step", "most_per_day", "phone", "newcomers_may_cancel",
            "frame_hosts",
        )  # fmt: skip
        labels = {  # noqa: RUF012
            "is_open": gettext_lazy("People can book online"),
            "audience": gettext_lazy("Who may book"),
            "first_visit": gettext_lazy("What can be booked for a first visit"),
            "notice_hours": gettext_lazy("Hours ahead, at least"),
            "horizon_days": gettext_lazy("Days ahead, at most"),
            "step": gettext_lazy("A time every … minutes"),
            "most_per_day": gettext_lazy("For one person and day, at most"),
            "phone": gettext_lazy("Telephone number of new people"),
            "newcomers_may_cancel": gettext_lazy("Who comes by themselves may also cancel"),
        }
        help_texts = {  # noqa: RUF012
            "newcomers_may_cancel": gettext_lazy("As far as your rules about cancelling let people do so at all."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notice_hours"] = _number(self.fields["notice_hours"], 0, 24 * 30)
        self.fields["horizon_days"] = _number(self.fields["horizon_days"], 1, 365)
        self.fields["most_per_day"] = _number(self.fields["most_per_day"], 1, 20)

    def clean_frame_hosts(self) -> list[str]:
        lines = [line.lower() for line in self.cleaned_data["frame_hosts"]]
        hosts = list(dict.fromkeys(line.removeprefix("https://").rstrip("/") for line in lines))
        wrong = [host for host in hosts if not _HOST.match(host)]
        if wrong:
            raise forms.ValidationError(
                _("This is no host: %(host)s. Write it like www.example.com.") % {"host": wrong[0]}
            )
        if len(hosts) > MOST_HOSTS:
            raise forms.ValidationError(_("At most %(most)s hosts.") % {"most": MOST_HOSTS})
        return hosts


class SlugField(forms.SlugField):
    """The last part of an address."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Address"), max_length=60,
            help_text=gettext_lazy("The end of the web address. Links that you have given away stop working when you change it."),
        )  # fmt: skip

    def clean(self, value: Any) -> str:
        slug = str(super().clean(value)).lower()
        if slug in RESERVED:
            raise forms.ValidationError(_("This address is in use already."))
        return slug


class ServiceForm(forms.Form):
    """How a service can be booked."""

    slug = SlugField()
    modes = forms.MultipleChoiceField(
        label=gettext_lazy("How it takes place"), choices=Appointment.Mode.choices, widget=forms.CheckboxSelectMultiple
    )
    location = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    resources = forms.ModelMultipleChoiceField(
        BookableResource.objects.none(), label=gettext_lazy("Rooms and equipment that it takes"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("Only times at which all of them are free are offered."),
    )  # fmt: skip
    places = forms.IntegerField(
        label=gettext_lazy("Number of places"), required=False, min_value=2,
        help_text=gettext_lazy(
            "Empty: one person books a free hour. With a number: people take a place in the %(appointments)s of this %(service)s that stand "
            "in your calendar, as long as one is left."
        ),
    )  # fmt: skip
    is_for_first_visit = forms.BooleanField(label=gettext_lazy("Suits a first visit"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        resources = BookableResource.objects.filter(is_active=True)
        self.fields["resources"].queryset = resources  # type: ignore[attr-defined]
        if not resources.exists():
            del self.fields["resources"]

    def row(self, row: BookableService) -> BookableService:
        """The row with what was chosen. For a valid form."""
        for name in ("slug", "modes", "location", "places", "is_for_first_visit"):
            setattr(row, name, self.cleaned_data[name])
        return row


class NewServiceForm(ServiceForm):
    """A service that could not be booked until now."""

    service = forms.ModelChoiceField(Service.objects.none(), label=gettext_lazy("%(Service)s"), empty_label=None)
    field_order = ("service", "slug", "modes", "location", "places", "resources", "is_for_first_visit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = BookableService.objects.values("service_id")
        self.fields["service"].queryset = Service.objects.filter(is_active=True).exclude(pk__in=known)  # type: ignore[attr-defined]
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Left empty: made from the name.")

    def row(self, row: BookableService) -> BookableService:
        row = super().row(row)
        service = self.cleaned_data["service"]
        row.service_id = service.pk
        row.slug = row.slug or free_slug(service.name)
        return row


class PractitionerForm(forms.Form):
    """For what people can book with somebody."""

    slug = SlugField()
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(), label=gettext_lazy("For what"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing ticked: everything that can be booked online."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        online = Service.objects.filter(pk__in=BookableService.objects.values("service_id"), is_active=True)
        self.fields["services"].queryset = online  # type: ignore[attr-defined]

    def row(self, row: BookablePractitioner) -> BookablePractitioner:
        """The row with what was chosen. For a valid form."""
        row.slug = self.cleaned_data["slug"]
        row.service_ids = [service.pk for service in self.cleaned_data["services"]]
        return row


class NewPractitionerForm(PractitionerForm):
    """Somebody with whom people could not book until now."""

    field_order = ("practitioner", "slug", "services")

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practitioner"] = PersonField(SCHEDULES, label=_("%(Practitioner)s"))
        offer(self, "practitioner", by)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Left empty: made from the name.")
        self.order_fields(self.field_order)

    def row(self, row: BookablePractitioner) -> BookablePractitioner:
        row = super().row(row)
        person: StaffMember = self.cleaned_data["practitioner"]
        row.practitioner = person
        row.slug = row.slug or free_slug(str(person))
        return row


class QuestionForm(forms.ModelForm):
    """One question asked at booking."""

    choices = LinesField(
        label=gettext_lazy("Answers to choose from"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line; only for a question of that kind."),
    )  # fmt: skip

    class Meta:
        model = IntakeQuestion
        fields = ("question", "kind", "choices", "is_required", "is_for_first_visit", "position")
        labels = {  # noqa: RUF012
            "question": gettext_lazy("Question"),
            "kind": gettext_lazy("How it is answered"),
            "is_required": gettext_lazy("Must be answered"),
            "is_for_first_visit": gettext_lazy("Only for a first visit"),
            "position": gettext_lazy("Place in the order"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"] = _number(self.fields["position"], 0, 99)

    def clean_choices(self) -> list[str]:
        return list(dict.fromkeys(line[:100] for line in self.cleaned_data["choices"]))[:MOST_CHOICES]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_choice = values.get("kind") == IntakeQuestion.Kind.CHOICE
        if is_choice and len(values.get("choices") or ()) < 2:
            self.add_error("choices", _("Write at least two answers, one a line."))
        elif not is_choice:
            values["choices"] = []
        return values


def free_slug(name: str) -> str:
    """An address made from a name, that nobody has."""
    plain = slugify(name)[:60].strip("-") or "booking"
    taken = {*RESERVED, *_slugs(BookableService), *_slugs(BookablePractitioner)}
    number = 1
    slug = plain
    while slug in taken:
        number += 1
        slug = f"{plain[:56]}-{number}"
    return slug


def _slugs(model: Any) -> Sequence[str]:
    return list(model.objects.values_list("slug", flat=True))


def _number(field: Any, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=field.label, min_value=least, max_value=most, help_text=field.help_text)
